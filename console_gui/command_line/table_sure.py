"""The commands for the night when something fails: what waits to be sent, and the board on paper."""

from __future__ import annotations

from console_gui.command_line import verbs_sure
from console_gui.command_line.verb import ALL, Verb

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
)  # fmt: skip
