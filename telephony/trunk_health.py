"""How each carrier does at one node: registered, how far away, how many calls, what failed, how well it is heard.

Added to the value ("trunk", carrier@node) of `telephony.last_values`; all but the first four may be missing there:
- "in_use", "capacity": int; calls at this node now, both ways, and so many the carrier takes at a time
- "failed", "failed_in": {cause: int}, by Q.850 number; both ways, and of those that came in; since the node's start or
  ours
- "round_trip_ms": float, of the nearest of its peers that answers OPTIONS
- "registered": bool, "registration": Asterisk's word; where we register with it
- "jitter_ms", "lost_percent": float, of what came from it, and "jitter_out_ms", "lost_out_percent" of what it says that
  it got: over the calls of the last five minutes, by their packets
A carrier that is no longer in the site has the value {"gone": true}, once.

Guarded here: an event costs a look into a table unless it tells of a carrier; nothing grows with the calls of a night.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from dispatch_core.ports import ActionFailed
from telephony import dialplan_events as dialplan
from telephony.last_values import Value
from telephony.link.messages import AmiEvent
from telephony.reconcile import Ask
from telephony.translate.naming import endpoint_of
from telephony.translate.wiring import Channel
from telephony.trunk.dialplan.draining import DRAINING

T = TypeVar("T")

WINDOW_S = 300
BUCKET_S = 10
REPORT_S = 5.0  # Asterisk reckons what was lost with each RTCP report
PACKET_S = 0.02
CALLS_REMEMBERED = 4_000
NO_FAILURE = frozenset({0, 16, 26})  # hung up, or somebody else took it
CANCELLED = "487"
RTCP = "CHANNEL(rtcp,all)"


@dataclass(frozen=True)
class Line:
    """What of a carrier's description is needed here."""

    capacity: int
    registers: bool = False
    qualify: bool = True


@dataclass(slots=True)
class Counted:
    """Packets of one call so far, one way: `lost` of `expected`, `jitter_ms` as it was last."""

    expected: float = 0.0
    lost: float = 0.0
    jitter_ms: float = 0.0


@dataclass(slots=True)
class _Bucket:
    since: float
    expected: float = 0.0
    lost: float = 0.0
    jitter: float = 0.0  # milliseconds times packets


class Quality:
    """One way of one carrier over the last WINDOW_S."""

    def __init__(self) -> None:
        self._buckets: deque[_Bucket] = deque(maxlen=WINDOW_S // BUCKET_S + 1)

    def add(self, now: float, before: Counted, after: Counted) -> None:
        """What was counted of a call since it was counted last."""
        expected = after.expected - before.expected
        if expected <= 0:
            return
        if not self._buckets or now - self._buckets[-1].since >= BUCKET_S:
            self._buckets.append(_Bucket(now))
        bucket = self._buckets[-1]
        bucket.expected += expected
        bucket.lost += min(expected, max(0.0, after.lost - before.lost))
        bucket.jitter += expected * after.jitter_ms

    def shown(self, now: float) -> tuple[float, float] | None:
        """Jitter in ms and what was lost in percent; None where nothing was counted."""
        while self._buckets and now - self._buckets[0].since > WINDOW_S:
            self._buckets.popleft()
        expected = sum(it.expected for it in self._buckets)
        if not expected:
            return None
        jitter = sum(it.jitter for it in self._buckets) / expected
        return round(jitter, 1), round(100 * sum(it.lost for it in self._buckets) / expected, 2)


class TrunkHealth:
    """One node's carriers. `now` is in seconds and only goes forward."""

    def __init__(self, node: str, lines: Mapping[str, Line]) -> None:
        self._node = node
        self._lines = dict(lines)
        self._base: dict[str, dict[str, Any]] = {}  # what last_values says
        self._shown: dict[str, dict[str, Any]] = {}
        self._in_use: Counter[str] = Counter()
        self._failed: dict[str, Counter[str]] = {}
        self._failed_in: dict[str, Counter[str]] = {}
        self._round_trip: dict[str, float | None] = {}
        self._registered: dict[str, tuple[bool | None, str]] = {}
        self._quality: dict[tuple[str, bool], Quality] = {}  # carrier and whether it is what came from it
        self._counted: OrderedDict[str, tuple[Counted, Counted]] = OrderedDict()  # by channel that is up
        self._ways: OrderedDict[str, bool] = OrderedDict()  # channel to whether we called there
        self._over: OrderedDict[str, None] = OrderedDict()
        self.registry_news = False

    def use(self, lines: Mapping[str, Line]) -> list[str]:
        """Another site is in force; the carriers that it does not have any more."""
        gone = sorted(self._lines.keys() - lines.keys())
        self._lines = dict(lines)
        for carrier in gone:
            for of in (self._base, self._shown, self._failed, self._failed_in, self._round_trip, self._registered):
                of.pop(carrier, None)
            self._in_use.pop(carrier, None)
            for way in (True, False):
                self._quality.pop((carrier, way), None)
        return gone

    def start_anew(self) -> None:
        """The node itself started anew."""
        for of in (self._failed, self._failed_in, self._round_trip, self._registered):
            of.clear()
        for known in (self._counted, self._ways, self._over):
            known.clear()
        self._in_use.clear()

    def away(self) -> None:
        """Nothing is known of a node that cannot be asked; what it had counted stands."""
        self._round_trip.clear()
        self._registered.clear()
        self._in_use.clear()

    # --- what is heard ------------------------------------------------------------------------------------------------

    def event(self, event: AmiEvent, now: float) -> bool:
        """Whether the calls of a carrier changed: `calls` is to be told soon."""
        name = event.name
        if name == "Hangup":
            return self._hung_up(event)
        if name == "DialBegin":
            return self._dialled(event)
        if name == "UserEvent":
            told = event.headers.get("UserEvent")
            if told == dialplan.ENDED.name or told == dialplan.LINE.name:
                self._ended(event, now)
            return told == dialplan.ARRIVED.name
        if name == "Registry":
            self.registry_news = True
        elif name == "ContactStatus":
            self._contact(event)
        return False

    def _carrier(self, channel: str) -> str:
        name = endpoint_of(channel)
        return name if name in self._lines else ""

    def _dialled(self, event: AmiEvent) -> bool:
        if not self._carrier(event.get("DestChannel")):
            return False
        _remember(self._ways, event.get("DestUniqueid"), True)
        return True

    def _hung_up(self, event: AmiEvent) -> bool:
        carrier, uid = self._carrier(event.get("Channel")), event.get("Uniqueid")
        if not carrier or uid in self._over:
            return False
        _remember(self._over, uid, None)
        self._counted.pop(uid, None)
        out = self._ways.pop(uid, event.get("ChannelStateDesc") in ("Down", "Dialing", "Ringing"))
        if event.get("Context") == DRAINING:
            return True  # sent on to the carrier's next way
        cause = event.get("Cause")
        failed = cause.isdecimal() and int(cause) not in NO_FAILURE and event.get("TechCause") != CANCELLED
        if failed:
            self._failed.setdefault(carrier, Counter())[cause] += 1
            if not out:
                self._failed_in.setdefault(carrier, Counter())[cause] += 1
        return True

    def _contact(self, event: AmiEvent) -> None:
        usec = event.get("RoundtripUsec")
        carrier = event.get("EndpointName")
        if carrier in self._lines and event.get("ContactStatus") == "Reachable" and usec.isdecimal():
            self._round_trip[carrier] = round(int(usec) / 1000, 1)

    def _ended(self, event: AmiEvent, now: float) -> None:
        carrier = self._carrier(event.get("Channel"))
        numbers = event.get("Line").split(" ")
        if carrier and len(numbers) == len(dialplan.LINE_PARTS):
            self._count(carrier, event.get("Uniqueid"), dict(zip(dialplan.LINE_PARTS, numbers, strict=True)), now)

    def _count(self, carrier: str, uid: str, told: Mapping[str, str], now: float) -> None:
        heard = _counted(told, "rxcount", "rxploss", "txjitter")  # Asterisk calls what it reckons itself "tx" there
        reports = (_number(told.get("rtt", "")) or 0) > 0  # the other end answers our reports
        sent = _counted(told, "txcount", "txploss", "rxjitter") if reports else None
        before = self._counted.get(uid, (Counted(), Counted()))
        for way, one, then in ((True, heard, before[0]), (False, sent, before[1])):
            if one is not None:
                self._quality.setdefault((carrier, way), Quality()).add(now, then, one)
        _remember(self._counted, uid, (heard or before[0], sent or before[1]))

    # --- what a look finds --------------------------------------------------------------------------------------------

    def calls(self, channels: Iterable[Channel]) -> None:
        """The node's channels now."""
        self._in_use = Counter(it.carrier for it in channels if it.carrier in self._lines)

    async def look(self, ask: Ask, channels: Iterable[Channel], now: float) -> None:
        """Ask how far away each is, whether we are registered, and how well one of its calls is heard."""
        channels = list(channels)
        self.calls(channels)
        self.registry_news = False
        if any(line.registers for line in self._lines.values()):
            await self._look_at_registrations(ask)
        for carrier, line in self._lines.items():
            if line.qualify:
                await self._look_at_round_trip(ask, carrier)
        await self._sample(ask, channels, now)

    async def _look_at_registrations(self, ask: Ask) -> None:
        items = await _listed(ask, "PJSIPShowRegistrationsOutbound")
        states = {it.get("ObjectName"): it.get("Status") for it in items if it.name == "OutboundRegistrationDetail"}
        for carrier, line in self._lines.items():
            if not line.registers:
                continue
            own = [state for name, state in states.items() if name == carrier or name.startswith(f"{carrier}-")]
            known = next((state for state in own if state == "Registered"), own[0] if own else "")
            self._registered[carrier] = (known == "Registered", known)

    async def _look_at_round_trip(self, ask: Ask, carrier: str) -> None:
        items = await _listed(ask, "PJSIPShowEndpoint", Endpoint=carrier)
        told = [it for it in items if it.name == "ContactStatusDetail" and it.get("Status") == "Reachable"]
        usecs = [int(it.get("RoundtripUsec")) for it in told if it.get("RoundtripUsec").isdecimal()]
        self._round_trip[carrier] = round(min(usecs) / 1000, 1) if usecs else None

    async def _sample(self, ask: Ask, channels: Iterable[Channel], now: float) -> None:
        """Of each carrier the call that was counted longest ago, so that a long call is not known by its end alone."""
        order = {uid: place for place, uid in enumerate(self._counted, 1)}
        chosen: dict[str, str] = {}
        for it in channels:
            other = chosen.get(it.carrier)
            if it.carrier in self._lines and (other is None or order.get(it.uid, 0) < order.get(other, 0)):
                chosen[it.carrier] = it.uid
        for carrier, uid in chosen.items():
            try:
                value = (await ask("Getvar", Channel=uid, Variable=RTCP)).get("Value")
            except ActionFailed as problem:
                if problem.unknown:
                    raise
                continue  # it has just hung up
            parts = dict(part.partition("=")[::2] for part in value.split(";"))
            if "rxcount" in parts:
                told = {**parts, "rxploss": parts.get("lp", ""), "txploss": parts.get("rlp", "")}
                self._count(carrier, uid, told, now)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def base(self, carrier: str, value: dict[str, Any]) -> bool:
        """What `telephony.last_values` says of the carrier. Whether it is one of those that are followed here."""
        if carrier not in self._lines:
            return False
        self._base[carrier] = value
        return True

    def values(self, now: float) -> list[Value]:
        """What changed since it was shown last."""
        changed: list[Value] = []
        for carrier, line in self._lines.items():
            if carrier not in self._base:
                continue
            value = {**self._base[carrier], **self._of(carrier, line, now)}
            if self._shown.get(carrier) != value:
                self._shown[carrier] = value
                changed.append(("trunk", f"{carrier}@{self._node}", value))
        return changed

    def _of(self, carrier: str, line: Line, now: float) -> dict[str, Any]:
        value: dict[str, Any] = {
            "in_use": self._in_use[carrier],
            "capacity": line.capacity,
            "failed": dict(self._failed.get(carrier, {})),
            "failed_in": dict(self._failed_in.get(carrier, {})),
        }
        if (trip := self._round_trip.get(carrier)) is not None:
            value["round_trip_ms"] = trip
        if line.registers:
            value["registered"], value["registration"] = self._registered.get(carrier, (None, ""))
        for way, end in ((True, ""), (False, "_out")):
            quality = self._quality.get((carrier, way))
            shown = quality.shown(now) if quality is not None else None
            if shown is not None:
                value[f"jitter{end}_ms"], value[f"lost{end}_percent"] = shown
        return value


def _remember(of: OrderedDict[str, T], key: str, value: T) -> None:
    of[key] = value
    of.move_to_end(key)
    while len(of) > CALLS_REMEMBERED:
        of.popitem(last=False)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _counted(told: Mapping[str, str], count: str, lost: str, jitter: str) -> Counted | None:
    """None before the first report. What came after the newest report is not looked at: its losses are not known."""
    packets, gone, late = (_number(told.get(name, "")) for name in (count, lost, jitter))
    if packets is None or gone is None or late is None:
        return None
    came = count == "rxcount"
    seconds = (packets + gone if came else packets) * PACKET_S
    if seconds < REPORT_S:
        return None
    reported = packets * (seconds // REPORT_S) * REPORT_S / seconds
    return Counted(reported + gone if came else reported, gone, late * 1000)


async def _listed(ask: Ask, action: str, **headers: str) -> list[AmiEvent]:
    """Nothing where the switch says that there is none."""
    try:
        return (await ask(action, **headers)).items
    except ActionFailed as problem:
        if problem.unknown:
            raise
        return []
