"""The commands between desks, and of sound."""

from __future__ import annotations

from console_gui.command_line import verbs_desks
from console_gui.command_line.verb import ALL, Verb

VERBS: tuple[Verb, ...] = (
    Verb(("nb", "memo", "loi nhan"),
         ("nb BÀN | @NGƯỜI | 115 | tc [#42] LỜI", "memo DESK | @USER | 115 | lead [#42] WORDS"),
         ("Nhắn bàn khác: nằm đó tới khi đọc, bạn thấy ai đã đọc lúc nào; không có lời thì xem lại",
          "A note to another desk: stays until it is read, and you see when; without words, all of them"),
         verbs_desks.send, arguments=("whom", "text")),
    Verb(("doc", "read", "doc roi"), ("doc [SỐ]", "read [NUMBER]"),
         ("Đã đọc lời nhắn", "The note is read"), verbs_desks.read, arguments=("text",)),
    Verb(("dap", "reply"), ("dap LỜI", "reply WORDS"),
         ("Đáp lại người nhắn; lời nhắn cũng coi như đã đọc", "Answer who wrote; the note counts as read"),
         verbs_desks.reply, arguments=("text",)),
    Verb(("bg", "handover", "ban giao"), ("bg [@NGƯỜI [#42…] LỜI DẶN]", "handover [@USER [#42…] NOTE]"),
         ("Bàn giao ca: mở phiếu, hoặc giao ngay tất cả hay các vụ nêu ra; vẫn là của bạn tới khi người kia nhận",
          "Hand your shift over: the sheet, or all or these at once; yours until the other takes it"),
         verbs_desks.hand_over, arguments=("user", "incident")),
    Verb(("bg+", "handover+"), ("bg+ [#42…]", "handover+ [#42…]"),
         ("Nhận bàn giao: tất cả, hay chỉ các vụ nêu ra", "Take over: everything, or these alone"),
         verbs_desks.take_over, arguments=("incident",)),
    Verb(("bg-", "handover-"), ("bg- [@NGƯỜI]", "handover- [@USER]"),
         ("Rút lại bàn giao, hoặc không nhận", "Take a hand-over back, or decline it"),
         verbs_desks.drop_over, arguments=("user",)),
    Verb(("tat", "silence", "tat chuong"), ("tat [het]", "silence [all]"),
         ("Tắt chuông đang kêu; việc vẫn nằm ở bảng tới khi xử lý",
          "Silence what sounds; it stays on its board until it is handled"),
         verbs_desks.silence, roles=ALL),
    Verb(("al", "volume", "am luong"), ("al [10…100]", "volume [10…100]"),
         ("Âm lượng chuông của bạn, và kêu thử", "How loud your sounds are, and a test"),
         verbs_desks.volume, roles=ALL),
)  # fmt: skip
