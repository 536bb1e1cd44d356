"""Words for what the address search offers: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "address.house_between": ("ước giữa hai số nhà", "between two numbers"),
    "address.house_unknown": ("không rõ số nhà, chỉ có đường", "number not known, street only"),
    "address.away": ("cách {distance}", "{distance} away"),
    "address.once": ("tên cũ: {name}", "once {name}"),
    "address.understood": ("Hiểu là: {parts}", "Understood: {parts}"),
    "address.means": ("{words} = {means}", "{words} = {means}"),
    "address.house": ("số {words}", "number {words}"),
    "address.alley": ("{words}", "alley {words}"),
    "address.near": ("“{words}”: gần nơi này", "“{words}”: near this place"),
    "address.detail": ("“{words}”: không tra được, hãy ghi chú", "“{words}”: cannot be looked up, note it down"),
    "address.unknown_ward": ("“{words}”: không có phường, xã này", "“{words}”: there is no such ward"),
}
