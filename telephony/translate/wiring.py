"""Which channels there are, which bridge each is in, and so who hears whom.

Guarded here: a channel that is gone stays gone, whatever is told of it late or again; of two words about a channel's
bridge the one with the newer time counts, in whatever order they come. The two halves of a Local channel are one
wire, and nobody themselves.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from dispatch_core.settings import ENDED_REMEMBERED
from telephony.translate.naming import LOCAL, PJSIP, Naming
from telephony.translate.stays import Stays


@dataclass(slots=True)
class Channel:
    """One leg at the switch. `ring`: "" not called yet, "ringing", "up" or "over". Orders are of SwitchClock."""

    uid: str
    name: str
    position: str = ""
    carrier: str = ""
    call: str = ""
    local: str = ""  # the name that both halves share
    bridge: str = ""
    bridge_order: int = -1
    bridged_at: int = 0  # milliseconds, of the newest entering
    ring: str = ""
    place: str = ""  # context of ours that a steered channel is in, "" where it is not
    place_order: int = -1
    muted: bool = False  # as a look found it
    asked_to_end: int = 0  # order of the far end's hang-up, 0 = it did not
    originated_at: int = 0  # milliseconds; the leg was made by an action of ours
    touched: int = 0


    @property
    def rings(self) -> bool:
        return self.ring == "ringing" and not self.bridge


class Wiring:
    """The channels and bridges of one node."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self.channels: dict[str, Channel] = {}
        self._bridges: dict[str, set[str]] = {}
        self._locals: dict[str, set[str]] = {}
        self._phones: dict[str, set[str]] = {}
        self._stays = Stays()
        self._gone: OrderedDict[str, Channel] = OrderedDict()

    def gone(self, uid: str) -> Channel | None:
        """A channel that has ended not too long ago, as it was."""
        return self._gone.get(uid)

    def see(self, uid: str, name: str, tick: int) -> Channel | None:
        """The channel, new or known; None when it is gone, or is none of a call's (announcers, messages)."""
        if not uid or uid in self._gone:
            return None
        channel = self.channels.get(uid)
        if channel is None:
            if not name.startswith((PJSIP, LOCAL)):
                return None
            channel = Channel(uid, name, self.naming.position(name), self.naming.carrier(name))
            if name.startswith(LOCAL):
                channel.local = name.rpartition(";")[0]
                self._locals.setdefault(channel.local, set()).add(uid)
            if channel.position:
                self._phones.setdefault(channel.position, set()).add(uid)
            self.channels[uid] = channel
        channel.touched = tick
        return channel

    def named(self, name: str) -> Channel | None:
        """The newest channel of that name."""
        return next((it for it in reversed(self.channels.values()) if it.name == name), None)

    def of_phone(self, position: str) -> list[str]:
        """The channels of a position's phone: more than one when it asks somebody while a caller waits."""
        return sorted(self._phones.get(position, ()))

    def calls_in(self, bridge: str) -> set[str]:
        """The calls of who is in the bridge."""
        return {self.channels[uid].call for uid in self._bridges.get(bridge, ())}

    def enter(self, channel: Channel, bridge: str, order: int, at: int) -> None:
        self._stays.entered(bridge, channel.uid, order, at)
        if order < channel.bridge_order or channel.uid in self._gone:
            return
        self._out(channel)
        channel.bridge, channel.bridge_order, channel.bridged_at = bridge, order, at
        self._bridges.setdefault(bridge, set()).add(channel.uid)

    def leave(self, channel: Channel, bridge: str, order: int) -> None:
        self._stays.left(bridge, channel.uid, order)
        if order >= channel.bridge_order and channel.bridge in ("", bridge):
            self._out(channel)
            channel.bridge_order = order

    def destroy(self, bridge: str, order: int) -> None:
        for uid in list(self._bridges.get(bridge, ())):
            self.leave(self.channels[uid], bridge, order)

    def end(self, channel: Channel) -> None:
        self._out(channel)
        self.channels.pop(channel.uid, None)
        if channel.local:
            _take_out(self._locals, channel.local, channel.uid)
        if channel.position:
            _take_out(self._phones, channel.position, channel.uid)
        self._gone[channel.uid] = channel
        while len(self._gone) > ENDED_REMEMBERED:
            self._gone.popitem(last=False)

    def met_late(self, channel: Channel, bridge: str) -> list[tuple[Channel, int]]:
        """Who was in this bridge together with a channel whose entering is told only now, and is no longer."""
        together = self._bridges.get(bridge, set()) if channel.bridge == bridge else set()
        found: list[tuple[Channel, int]] = []
        for uid, at in self._stays.met(bridge, channel.uid).items():
            other = self.channels.get(uid) or self._gone.get(uid)
            if other is not None and uid not in together:
                found.append((other, at))
        return found

    def heard_by(self, uid: str) -> dict[str, int]:
        """Who hears this channel: uid to the milliseconds since when, the channel itself left out."""
        start = self.channels.get(uid)
        if start is None:
            return {}
        since = {uid: 0}
        waiting = [start]
        while waiting:
            channel = waiting.pop()
            for other in self._next(channel):
                if other not in since:
                    reached = self.channels[other]
                    since[other] = max(since[channel.uid], self._joined(channel, reached))
                    waiting.append(reached)
        del since[uid]
        return since

    def _next(self, channel: Channel) -> list[str]:
        in_bridge = self._bridges.get(channel.bridge, ()) if channel.bridge else ()
        halves = self._locals.get(channel.local, ()) if channel.local else ()
        return [*sorted(in_bridge), *sorted(halves)]

    def _joined(self, one: Channel, other: Channel) -> int:
        if one.bridge and one.bridge == other.bridge:
            return max(one.bridged_at, other.bridged_at)
        return 0  # two halves of one wire

    def _out(self, channel: Channel) -> None:
        if channel.bridge:
            _take_out(self._bridges, channel.bridge, channel.uid)
            channel.bridge = ""


def _take_out(groups: dict[str, set[str]], name: str, uid: str) -> None:
    members = groups.get(name, set())
    members.discard(uid)
    if not members:
        groups.pop(name, None)
