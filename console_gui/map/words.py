"""The map's own words in both languages, and how its scale writes lengths. Without Qt."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "map": ("Bản đồ", "Map"),
    "described": (
        "{incidents} vụ việc, {urgent} khẩn hoặc trễ; {units} đơn vị, {available} sẵn sàng",
        "{incidents} incidents, {urgent} urgent or late; {units} units, {available} available",
    ),
    "keys": (
        "Mũi tên dời bản đồ, + − phóng to thu nhỏ, 0 xem tất cả, Page Up Page Down qua từng vụ việc, L chú giải",
        "Arrows move, + − zoom, 0 shows all, Page Up and Page Down go through incidents, L the legend",
    ),
    "approximate": ("Địa bàn gần đúng, để minh họa", "Zones approximate, for demonstration"),
    "late": ("trễ", "late"),
    "legend": ("chú giải", "legend"),
    "available": ("sẵn sàng", "available"),
    "at_work": ("đang làm nhiệm vụ", "at work"),
    "station": ("trạm, trụ sở", "station"),
    "unit_group": ("sẵn sàng / tổng số", "available / all"),
    "incident": ("vụ việc, mức ưu tiên", "incident, priority"),
    "urgent": ("vụ P1", "P1 incident"),
    "late_incident": ("vụ trễ", "late incident"),
    "circle": ("người gọi ở trong vòng này", "the caller is within"),
    "since": ("từ {time}", "since {time}"),
    "of_incident": ("vụ {number}", "incident {number}"),
    "incidents": ("{count} vụ việc", "{count} incidents"),
    "units": ("{count} đơn vị, {available} sẵn sàng", "{count} units, {available} available"),
    "more": ("… và {count} nữa", "… and {count} more"),
    "open_group": ("bấm để xem rõ", "click to look closer"),
}

def said(key: str, language: str, **values: object) -> str:
    """The sentence of ``key``; every language but English reads Vietnamese."""
    return WORDS[key][language == "en"].format(**values)


def length(metres: float, language: str) -> str:
    """``200 m``, ``1,5 km``: decimal comma in Vietnamese."""
    if metres < 1000:
        return f"{metres:.0f} m"
    text = f"{metres / 1000:.1f}".removesuffix(".0")
    return f"{text if language == 'en' else text.replace('.', ',')} km"
