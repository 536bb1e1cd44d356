"""Follows the calls of one node through its events: AMI in, telephony facts out. No clock, no random, no I/O.

A call is known by our own id, which every channel of it carries; not by Linkedid, which changes on a transfer. Who
talks is read from the bridges: a position talks with a caller when its channel hears the caller's, however many
bridges and Local channels lie between.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable

from dispatch_core.domain.commands import CallBackStarted, CallTakenAt, Command, IdentityOdd
from dispatch_core.settings import CALLS_FOLLOWED, ENDED_REMEMBERED, ODDITY_TOLD_EVERY_S
from telephony.dialplan_contexts import CALL_UUID, WATCH
from telephony.link.messages import AmiEvent
from telephony.translate.followed_call import FollowedCall
from telephony.translate.heard_places import HeardPlaces
from telephony.translate.naming import Naming
from telephony.translate.switch_clock import SwitchClock
from telephony.translate.wiring import Channel, Wiring

LOOKS_AWAITED = 3
"""Looks that may not list a call-back yet that was ordered just before."""


class TooMany(ValueError):
    """More calls at once than are followed: the event is set aside, and the next look brings its call in."""


class Tracker:
    """The calls, channels and bridges of the node `node`. `tick` counts the events that were applied."""

    def __init__(self, node: str, naming: Naming) -> None:
        self.node = node
        self.tick = 0
        self.order = 0  # of the event that is being applied
        self.calls: dict[str, FollowedCall] = {}
        self.wiring = Wiring(naming)
        self.clock = SwitchClock()
        self.ahead = 0  # milliseconds from the switch's clock to ours; calls that come from now on are told by ours
        self.places = HeardPlaces()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._odd: dict[str, int] = {}  # carrier to the order at which it was last told

    @property
    def naming(self) -> Naming:
        return self.wiring.naming

    def rename(self, naming: Naming) -> None:
        """Another site description is in force: what comes from now on is named by it."""
        self.wiring.naming = naming

    def apply(self, event: AmiEvent) -> list[Command]:
        """The facts that the event tells. Raises ValueError where it cannot be understood; then nothing changed."""
        read = READERS.get(event.name)
        if read is None or (event.mended and not self._plausible(event)):
            return []
        self.tick += 1
        self.order = self.clock.order(event.stamp)
        return read(self, event)

    def at(self, call: FollowedCall) -> int:
        """The moment of the event that is being applied, on the clock by which the call's other facts are told:
        milliseconds since 1970, and later than theirs even where the switch's clock was set back."""
        return self.order // 1000 - call.shift

    def _plausible(self, event: AmiEvent) -> bool:
        """Whether a mended event speaks of nothing but its own call: channels and ids belong together as we know them,
        and a caller's new channel is its own call's."""
        own = event.variables.get(CALL_UUID, "")
        for prefix in ("", "Dest", "Transferer"):
            uid, name = event.get(prefix + "Uniqueid"), event.get(prefix + "Channel")
            call = event.variables.get(prefix + CALL_UUID, "")
            known, named = self.wiring.channels.get(uid), self.wiring.named(name)
            if known is not named or (known is not None and known.call and call and call != known.call):
                return False
            if known is None and call and call != (uid if self.naming.carrier(name) else own):
                return False
        return True

    def odd(self, carrier: str) -> list[Command]:
        """A caller of this carrier sent something odd: told once in a while, however many do."""
        last = self._odd.get(carrier)
        if last is not None and self.order - last < ODDITY_TOLD_EVERY_S * 1_000_000:
            return []
        self._odd[carrier] = self.order
        return [IdentityOdd(node=self.node, trunk=carrier)]

    # --- calls and channels -------------------------------------------------------------------------------------------

    def call(self, ident: str) -> FollowedCall | None:
        """The call, new or known; None when it is over and was put away."""
        if not ident or ident in self._ended:
            return None
        known = self.calls.get(ident)
        if known is None:
            if len(self.calls) >= CALLS_FOLLOWED:
                raise TooMany(f"{CALLS_FOLLOWED} calls are followed already")
            known = self.calls[ident] = FollowedCall(ident, shift=self.clock.shift - self.ahead)
        known.touched = self.tick
        return known

    def leg(self, event: AmiEvent, prefix: str = "") -> Channel | None:
        """The channel that the event's headers with this prefix speak of, tied to its call.

        None where id and name are not of one channel: then one of them is not Asterisk's."""
        channel = self.wiring.see(event.get(prefix + "Uniqueid"), event.get(prefix + "Channel"), self.tick)
        if channel is None or channel.name != event.get(prefix + "Channel"):
            return None
        self.tie(channel, event.variables.get(prefix + CALL_UUID, ""))
        return channel

    def tie(self, channel: Channel, ident: str) -> None:
        """The channel belongs to the call; the one whose own id it is, and which a carrier brought, is the caller's."""
        if not ident or channel.call:
            return
        channel.call = ident
        call = self.call(ident)
        if call is not None:
            call.legs.add(channel.uid)
            if not call.caller and channel.carrier and channel.uid == ident:
                call.caller = channel.uid
            elif not call.origin and channel.position and channel.uid == ident:
                call.outgoing, call.origin = True, channel.uid  # a phone of ours began it: a call-back

    def of(self, channel: Channel | None) -> FollowedCall | None:
        return self.call(channel.call) if channel is not None else None

    def is_caller(self, channel: Channel) -> bool:
        """Whether this is, or was, the channel of a call's caller, or of who was called back."""
        call = self.calls.get(channel.call)
        return channel.uid == (call.caller if call is not None else channel.call)

    def was_told(self, ident: str) -> bool:
        """Whether the core knows of the call."""
        call = self.calls.get(ident)
        return ident in self._ended or (call is not None and call.told.arrival is not None)

    def talked_before(self, ident: str, leg: Channel) -> bool:
        """Whether this channel's talk with the caller was told: it goes on through hold and consultation."""
        call = self.calls.get(ident)
        return call is not None and leg.uid in call.talked_by

    def talked_late(self, ident: str, leg: Channel, since: int) -> CallTakenAt:
        """The position of this leg turned out to have talked with the caller: to be told now, if only for the past."""
        call = self.calls.get(ident)
        at = since - call.shift if call is not None else since
        if call is not None:
            call.last_talker = call.last_talker or leg.position
            call.talked_by.add(leg.uid)
            if not call.seen.talker and leg.uid in self.wiring.channels:
                call.seen.talker, call.seen.talker_at, call.talking = leg.position, at, {leg.uid}
                call.told.talker = (leg.position, at)
        return CallTakenAt(call=ident, position=leg.position, at=at)

    def caller_of(self, ident: str) -> str:
        """The unique id of the caller's channel; "" when the call is not at the switch."""
        call = self.calls.get(ident)
        if call is None or call.told.over:
            return ""
        ends = (call.caller, call.origin)
        if call.outgoing and not call.talked:
            ends = (call.origin, call.caller)  # ending only the far end would make the dialplan try the next carrier
        return next((uid for uid in ends if uid in self.wiring.channels), "")

    def ordered(self, ident: str, position: str, number: str) -> None:
        """A call-back is about to be ordered: the core knows of it, and its channels come later."""
        call = self.call(ident)
        if call is not None:
            call.outgoing, call.origin, call.awaited = True, ident, LOOKS_AWAITED
            call.seen.arrival = call.told.arrival = CallBackStarted(
                call=ident, node=self.node, at=0, number=number, position=position
            )

    def forget(self, ident: str) -> None:
        """The order was refused: there is no such call."""
        self.calls.pop(ident, None)

    def phone_in(self, ident: str, position: str) -> str:
        """The unique id of the position's channel in the call, "" where it has none; one that talks before one that
        only rings, and never one that listens."""
        call = self.calls.get(ident)
        if call is None:
            return ""
        legs = [self.wiring.channels[uid] for uid in sorted(call.legs) if uid in self.wiring.channels]
        own = [it for it in legs if it.position == position and it.place != WATCH]
        own = [it for it in own if it.bridge or it.place or it.uid in call.talking]
        return min(own, key=lambda it: (it.uid not in call.talking, not it.bridge)).uid if own else ""

    def let_go(self, ident: str, by_us: bool) -> None:
        """An action of ours is about to end the call, or was refused."""
        call = self.calls.get(ident)
        if call is not None:
            call.dropped = by_us

    def carrier_behind(self, channel_name: str) -> str:
        """The carrier that brought the call of this channel, "" where that is not known."""
        own = self.naming.carrier(channel_name)
        channel = None if own else self.wiring.named(channel_name)
        if channel is None:
            return own
        call = self.calls.get(channel.call)
        caller = self.wiring.channels.get(call.caller) if call is not None else None
        return caller.carrier if caller is not None else ""

    def put_away(self, call: FollowedCall) -> None:
        """Forget a call that is over and told, but not that it was."""
        self.calls.pop(call.id, None)
        self._ended[call.id] = None
        while len(self._ended) > ENDED_REMEMBERED:
            self._ended.popitem(last=False)

    # --- who talks ----------------------------------------------------------------------------------------------------

    def around(self, channel: Channel) -> set[str]:
        """The calls of the channel and of everybody whom it hears; where one of them is a phone's call to another
        position, the calls in which that phone talks."""
        found = {channel.call}
        for leg in (channel, *(self.wiring.channels[uid] for uid in self.wiring.heard_by(channel.uid))):
            found.add(leg.call)
            if leg.position and not leg.call:
                found |= {self.wiring.channels[uid].call for uid in self.wiring.of_phone(leg.position)}
        return found

    def adopt(self, leg: Channel, call: FollowedCall) -> None:
        """A position's leg that hears the caller is the call's from now on, where it was nobody's: the far end of a
        call between positions, to whom the caller has been handed over."""
        other = self.calls.get(leg.call)
        if leg.call == call.id or (leg.call and (other is None or other.seen.arrival is not None)):
            return
        if other is not None:
            other.legs.discard(leg.uid)
        leg.call = call.id
        call.legs.add(leg.uid)

    def settle(self, calls: Iterable[str]) -> list[Command]:
        """Look again who rings, talks and listens in these calls, and tell what changed."""
        facts: list[Command] = []
        for ident in sorted(set(calls) - {""}):
            call = self.calls.get(ident)
            if call is not None:
                self.look_at(call)
                facts += call.settle()
                if call.told.over and not call.legs:
                    self.put_away(call)
        return facts

    def look_at(self, call: FollowedCall) -> None:
        """Read from the wiring who rings and who talks."""
        channels = self.wiring.channels
        legs = [channels[uid] for uid in sorted(call.legs) if uid in channels]
        if call.outgoing and call.caller not in channels:
            call.caller = next((leg.uid for leg in legs if leg.carrier), call.caller)
        talkers, carriers = self._talkers(call)
        self._choose(call, talkers)
        ringing = {leg.position for leg in legs if leg.position and leg.ring == "ringing"}
        call.seen.ringing = frozenset() if call.outgoing else frozenset(ringing)
        others = set(talkers) | self._consulted(call)
        there = frozenset((others | carriers) - {call.seen.talker})
        call.seen.parties = there if call.seen.talker or carriers else frozenset()

    def _talkers(self, call: FollowedCall) -> tuple[dict[str, tuple[int, set[str]]], set[str]]:
        """Positions that hear the caller, since when and by which channels; and carriers of others who do."""
        positions: dict[str, tuple[int, set[str]]] = {}
        carriers: set[str] = set()
        for uid, since in self.wiring.heard_by(call.caller).items():
            channel = self.wiring.channels[uid]
            if channel.position:
                self.adopt(channel, call)
                channel.ring = "up"
                first, uids = positions.get(channel.position, (since, set()))
                positions[channel.position] = (min(first, since), uids | {uid})
            elif channel.carrier:
                carriers.add(channel.carrier)
        return positions, carriers

    def _choose(self, call: FollowedCall, talkers: dict[str, tuple[int, set[str]]]) -> None:
        """Who talked goes on as long as it is there; then the one who has heard the caller longest."""
        seen = call.seen
        if seen.talker in talkers:
            call.talking = talkers[seen.talker][1]
        elif talkers:
            seen.talker = min(talkers, key=lambda position: (talkers[position][0], position))
            since, call.talking = talkers[seen.talker]
            seen.talker_at = since - call.shift
            seen.talker_order = max(self.wiring.channels[uid].bridge_order for uid in call.talking)
            call.last_talker = seen.talker
            call.talked_by |= call.talking
        elif not any(uid in self.wiring.channels for uid in call.talking):
            seen.talker = ""
        caller = self.wiring.channels.get(call.caller)
        hung_up = call.asked_to_end.get(call.last_talker, -1) >= seen.talker_order
        call.ending = call.dropped or "" in call.asked_to_end or (
            hung_up and (caller is None or not (caller.bridge or caller.place))
        )

    def _consulted(self, call: FollowedCall) -> set[str]:
        """Positions, and carriers of others, whom the talker hears otherwise than together with the caller: by the leg
        that was taken from the caller, or by another call of the same phone."""
        channels = self.wiring.channels
        own = (uid for uid in self.wiring.of_phone(call.seen.talker) if channels[uid].call in ("", call.id))
        found: set[str] = set()
        for uid in {*call.talking, *own}:
            heard = self.wiring.heard_by(uid)
            if call.caller not in heard:
                found |= {channels[other].position or channels[other].carrier for other in heard}
        return found - {""}


Read = Callable[[Tracker, AmiEvent], list[Command]]

READERS: dict[str, Read] = {}


def reads(*names: str) -> Callable[[Read], Read]:
    """Register how an event is read."""

    def register(read: Read) -> Read:
        for name in names:
            READERS[name] = read
        return read

    return register
