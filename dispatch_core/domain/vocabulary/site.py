"""Roles, alarms and what a site calls its services."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    TELEPHONY_ADMIN = "telephony_admin"


class AlarmLevel(StrEnum):
    """Three levels; the top two sound."""

    CRITICAL = "critical"
    HIGH = "high"
    LOW = "low"


class Service(Struct, frozen=True, kw_only=True):
    code: str
    vi: str
    en: str
    glyph: str = "●"
    hue: str = "#808080"


class Reason(Struct, frozen=True, kw_only=True):
    """Why a position may be not ready, and how long; ``most_min`` 0 = as long as it takes."""

    code: str
    vi: str
    en: str
    most_min: int = 0


class Partner(Struct, frozen=True, kw_only=True):
    """Somebody else to whom a caller is handed over: ``code`` is typed, ``dial`` is dialled."""

    code: str
    vi: str
    en: str
    dial: str
