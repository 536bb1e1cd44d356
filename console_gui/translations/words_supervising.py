"""Words of what supervisors have: giving away, and their figures: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # reassignment
    "reassign.title": ("Chuyển giao {incident}", "Reassign {incident}"),
    "reassign.what": ("Chuyển giao", "Reassign"),
    "reassign.incident": ("cả vụ việc", "the whole incident"),
    "reassign.leg": ("nhánh {service}", "the {service} leg"),
    "reassign.to": ("Cho", "To"),
    "reassign.kind": ("Theo", "By"),
    "reassign.dispatcher": ("điều phối viên", "dispatcher"),
    "reassign.station": ("đơn vị trú đóng", "station"),
    "reassign.unit": ("đơn vị", "unit"),
    "reassign.instead": ("thay cho", "in place of"),
    "reassign.reason": ("Lý do (bắt buộc)", "Reason (required)"),
    "reassign.do": ("Chuyển giao", "Reassign"),
    "reassign.cancel": ("Bỏ qua", "Cancel"),
    "reassign.none": ("không thay", "nobody"),
}
