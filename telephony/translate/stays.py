"""Who was in which bridge and from when to when, for the case that a channel's entering is told after its leaving.

Who talks now is read from the wiring; this only completes the past.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

BRIDGES_REMEMBERED = 2_000
ALWAYS = 1 << 62


@dataclass(slots=True)
class Stay:
    """One channel in one bridge. Orders are of SwitchClock; `at` is in milliseconds."""

    entered: int = -1
    at: int = 0
    left: int = ALWAYS


class Stays:
    """The newest bridges and everybody who was in them."""

    def __init__(self) -> None:
        self._bridges: OrderedDict[str, dict[str, Stay]] = OrderedDict()

    def entered(self, bridge: str, uid: str, order: int, at: int) -> None:
        stay = self._stay(bridge, uid)
        if order > stay.left:
            stay.left = ALWAYS  # again
        stay.entered, stay.at = order, at

    def left(self, bridge: str, uid: str, order: int) -> None:
        stay = self._stay(bridge, uid)
        if order >= stay.entered:
            stay.left = order

    def met(self, bridge: str, uid: str) -> dict[str, int]:
        """Everybody who was in the bridge together with this channel: uid to the milliseconds since when."""
        stays = self._bridges.get(bridge, {})
        own = stays.get(uid)
        if own is None or own.entered < 0:
            return {}
        return {
            other: max(own.at, stay.at)
            for other, stay in stays.items()
            if other != uid and 0 <= stay.entered < own.left and own.entered < stay.left
        }

    def _stay(self, bridge: str, uid: str) -> Stay:
        stays = self._bridges.setdefault(bridge, {})
        while len(self._bridges) > BRIDGES_REMEMBERED:
            self._bridges.popitem(last=False)
        return stays.setdefault(uid, Stay())
