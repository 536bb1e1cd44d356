"""Words for incidents that may be one and for a surge: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "same.title": ("Cùng một việc?", "The same event?"),
    "same.again": ("Người gọi lại?", "Called again?"),
    "same.keys": ("F4 gộp   Alt+K khác việc", "F4 fold   Alt+K not the same"),
    "same.undo": ("Đã gộp {incidents} vào đây   Alt+Z bỏ gộp", "{incidents} folded in   Alt+Z undo"),
    "same.folded": ("Đã gộp vào {incident}   Alt+Z bỏ gộp", "Folded into {incident}   Alt+Z undo"),
    "same.metres": ("cách {metres}", "{metres} away"),
    "same.at_once": ("cùng lúc", "at the same time"),
    "same.minutes": ("lệch {count} phút", "{count} min apart"),
    "same.type.same": ("cùng loại", "same type"),
    "same.type.family": ("loại gần nhau", "related type"),
    "same.type.other": ("khác loại", "another type"),
    "same.words": ("cùng từ: {words}", "same words: {words}"),
    "same.number": ("cùng số gọi", "same number"),
    "note.differs": ("Không phải cùng việc với {incident}", "Not the same event as {incident}"),
    "note.surge_on": ("Bật lời báo cao điểm. Lý do: {reason}", "Surge announcement on. Reason: {reason}"),
    "note.surge_longer": (
        "Kéo dài lời báo cao điểm. Lý do: {reason}",
        "Surge announcement prolonged. Reason: {reason}",
    ),
    "note.surge_off": (
        "Tắt lời báo cao điểm ({why}); {count} người đã bấm phím 1",
        "Surge announcement off ({why}); {count} callers pressed 1",
    ),
    "surge_off.asked": ("lý do: {reason}", "reason: {reason}"),
    "surge_off.time": ("hết giờ", "its time is over"),
    "surge_off.closed": ("vụ đã đóng", "the incident is closed"),
    "note.caller_noted": ("{call} bấm phím 1, gọi về vụ này: {how}", "{call} pressed 1, calls about this: {how}"),
    "noted.joined": ("đã gộp", "folded in"),
    "noted.of_it": ("đã ở trong vụ này", "was in it already"),
    "noted.far": ("đang ở nơi khác, chưa gộp", "is elsewhere, not folded"),
    "noted.unlike": ("đã được xác nhận là vụ khác, chưa gộp", "said to be another incident, not folded"),
    "noted.worked_on": ("vụ của người đó có người đang xử lý, chưa gộp", "somebody works on theirs, not folded"),
    "surge.band": (
        "CAO ĐIỂM {incident} · {noted} người bấm phím · còn {left}",
        "SURGE {incident} · {noted} pressed the key · {left} left",
    ),
    "surge.on": (
        "CAO ĐIỂM {what}: ai chờ {services} nghe lời báo",
        "SURGE {what}: who waits for {services} hears the announcement",
    ),
    "surge.counts": (
        "{told} người đã nghe, {noted} bấm phím 1, {joined} tự gộp   còn {left}",
        "{told} heard it, {noted} pressed 1, {joined} folded by themselves   {left} left",
    ),
    "surge.how": (
        "kéo dài: caodiem {incident} LÝ DO   tắt: caodiem- LÝ DO",
        "prolong: surge {incident} REASON   off: surge- REASON",
    ),
    "surge.proposed": (
        "Có vẻ cao điểm về {what}: {waiting} người chờ, {arrivals} cuộc trong một phút, {alike} cùng một việc",
        "Looks like a surge about {what}: {waiting} wait, {arrivals} calls within a minute, {alike} about one event",
    ),
    "surge.propose_how": ("bật lời báo: caodiem {incident} LÝ DO", "announce: surge {incident} REASON"),
    "alarm.surge_not_told": (
        "Tổng đài {subject} chưa nhận lệnh lời báo cao điểm",
        "Switch {subject} has not taken the surge announcement",
    ),
}
