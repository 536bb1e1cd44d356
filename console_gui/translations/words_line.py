"""Words of the command line and of the help sheet: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # command line
    "line.hint": ("Gõ lệnh, F1 xem tất cả", "Type a command, F1 shows all"),
    "line.keys": (
        "F1 phím   F2 gọi lại   F3 địa chỉ   F4 gộp   F5 trả lời   F6 loại   F7 ghi chú   F8 không nội dung   "
        "F9 trực, nghỉ   F10 gác máy   ⇧F2 nghe lại",
        "F1 keys   F2 call back   F3 place   F4 fold   F5 answer   F6 type   F7 note   F8 no content   F9 duty   "
        "F10 hang up   ⇧F2 recall",
    ),
    "line.keys_admin": ("F1 phím   F9 thêm bàn trực   F12 dòng lệnh", "F1 keys   F9 add a position   F12 command line"),
    "line.pending": ("Đã gửi, chờ xác nhận", "Sent, waiting for confirmation"),
    "line.looking": ("Đang tìm địa chỉ", "Looking the place up"),
    "line.refused": ("Không được", "Refused"),
    "line.full": (
        "Còn quá nhiều lệnh chưa được xác nhận; lệnh này chưa được gửi.",
        "Too many commands are unconfirmed; this one was not sent.",
    ),
    "line.long": (
        "Lệnh quá dài, chưa gửi: gửi các ghi chú đang gõ dở trước, hoặc bớt lời.",
        "The command is too long and was not sent: send the words in the making first, or use fewer.",
    ),
    "line.no_place_found": (
        "Không tìm thấy “{text}”: sửa lại, gõ toạ độ @ 10.77,106.69, hoặc @! để ghi nguyên lời.",
        "“{text}” was not found: correct it, type coordinates @ 10.77,106.69, or @! to keep the words.",
    ),
    # help
    "help.title": ("Phím và lệnh", "Keys and commands"),
    "help.calls": ("CUỘC GỌI", "CALLS"),
    "help.missed": ("CUỘC GỌI NHỠ", "MISSED CALLS"),
    "help.texts": ("TIN NHẮN", "MESSAGES"),
    "help.seat": ("BÀN TRỰC", "POSITION"),
    "help.leading": ("TRƯỞNG CA", "SUPERVISOR"),
    "help.incident": ("VỤ VIỆC", "INCIDENT"),
    "help.units": ("ĐƠN VỊ", "UNITS"),
    "help.recordings": ("GHI ÂM", "RECORDINGS"),
    "help.system": ("MÀN HÌNH", "SCREEN"),
    "help.close": ("Đóng", "Close"),
    "help.find": ("Tìm: gõ vài chữ của việc cần làm, ví dụ gác máy", "Find: type a few letters of what you want to do"),
    "help.page": ("trang {page}/{pages}  PageUp, PageDown", "page {page} of {pages}  PageUp, PageDown"),
    "help.none": ("không có lệnh nào như vậy", "no such command"),
    "help.more": (
        "Tab điền tiếp, ↑ ↓ lệnh cũ cùng chữ đầu, Esc về dòng lệnh. #42 là vụ việc 00042 của ngày mới nhất. Gõ chữ "
        "rồi Enter: lệnh ↵ vào dòng lệnh. Bản đồ (Ctrl+B): kéo ghim hay Shift+bấm để dời vụ, S đường phố, Z ranh giới, "
        "C cấm/ngập, R lộ trình, T tầm với, D vẽ cấm, F vẽ ngập. Dòng nhánh: + đề nghị, 1 nhận, - từ chối, "
        "> nơi kế tiếp, = kiểm tra an toàn.",
        "Tab completes, ↑ ↓ earlier lines that begin so, Esc back to the line. #42 is incident 00042 of the newest "
        "day. Type and press Enter: the command marked ↵ goes into the line. Map (Ctrl+B): drag a pin or Shift+click "
        "moves the incident, S streets, Z zones, "
        "C closures, R route, T reach, D draws a closure, F a flood. Lines of a leg: + offer, 1 accepts, - declines, "
        "> next, = safety check.",
    ),
}
