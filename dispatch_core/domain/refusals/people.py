"""To everybody, whatever they ask: who they are, where they sit, and how a command must look."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "not_signed_in": ("Bạn chưa đăng nhập; hãy đăng nhập lại.", "You are not signed in; sign in again."),
    "not_allowed": (
        "Vai trò “{role}” không được làm việc này ({command}); hãy nhờ trưởng ca hoặc quản trị tổng đài.",
        "The role “{role}” may not do this ({command}); ask a supervisor or a telephony admin.",
    ),
    "no_position": (
        "Bạn chưa ngồi bàn trực nào; gõ “pos B01” để nhận bàn.",
        "You hold no position; type “pos B01” to take one.",
    ),
    "unknown_position": ("Không có bàn trực “{position}”.", "There is no position “{position}”."),
    "position_taken": (
        "Bàn trực {position} đang có {user} ngồi.",
        "Position {position} is taken by {user}.",
    ),
    "position_exists": (
        "Đã có bàn trực {position}; chọn mã khác.",
        "Position {position} exists already; choose another id.",
    ),
    "position_installing": (
        "Bàn trực {position} đang được cài, chờ tổng đài xác nhận.",
        "Position {position} is being installed; the switch has not confirmed it yet.",
    ),
    "bad_position_name": (
        "Tên bàn trực “{position}” không hợp lệ: dùng chữ cái, chữ số, gạch nối, tối đa 12 ký tự, ví dụ B07.",
        "Position name “{position}” is not valid: letters, digits, hyphen, 12 at most, such as B07.",
    ),
    "nobody_there": ("Bàn {position} không có người ngồi.", "Nobody sits at position {position}."),
    "own_position": ("Đó là bàn của chính bạn.", "That is your own position."),
    "changed_meanwhile": (
        "{what} vừa được đổi thành “{value}”; hãy xem lại rồi nhập.",
        "{what} has just been changed to “{value}”; look again, then enter it.",
    ),
    "empty_text": ("Chưa có nội dung.", "There is no text."),
    "text_too_long": (
        "Nội dung dài {length} ký tự, tối đa {limit}.",
        "The text has {length} characters, {limit} at most.",
    ),
    "unknown_service": ("Không có lực lượng “{service}”.", "There is no service “{service}”."),
    "unknown_user": ("{user} không đăng nhập.", "{user} is not signed in."),
    "not_a_dispatcher": (
        "{user} không phải điều phối viên hay trưởng ca.",
        "{user} is neither a dispatcher nor a supervisor.",
    ),
    "reason_missing": ("Phải ghi lý do.", "A reason is needed."),
    "say_one": (
        "Chọn đúng một: điều phối viên, trạm, hoặc đơn vị.",
        "Name exactly one: a dispatcher, a station, or a unit.",
    ),
    "nothing_to_undo": (
        "Không có gì để hoàn tác: chỉ hoàn tác được việc chuyển giao của chính mình, trong {seconds} giây.",
        "There is nothing to undo: only a reassignment of your own, within {seconds} seconds.",
    ),
    "changed_since": (
        "Sau đó đã có thay đổi khác; không hoàn tác được, hãy chuyển giao lại.",
        "Something has changed since; it cannot be undone, reassign it anew.",
    ),
    "already_so": ("Đã đúng như vậy rồi.", "It is so already."),
    "unknown_alarm": ("Cảnh báo này không còn.", "This alarm is gone."),
    "stale_answer": ("Kết quả cho dữ liệu cũ, bỏ qua.", "An answer for older data; ignored."),
    "nothing_new": ("Không có gì mới.", "Nothing new."),
    "malformed": ("Lệnh không đúng dạng: {why}.", "The command is malformed: {why}."),
    "wrong_version": (
        "Bảng điều khiển này nói phiên bản {theirs}, máy chủ nói {ours}; hãy cập nhật chương trình.",
        "This console speaks version {theirs}, the core speaks {ours}; update the program.",
    ),
    "core_newer": (
        "Máy chủ chạy bản mới hơn (luật {ours}) bảng điều khiển này (luật {theirs}): không hiện dữ liệu "
        "để khỏi hiện sai. Đóng chương trình, cập nhật bảng điều khiển rồi đăng nhập lại; trong lúc chờ dùng bản giấy.",
        "The core is newer (rules {ours}) than this console (rules {theirs}): its data could be "
        "shown wrongly and is not shown. Close the program, update the console and sign in again; until then use "
        "the paper.",
    ),
    "core_older": (
        "Máy chủ chạy bản cũ hơn (luật {ours}) bảng điều khiển này (luật {theirs}): không hiện dữ liệu "
        "để khỏi hiện sai. Báo quản trị cập nhật máy chủ, hoặc mở lại bản cũ của bảng điều khiển; trong lúc chờ "
        "dùng bản giấy.",
        "The core is older (rules {ours}) than this console (rules {theirs}): its data could be "
        "shown wrongly and is not shown. Have the core updated, or run the console of before; until then use the "
        "paper.",
    ),
    "too_old": (
        "Lệnh gõ cách đây {age} giây mới tới máy chủ (quá {limit} giây) nên không có hiệu lực; còn đúng thì gửi lại.",
        "The command reached the core {age} s after it was given (more than {limit} s) and took no effect; send it "
        "again if it is still right.",
    ),
    "never_came": (
        "Lệnh chưa tới máy chủ trước khi mất kết nối, không có hiệu lực; còn cần thì gửi lại.",
        "The command had not reached the core before the cut and took no effect; send it again if it is still needed.",
    ),
    "unsettled": (
        "Máy chủ chưa tra được lệnh này đã có hiệu lực hay chưa; sẽ hỏi lại.",
        "The core cannot tell yet what became of this command; it is asked again.",
    ),
    "overloaded": (
        "Hệ thống đang quá tải, lệnh chưa được nhận; hãy gửi lại.",
        "The system is overloaded and did not take the command; send it again.",
    ),
    "read_only": (
        "Cơ sở dữ liệu không trả lời; bảng chỉ đọc, lệnh chưa được nhận.",
        "The database does not answer; the board is read-only and the command was not taken.",
    ),
}
