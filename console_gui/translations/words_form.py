"""Words of the incident form and its parts: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # a line for each leg
    "strip.asked": ("hỏi {station}", "asking {station}"),
    "strip.filled": ("đủ", "enough"),
    "strip.measuring": ("đang đo…", "measuring…"),
    # the place
    "place.ward": ("{ward}", "{ward}"),
    "place.once": ("{ward} (trước là {once})", "{ward} (once {once})"),
    "place.no_words": ("vị trí ghim trên bản đồ", "a place pinned on the map"),
    "place.no_words_in": ("ghim ở {ward}", "pinned in {ward}"),
    "place.copy": ("Toạ độ {place}; gõ toado để chép", "Coordinates {place}; type coords to copy them"),
    "place.copied": ("Đã chép toạ độ {place}", "Coordinates {place} copied"),
}
