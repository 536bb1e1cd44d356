"""What is said of a text that did not come into a field as it was."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "pasted.cut": (
        "Chữ dán vào dài quá: ô này giữ {most} ký tự, phần sau đã bị bỏ.",
        "The text is too long: this field holds {most} characters, the rest was left out.",
    ),
    "pasted.cleaned": (
        "Đã bỏ định dạng và ký tự điều khiển khỏi chữ dán vào.",
        "Formatting and control characters were left out of the text.",
    ),
}
