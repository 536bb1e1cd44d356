"""What to do at a turn, in words: Vietnamese as it is said on the radio, and English."""

from __future__ import annotations

_TURNS: dict[str, tuple[str, str, str, str]] = {
    "depart": ("Xuất phát", " theo {street}", "Set off", " on {street}"),
    "straight": ("Đi thẳng", " {street}", "Go straight", " on {street}"),
    "slight_left": ("Chếch trái", " vào {street}", "Bear left", " onto {street}"),
    "left": ("Rẽ trái", " vào {street}", "Turn left", " into {street}"),
    "sharp_left": ("Rẽ gắt trái", " vào {street}", "Turn sharp left", " into {street}"),
    "slight_right": ("Chếch phải", " vào {street}", "Bear right", " onto {street}"),
    "right": ("Rẽ phải", " vào {street}", "Turn right", " into {street}"),
    "sharp_right": ("Rẽ gắt phải", " vào {street}", "Turn sharp right", " into {street}"),
    "back": ("Quay đầu", " trên {street}", "Turn round", " on {street}"),
    "roundabout": ("Vào vòng xoay", ", ra {street}", "At the roundabout", " take {street}"),
    "walk": ("Xuống xe, đi bộ", " vào {street}", "Leave the vehicle and walk", " into {street}"),
    "arrive": ("Tới nơi", ": {street}", "You are there", ": {street}"),
}
"""Turn to (what to do, what follows where the street has a name) in Vietnamese, then in English."""

TURNS = frozenset(_TURNS)


def said(turn: str, street: str = "") -> tuple[str, str]:
    """(Vietnamese, English) for one of ``TURNS``; another one is told as straight on. ``street`` "" = no name."""
    vi, vi_street, en, en_street = _TURNS.get(turn, _TURNS["straight"])
    if not street:
        return vi, en
    return vi + vi_street.format(street=street), en + en_street.format(street=street)
