"""How numbers, times and telephone numbers read. Odd values (a broken clock, a huge number) read as a dash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from dispatch_core.domain.vocabulary import Instant

DASH = "—"
LONGEST_MS = 100 * 3_600_000


def duration(milliseconds: int) -> str:
    """``0:07``, ``12:05``, ``1:02:03``; never negative, because two machines' clocks may differ a little."""
    if milliseconds >= LONGEST_MS:
        return DASH
    seconds = max(0, milliseconds) // 1000
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"


def since(then: Instant, now: Instant) -> str:
    return duration(now - then) if then > 0 and now > 0 else DASH


def wall_clock(at: Instant, utc_offset_min: int, form: str = "%H:%M:%S") -> str:
    """The site's time of day."""
    if at <= 0:
        return DASH
    try:
        zone = timezone(timedelta(minutes=utc_offset_min))
        return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)).astimezone(zone).strftime(form)
    except (OverflowError, ValueError, OSError):
        return DASH


def decimal(value: float, language: str, digits: int = 1) -> str:
    """Vietnamese writes a comma."""
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "vi" else text


def seconds(value: float, language: str) -> str:
    return f"{decimal(value, language)} s" if value < 10 else f"{int(value)} s"


def metres(value: float, language: str) -> str:
    if not 0 <= value < 1e8:
        return DASH
    return f"{round(value)} m" if value < 1000 else f"{decimal(value / 1000, language)} km"


def ago(milliseconds: int, language: str) -> str:
    """``12 s trước``, ``3 phút trước``, ``2 giờ trước``."""
    seconds_past = max(0, milliseconds) // 1000
    if seconds_past < 120:
        text = f"{seconds_past} s"
    elif seconds_past < 7_200:
        text = f"{seconds_past // 60} {'phút' if language == 'vi' else 'min'}"
    else:
        text = f"{seconds_past // 3_600} {'giờ' if language == 'vi' else 'h'}"
    return f"{text} {'trước' if language == 'vi' else 'ago'}"


def phone(number: str) -> str:
    """Vietnamese numbers in groups, anything else as it came: ``0903 123 456``, ``028 3829 1147``."""
    if not number.isascii() or not number.isdecimal() or not number.startswith("0"):
        return number
    if len(number) == 10:
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    if len(number) == 11:
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    return number


def one_line(text: str, most: int = 300) -> str:
    """Words of strangers on one line: control characters and line breaks become spaces."""
    shown = "".join(" " if not mark.isprintable() else mark for mark in text[: most + 1])
    shown = " ".join(shown.split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def short(incident: str) -> str:
    """``20261123-00042`` as people say it: ``#42``."""
    number = incident.rpartition("-")[2]
    return f"#{int(number)}" if number.isdecimal() else incident
