"""About incidents: what they are, where, and whose."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "same_incident": ("Không gộp vụ việc vào chính nó được.", "An incident cannot be folded into itself."),
    "not_folded": ("Vụ việc {incident} không phải vụ đã gộp.", "Incident {incident} was not folded."),
    "unknown_incident": ("Không có vụ việc “{incident}”.", "There is no incident “{incident}”."),
    "incident_closed": ("Vụ việc {incident} đã đóng.", "Incident {incident} is closed."),
    "incident_owned": (
        "Vụ việc {incident} do {user} phụ trách; cần trưởng ca chuyển giao.",
        "Incident {incident} belongs to {user}; a supervisor may reassign it.",
    ),
    "still_live": (
        "Vụ việc {incident} còn cuộc gọi chưa kết thúc; kết thúc cuộc gọi trước khi đóng.",
        "Incident {incident} still has a live call; end the call before closing.",
    ),
    "unknown_type": ("Không có loại vụ việc “{type}”.", "There is no incident type “{type}”."),
    "not_past": (
        "Giờ ghi bù phải là giờ đã qua, không quá {days} ngày.",
        "What is entered afterwards must lie in the past, at most {days} days ago.",
    ),
    "bad_priority": ("Mức ưu tiên phải từ 1 đến 5.", "Priority goes from 1 to 5."),
    "place_changed": (
        "Vị trí vừa được đổi; hãy xem lại rồi nhập.",
        "The location has just been changed; look again, then enter it.",
    ),
    "bad_location": (
        "Toạ độ không hợp lệ: vĩ độ từ -90 đến 90, kinh độ từ -180 đến 180, cả hai hoặc không.",
        "The coordinates are not valid: latitude from -90 to 90, longitude from -180 to 180, both or none.",
    ),
    "no_place_to_rank": (
        "Vụ việc {incident} chưa có toạ độ hoặc chưa có nhánh nào mở; đặt địa chỉ trước (F3).",
        "Incident {incident} has no coordinates or no open leg yet; set its place first (F3).",
    ),
}
