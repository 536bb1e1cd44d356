"""Whether a position takes calls."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body


class BeReady(Body, frozen=True, tag=True):
    """Also ends a wrap-up before its time."""


class BeNotReady(Body, frozen=True, tag=True):
    """``why`` is the code of one of the site's reasons."""

    why: str


class WrapUpOver(Body, frozen=True, tag=True):
    position: str


class NobodyReady(Body, frozen=True, tag=True):
    """Somebody waits for a service and none of its positions is ready."""

    service: str


class SomebodyReady(Body, frozen=True, tag=True):
    """Again somebody is, or nobody waits any more."""

    service: str
