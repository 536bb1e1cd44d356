"""Closures and floods in the story of an incident."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "note.closure_drawn": ("{kind} {closure}: tính lại ai đến trước", "{kind} {closure}: who comes first is new"),
    "note.closure_ended": ("Đã thông {closure}: tính lại ai đến trước", "{closure} is open again: reckoned anew"),
    "note.closure.closed": ("Chặn đường", "Road closed,"),
    "note.closure.flooded": ("Ngập nước", "Flooded,"),
}
