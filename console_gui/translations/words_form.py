"""Words of the incident form and its parts: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # a line for each leg
    "strip.asked": ("hỏi {station}", "asking {station}"),
    "strip.filled": ("đủ", "enough"),
    "strip.measuring": ("đang đo…", "measuring…"),
    # fields that several people may change
    "field.changed": (
        "{who} vừa đổi thành “{value}”, lúc {at}; của bạn: “{mine}”.  Enter ghi đè, Esc bỏ",
        "{who} has changed it to “{value}” at {at}; yours: “{mine}”.  Enter overwrites, Esc drops yours",
    ),
    "field.was": ("{who} đổi lúc {at}; trước đó: “{was}”", "{who} changed it at {at}; before: “{was}”"),
    "field.restored": ("bản nháp gõ lúc {at} được khôi phục", "your draft of {at} is restored"),
    "field.cut": (
        "Dài quá: chỉ giữ {most} ký tự đầu, phần sau đã bỏ.",
        "Too long: the first {most} characters are kept, the rest was left out.",
    ),
    "field.plain": (
        "Đã bỏ xuống dòng, tab và ký tự lạ: ô này chỉ nhận chữ thường.",
        "Line breaks, tabs and control characters were left out: plain words only.",
    ),
    "field.priority": ("Mức ưu tiên là một số từ 1 đến 5.", "The priority is a number from 1 to 5."),
    "form.priority_hint": ("P1…5", "P1…5"),
    # who has called before
    "history.first": ("lần đầu số này gọi", "this number calls for the first time"),
    "history.counts": ("đã gọi {calls} lần, {incidents} vụ", "calls before: {calls}, incidents: {incidents}"),
    "history.empty": ("{text} ({count} không nội dung)", "{text} ({count} empty)"),
    "history.newest": ("gần nhất {what}", "newest {what}"),
    "history.part": ("chỉ mới trong ca", "of this shift only"),
    "history.unknown": ("chưa hỏi được số này từng gọi vì gì", "what this number called for is not known now"),
    "history.key": ("Alt+I xem", "Alt+I shows"),
    "panel.history": ("SỐ NÀY ĐÃ GỌI", "CALLED BEFORE"),
    "empty.history": ("Số này chưa gọi về vụ nào khác.", "This number has called about nothing else."),
    "column.at": ("lúc", "at"),
    "column.outcome": ("kết quả", "outcome"),
    # words that are not sent yet
    "unsaved.row": ("chưa ghi: {incident}  {field}: “{text}”", "not sent: {incident}  {field}: “{text}”"),
    "unsaved.more": ("+{count}", "+{count}"),
    "unsaved.back": ("Alt+Q quay lại", "Alt+Q goes back"),
    "unsaved.mark": ("chưa ghi", "not sent"),
    "unsaved.none": ("Không còn chữ nào chưa ghi.", "Nothing that you typed is unsent."),
    "unsaved.type": ("loại", "type"),
    "unsaved.place": ("địa chỉ", "place"),
    "unsaved.priority": ("ưu tiên", "priority"),
    "unsaved.note": ("ghi chú", "note"),
    "unsaved.other": ("nháp", "draft"),
    "line.about": ("{incident} >", "{incident} >"),
    "line.restored": ("dòng lệnh gõ lúc {at} được khôi phục", "your line of {at} is restored"),
    # the place
    "place.once": ("{ward}, cũ: {once}", "{ward}, once {once}"),
    "place.no_words": ("vị trí ghim trên bản đồ", "a place pinned on the map"),
    "place.no_words_in": ("ghim ở {ward}", "pinned in {ward}"),
    "place.copy": ("Toạ độ {place}; gõ toado để chép", "Coordinates {place}; type coords to copy them"),
    "place.copied": ("Đã chép toạ độ {place}", "Coordinates {place} copied"),
}
