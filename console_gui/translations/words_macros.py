"""Words of macros: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "macro.kept": ("Đã ghi lệnh gộp “{name}”: {body}", "Macro “{name}” is kept: {body}"),
    "macro.dropped": ("Đã bỏ lệnh gộp “{name}”; gõ lại: mc {name} = {body}",
                      "Macro “{name}” is dropped; to have it again: mc {name} = {body}"),
    "macro.busy": ("Lệnh gộp “{name}” còn đang chạy.", "The macro “{name}” is still at work."),
    "macro.stopped": (
        "Lệnh gộp “{name}” dừng ở bước {step}/{steps}: {line}. Các bước sau chưa làm.",
        "The macro “{name}” stopped at step {step} of {steps}: {line}. Nothing after it was done.",
    ),
    "macro.unconfirmed": (
        "Lệnh gộp “{name}”: bước {step}/{steps} chưa được xác nhận: {line}. Các bước sau chưa làm.",
        "The macro “{name}”: step {step} of {steps} is not confirmed: {line}. Nothing after it was done.",
    ),
    "macro.no_key": (
        "{sequence} chưa có lệnh gộp. Gõ: mc TÊN {sequence} = LỆNH",
        "{sequence} has no macro. Type: mc NAME {sequence} = LINE",
    ),
    "help.macros": ("LỆNH GỘP CỦA TÔI", "MY MACROS"),
}  # fmt: skip
