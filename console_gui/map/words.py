"""The map's own words in both languages, and how it writes lengths, ages and times. Without Qt."""

from __future__ import annotations

from dispatch_core.domain.vocabulary import IncidentState, Instant

WORDS: dict[str, tuple[str, str]] = {
    "map": ("Bản đồ", "Map"),
    "described": (
        "{incidents} vụ việc, {urgent} khẩn hoặc trễ; {units} đơn vị, {available} sẵn sàng",
        "{incidents} incidents, {urgent} urgent or late; {units} units, {available} available",
    ),
    "keys": ("Mũi tên: dời  + −: phóng  0: tất cả", "Arrows: move  + −: zoom  0: all"),
    "approximate": ("Địa bàn gần đúng, để minh họa", "Zones approximate, for demonstration"),
    "late": ("trễ", "late"),
    "closed": ("đã đóng", "closed"),
    "available": ("sẵn sàng", "available"),
    "at_work": ("đang làm nhiệm vụ", "at work"),
    "station": ("trạm, trụ sở", "station"),
    "unit_group": ("sẵn sàng / tổng số", "available / all"),
    "incident": ("vụ việc, mức ưu tiên", "incident, priority"),
    "urgent": ("vụ P1", "P1 incident"),
    "late_incident": ("vụ trễ", "late incident"),
    "circle": ("người gọi ở trong vòng này", "the caller is within"),
    "since": ("từ {time}", "since {time}"),
    "of_incident": ("vụ #{number}", "incident #{number}"),
    "incidents": ("{count} vụ việc", "{count} incidents"),
    "units": ("{count} đơn vị, {available} sẵn sàng", "{count} units, {available} available"),
    "more": ("… và {count} nữa", "… and {count} more"),
    "open_group": ("bấm để xem rõ", "click to look closer"),
    "no_place": ("chưa có vị trí", "no location yet"),
}

INCIDENT_STATES: dict[IncidentState, tuple[str, str]] = {
    IncidentState.RECEIVING: ("đang tiếp nhận", "receiving"),
    IncidentState.OPEN: ("chờ điều động", "open"),
    IncidentState.WORKING: ("đang xử lý", "working"),
    IncidentState.CLOSED: ("đã đóng", "closed"),
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


def age(since: Instant, now: Instant) -> str:
    """``4:10`` or ``1:04:10``; a clock that was set back shows 0:00."""
    seconds = max(0, now - since) // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def clock(at: Instant, utc_offset_min: int) -> str:
    """``21:04`` as the site's clocks show it."""
    minutes = at // 60_000 + utc_offset_min
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def one_line(text: str, most: int = 90) -> str:
    """Somebody else's text: one line, nothing that cannot be printed, cut at ``most``."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
