"""How calls were steered, and who listened where."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant, SteerAct, TargetKind, WatchHow


class SteerAsked(Happened, frozen=True, tag=True):
    """An intent: the switch is asked only after this is committed. ``position``: whose channel is steered; ``target``:
    a position or a service; ``number``: an outside number instead; ``channel``: the id of a channel that is made."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("number",)

    call: str
    act: SteerAct
    position: str
    user: str
    kind: TargetKind = TargetKind.NONE
    target: str = ""
    number: str = ""
    channel: str = ""


class SteerDropped(Happened, frozen=True, tag=True):
    """It did not come to that: the call is where the switch says. ``user`` had asked; ``to``: a position or service."""

    call: str
    act: SteerAct
    why: str
    user: str = ""
    to: str = ""


class VoiceMuted(Happened, frozen=True, tag=True):
    call: str
    position: str
    on: bool
    at: Instant


class WatchAsked(Happened, frozen=True, tag=True):
    """An intent, and the record of it: ``user`` at ``position`` wants to hear ``watched`` on its call."""

    position: str
    user: str
    node: str
    call: str
    watched: str
    how: WatchHow
    channel: str


class WatchBegan(Happened, frozen=True, tag=True):
    position: str
    channel: str


class WatchStopAsked(Happened, frozen=True, tag=True):
    """An intent, as ``WatchAsked`` is."""

    position: str
    channel: str


class WatchEnded(Happened, frozen=True, tag=True):
    """``why`` "" = as it should."""

    position: str
    channel: str
    why: str = ""
