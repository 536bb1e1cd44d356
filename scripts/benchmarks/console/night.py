"""The night that the console is measured in: real decisions of the domain, made once and kept in ``var/bench``.

1,500 open incidents with legs, units and stories, 2,000 units, 60 positions; and then a journal of what happens next:
calls that come, ring, are answered and end, crews that report, places, notes and priorities. The same for the same
rules: what is kept is named by them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

import dispatch_core.domain
from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import decode_state, encode_state
from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command
from dispatch_core.domain.decide import decide
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import State, Unit
from dispatch_core.domain.vocabulary import (
    EndedBy,
    IncidentState,
    Instant,
    Location,
    LocationSource,
    MapRef,
    Reach,
    Role,
    Station,
    UnitStatus,
    ZoneAnswer,
    ZoneSetRef,
)
from dispatch_core.main.configuration import site_command
from dispatch_core.main.response_plans import types_command
from scripts.stage.progress import StageError, step
from scripts.stage.site import DEMO
from telephony.trunk.site import load_site

OPEN_INCIDENTS = 1_500
UNITS = 2_000
POSITIONS = 60
EVENTS = 6_000
"""Of the journal that follows: twelve seconds at 500 a second."""

CALLS_A_SECOND = 2.0  # of the journal, at the rate below
RATE = 500.0
BEGAN: Instant = 1_795_410_000_000
NODE = "pbx1"
CENTRE = (10.785, 106.695)
SPREAD = 0.04  # degrees: the inner city
USERS = {
    "lan": ("Nguyễn Thị Lan", Role.DISPATCHER), "minh": ("Trần Quang Minh", Role.DISPATCHER),
    "thao": ("Phạm Ngọc Thảo", Role.SUPERVISOR),
}  # fmt: skip
"""lan sits at the measured console, and everything in the journal is done by minh: what oneself does is urgent."""

SERVICES = ("police", "fire", "ambulance")
NUMBERS = {"police": "113", "fire": "114", "ambulance": "115"}
TYPES = {
    "police": ("cuop", "gay_roi", "trom"), "fire": ("chay_nha", "chay_xe"), "ambulance": ("tngt", "kho_tho", "tngt_ket")
}  # fmt: skip
CAPABLE = {"police": ("patrol", "traffic"), "fire": ("pumper", "rescue"), "ambulance": ("als", "bls")}
STREETS = ("Nguyễn Huệ", "Trần Hưng Đạo", "Lê Lợi", "Hai Bà Trưng", "Võ Thị Sáu", "Điện Biên Phủ", "Cách Mạng Tháng 8")
NOTES = (
    "Xe tải tông xe máy, hai người mắc kẹt dưới gầm, còn tỉnh.", "Cháy tầng trệt, còn người trên lầu.",
    "Người gọi báo nạn nhân đã tỉnh, thở đều.", "Đường hẹp, xe lớn không vào được, đón ở đầu hẻm.",
)  # fmt: skip
WORK = (UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE)


@dataclass(frozen=True)
class Night:
    """``base`` is the state to start from, ``last`` the event that led to it; ``story`` what happens then, in order."""

    base: State
    last: Recorded
    story: tuple[Recorded, ...]

    @property
    def arrivals(self) -> dict[int, str]:
        """seq of its first event to the call that comes."""
        return {it.seq: it.event.call for it in self.story if type(it.event).__name__ == "CallArrived"}  # type: ignore[union-attr]


def the_night(folder: Path) -> Night:
    """From ``folder``, or made now (half a minute)."""
    file = folder / f"console-night-{_name()}.bin"
    if not file.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("console-night-*.bin"):
            old.unlink()
        with step(f"a night of {OPEN_INCIDENTS} open incidents is decided"):
            made = _City().made()
            kept = file.with_suffix(".part")
            kept.write_bytes(msgspec.msgpack.encode((encode_state(made.base), made.last, made.story)))
            kept.replace(file)
    kind = tuple[bytes, Recorded, tuple[Recorded, ...]]
    base, last, story = msgspec.msgpack.decode(file.read_bytes(), type=kind)
    return Night(decode_state(base), last, story)


def _name() -> str:
    total = hashlib.sha256(Path(__file__).read_bytes())
    for file in sorted(Path(next(iter(dispatch_core.domain.__path__))).rglob("*.py")):
        total.update(file.read_bytes())
    for file in sorted(DEMO.glob("*.toml")):
        total.update(file.read_bytes())
    return total.hexdigest()[:16]


class _City:
    """Decides as a core would, with its own clock."""

    def __init__(self) -> None:
        self.state, self.now = State(), BEGAN
        self.story: list[Recorded] = []
        self.chance = random.Random(5)
        self._asked = self._calls = 0
        self.refused = 0

    def ask(self, kind: ActorKind, name: str, body: Command) -> bool:
        self._asked += 1
        done = decide(self.state, Asked(id=f"{self._asked:032x}", actor=Actor(kind, name), body=body), self.now)
        if isinstance(done, Refusal):
            self.refused += 1
            return False
        self.state = done.state
        self.story += done.events
        return True

    def must(self, kind: ActorKind, name: str, body: Command) -> None:
        if not self.ask(kind, name, body):
            raise StageError(f"the rules refuse what the night is made of: {body}")

    def switch(self, body: Command) -> None:
        self.ask(ActorKind.SWITCH, NODE, body)

    def core(self, body: Command) -> None:
        self.must(ActorKind.CORE, "bench", body)

    def minh(self, body: Command) -> bool:
        return self.ask(ActorKind.PERSON, "minh", body)

    # --- the base -----------------------------------------------------------------------------------------------------

    def made(self) -> Night:
        self._site()
        for _ in range(OPEN_INCIDENTS):
            self.now += 1_200
            self._incident()
        opened = sum(it.state is not IncidentState.CLOSED for it in self.state.incidents.values())
        if opened < OPEN_INCIDENTS or len(self.state.units) != UNITS:
            raise StageError(f"the night has {opened} open incidents and {len(self.state.units)} units")
        base, last, self.story = self.state, self.story[-1], []
        self._goes_on()
        return Night(base, last, tuple(self.story[:EVENTS]))

    def _site(self) -> None:
        site = site_command(load_site(DEMO / "site.toml"))
        seats = {f"B{n:02d}": (f"Bàn {n}", SERVICES) for n in range(1, POSITIONS + 1)}
        self.core(msgspec.structs.replace(site, positions=seats))
        self.core(types_command(DEMO / "incident_types.toml", set(SERVICES), DEMO / "capabilities.toml"))
        self.stations = [
            Station(id=f"S{n:03d}", service=SERVICES[n % 3], name=f"Trạm {n} phường {1 + n % 168}", **self._place())
            for n in range(300)
        ]
        units = []
        for n in range(UNITS):
            home = self.stations[n % len(self.stations)]
            near = {"lat": home.lat + self.chance.gauss(0, 0.004), "lon": home.lon + self.chance.gauss(0, 0.004)}
            sign = f"{home.service[0].upper()}{n:04d}"
            units.append(Unit(call_sign=sign, service=home.service, station=home.id, label=f"Xe {n}",
                              capabilities=CAPABLE[home.service], **near))  # fmt: skip
        self.core(c.LoadResources(stations={it.id: it for it in self.stations}, units=tuple(units)))
        for service in SERVICES:
            self.core(c.PublishZoneSet(ref=ZoneSetRef(service=service, name="phường", version=1, zones=168)))
        self.core(c.PublishMap(ref=MapRef(name="made up", version=1)))
        self.switch(c.NodeUp(node=NODE, booted="1"))
        for user, (name, role) in USERS.items():
            self.core(c.SignIn(user=user, name=name, role=role, session=f"bench-{user}"))
        self.must(ActorKind.PERSON, "lan", c.TakePosition(position="B01"))

    def _place(self) -> dict[str, float]:
        lat, lon = CENTRE
        return {"lat": lat + self.chance.uniform(-SPREAD, SPREAD), "lon": lon + self.chance.uniform(-SPREAD, SPREAD)}

    def _incident(self) -> None:
        """A call that was taken, placed, typed and dispatched, and is over."""
        service = self.chance.choice(SERVICES)
        call = self._rings(service)
        self.switch(c.CallTakenAt(call=call, position=f"B{self.chance.randint(2, POSITIONS):02d}", at=self.now))
        incident = self.state.calls[call].incident
        self.minh(c.SetType(incident=incident, type=self.chance.choice(TYPES[service]), seen=""))
        self._placed(incident)
        self.minh(c.AddNote(incident=incident, text=self.chance.choice(NOTES)))
        self._send(incident)
        self.switch(c.CallOver(call=call, at=self.now, by=EndedBy.CALLER, cause=16))

    def _rings(self, service: str) -> str:
        self._calls += 1
        call = f"call-{self._calls:06d}"
        number = f"09{self.chance.randint(0, 99_999_999):08d}"
        self.switch(
            c.CallCame(call=call, node=NODE, at=self.now, dialled=NUMBERS[service], services=(service,), number=number,
                       carrier="viettel")
        )  # fmt: skip
        self.switch(c.CallQueuedAt(call=call, queue=f"q-{service}", at=self.now))
        self.switch(c.CallRings(call=call, position=f"B{self.chance.randint(2, POSITIONS):02d}"))
        return call

    def _placed(self, incident: str) -> None:
        known = self.state.incidents[incident]
        where, label = self._place(), f"{self.chance.randint(1, 400)} {self.chance.choice(STREETS)}"
        place = Location(label=label, source=LocationSource.GAZETTEER, at=self.now, uncertainty_m=30.0, **where)
        self.minh(c.Locate(incident=incident, location=place, seen=known.location_version))
        known = self.state.incidents[incident]
        answers, reaches = {}, {}
        for service in known.legs or known.services:
            home = min((it for it in self.stations if it.service == service), key=lambda it: _metres(it, where))
            answers[service] = ZoneAnswer(
                service=service, zone_set="phường 1", zone=home.id, zone_name=f"Phường {home.id}", station=home.id,
                border_m=120.0,
            )  # fmt: skip
            near = sorted((u for u in self.state.units.values() if u.service == service),
                          key=lambda it: _metres(it, where))[:40]  # fmt: skip
            reaches[service] = tuple(
                Reach(unit=u.call_sign, seconds=_metres(u, where) / 8, metres=_metres(u, where)) for u in near
            )
        self.ask(
            ActorKind.CORE, "bench",
            c.RouteFound(incident=incident, location_version=known.location_version, answers=answers, reaches=reaches),
        )  # fmt: skip

    def _send(self, incident: str) -> None:
        """The nearest free unit of each leg."""
        for leg in list(self.state.incidents[incident].legs.values()):
            units = [self.state.units[it.unit] for it in leg.candidates]
            unit = next((it for it in units if it.assignment is None and it.status is UnitStatus.AVAILABLE), None)
            if unit is None:
                continue
            self.minh(c.AssignUnits(incident=incident, units=(unit.call_sign,)))
            for status in WORK[: self.chance.randint(0, 3)]:
                self.minh(c.ReportStatus(unit=unit.call_sign, status=status))

    # --- and then -----------------------------------------------------------------------------------------------------

    def _goes_on(self) -> None:
        """Until there are enough events: calls at their rate, each soon answered, and crews between."""
        ringing: list[tuple[int, str]] = []
        talking: list[tuple[int, str]] = []
        next_call = 0.0
        incidents = [it for it, known in self.state.incidents.items() if known.state is not IncidentState.CLOSED]
        units = list(self.state.units)
        while (done := len(self.story)) < EVENTS:
            self.now = BEGAN + OPEN_INCIDENTS * 1_200 + round(done / RATE * 1000)
            if done >= next_call * RATE:
                next_call += 1 / CALLS_A_SECOND
                ringing.append((done + round(0.8 * RATE), self._rings(self.chance.choice(SERVICES))))
            if ringing and ringing[0][0] <= done:
                _, call = ringing.pop(0)
                seat = f"B{self.chance.randint(2, POSITIONS):02d}"
                self.switch(c.CallTakenAt(call=call, position=seat, at=self.now))
                talking.append((done + round(3 * RATE), call))
            if talking and talking[0][0] <= done:
                self.switch(c.CallOver(call=talking.pop(0)[1], at=self.now, by=EndedBy.CALLER, cause=16))
            self._anything(incidents, units)

    def _anything(self, incidents: Sequence[str], units: Sequence[str]) -> None:
        what, incident = self.chance.random(), self.chance.choice(incidents)
        known = self.state.incidents[incident]
        if what < 0.70:
            self._report(self.state.units[self.chance.choice(units)])
        elif what < 0.85:
            self.minh(c.AddNote(incident=incident, text=self.chance.choice(NOTES)))
        elif what < 0.95:
            other = self.chance.choice([it for it in (1, 2, 3, 4, 5) if it != known.priority])
            self.minh(c.SetPriority(incident=incident, priority=other, seen=known.priority))
        else:
            self._placed(incident)

    def _report(self, unit: Unit) -> None:
        """The next status of its work, or out and back again."""
        if unit.assignment is not None:
            now = WORK.index(unit.status) if unit.status in WORK else -1
            status = WORK[(now + 1) % len(WORK)]
        else:
            free = unit.status is UnitStatus.AVAILABLE
            status = UnitStatus.OUT_OF_SERVICE if free else UnitStatus.AVAILABLE
        self.minh(c.ReportStatus(unit=unit.call_sign, status=status))


def _metres(it: Station | Unit, where: dict[str, float]) -> float:
    return abs(it.lat - where["lat"]) * 111_000 + abs(it.lon - where["lon"]) * 109_000
