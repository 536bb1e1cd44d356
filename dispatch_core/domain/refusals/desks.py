"""About notes to another desk and handing a shift over."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "memo_to_self": ("Đó là chính bạn; nhắn cho người khác.", "That is you; send it to somebody else."),
    "nobody_at_service": (
        "Không có ai khác ngồi bàn nào của {service}; nhắn cho trưởng ca.",
        "Nobody else sits at a position of {service}; tell a supervisor.",
    ),
    "nobody_leads": (
        "Không có trưởng ca nào khác đang đăng nhập.",
        "No other supervisor is signed in.",
    ),
    "memos_unread": (
        "{count} lời nhắn của bạn chưa ai đọc; hãy gọi hoặc đến gặp trực tiếp.",
        "{count} of your notes are still unread; call them or go there.",
    ),
    "memos_full": (
        "Đã có {limit} lời nhắn chưa đọc trong hệ thống; chờ người nhận đọc bớt.",
        "There are {limit} unread notes already; wait until some are read.",
    ),
    "memo_gone": ("Lời nhắn này đã đọc, hoặc không gửi cho bạn.", "This note is read already, or not for you."),
    "shift_to_self": ("Không bàn giao cho chính mình được.", "You cannot hand over to yourself."),
    "not_in_hand": (
        "Vụ việc {incident} không do bạn phụ trách, không bàn giao được.",
        "Incident {incident} is not yours to hand over.",
    ),
    "nothing_in_hand": ("Bạn không giữ việc gì để bàn giao.", "You have nothing to hand over."),
    "no_shift": ("{user} không bàn giao gì.", "{user} hands nothing over."),
    "shift_for_another": ("Bàn giao này là cho {user}.", "This hand-over is for {user}."),
    "not_handed": (
        "Vụ việc {incident} không có trong bàn giao này.",
        "Incident {incident} is not part of this hand-over.",
    ),
}
