"""The commands for the night when something fails: what waits to be sent, and the board on paper."""

from __future__ import annotations

from console_gui.command_line import verbs_sure
from console_gui.command_line.verb import ALL, DESK, Verb

VERBS: tuple[Verb, ...] = (
    Verb(("chogui", "waiting", "cho gui"), ("chogui", "waiting"),
         ("Lệnh gõ lúc mất kết nối: duyệt từng lệnh, Enter gửi, Del bỏ",
          "Commands given while cut off: confirm one by one, Enter sends, Del drops"),
         verbs_sure.waiting, roles=ALL),
    Verb(("gui", "send"), ("gui [SỐ]", "send [NUMBER]"),
         ("Gửi lệnh đang chờ: lệnh cũ nhất, hoặc lệnh mang số đó", "Send the oldest command that waits, or that one"),
         verbs_sure.send, roles=ALL),
    Verb(("bo", "drop"), ("bo [SỐ]", "drop [NUMBER]"),
         ("Bỏ lệnh đang chờ, không gửi", "Drop the oldest command that waits, or that one"),
         verbs_sure.drop, roles=ALL),
    Verb(("in", "print"), ("in [#42 | PHÚT]", "print [#42 | MINUTES]"),
         ("In bảng ra tệp và máy in; in #42: phiếu của vụ; in 10: tự in mỗi 10 phút",
          "Print the board to a file and the printer; print #42: its card; print 10: by itself every 10 minutes"),
         verbs_sure.print_board, roles=ALL, arguments=("incident",)),
    Verb(("ghibu", "afterwards", "ghi bu"), verbs_sure.AFTERWARDS_SYNTAX,
         ("Ghi bù vụ đã ghi trên giấy: giờ xảy ra, nơi, rồi ; và diễn biến",
          "Enter what was written on paper: when it happened, the place, then ; and the narrative"),
         verbs_sure.afterwards, roles=DESK, arguments=("text",)),
)  # fmt: skip
