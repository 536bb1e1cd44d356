"""What happened to positions' readiness."""

from __future__ import annotations

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant


class PositionReady(Happened, frozen=True, tag=True):
    position: str


class PositionNotReady(Happened, frozen=True, tag=True):
    position: str
    why: str


class WrapUpBegan(Happened, frozen=True, tag=True):
    position: str
    until: Instant


class ServiceUnready(Happened, frozen=True, tag=True):
    service: str


class ServiceReady(Happened, frozen=True, tag=True):
    service: str
