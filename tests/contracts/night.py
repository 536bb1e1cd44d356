"""A night's work for the tests of the store: commands that the domain decides, grouped into batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import Actor, ActorKind, Asked
from dispatch_core.domain.decide import decide
from dispatch_core.domain.events import Event, Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Site, State, Unit
from dispatch_core.domain.vocabulary import (
    EndedBy,
    IncidentType,
    Location,
    LocationSource,
    Need,
    Role,
    Service,
    Station,
    UnitStatus,
    ZoneAnswer,
)
from dispatch_core.ports import Batch, Entry, Outcome

START = 1_795_442_400_000  # 2026-11-23 21:00 in Ho Chi Minh City
CORE, SWITCH = Actor(ActorKind.CORE, "start"), Actor(ActorKind.SWITCH, "hcm1")
LAN, HUNG = Actor(ActorKind.PERSON, "lan"), Actor(ActorKind.PERSON, "hung")

SERVICES = {code: Service(code=code, vi=code, en=code) for code in ("police", "fire", "ambulance")}
STATIONS = {
    f"S-{code}": Station(id=f"S-{code}", service=code, name=f"Trạm {code}", lat=10.77, lon=106.69) for code in SERVICES
}
CRASH = IncidentType(
    code="crash", vi="Tai nạn giao thông", en="Traffic accident", priority=2,
    needs=(Need(service="ambulance"), Need(service="police")),
)  # fmt: skip
PLACE = Location(
    label="Ngã tư Hàng Xanh", source=LocationSource.GAZETTEER, lat=10.8016, lon=106.7113, uncertainty_m=50.0
)
UNITS = tuple(
    Unit(call_sign=f"{letter}{number}", service=service, station=f"S-{service}", lat=10.77, lon=106.69)
    for letter, service in (("A", "ambulance"), ("B", "police"), ("F", "fire"))
    for number in range(1, 41)
)


class CountedIds:
    """Ids that sort and repeat from run to run."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self) -> str:
        return f"{next(self._count):032x}"

    def secret(self, length: int) -> str:
        return f"secret-{next(self._count)}".ljust(length, "x")[:length]


class Night:
    """Decides on its own candidate state; ``batch`` hands out what was decided since the last one."""

    def __init__(self, state: State | None = None, ids: CountedIds | None = None) -> None:
        self.state = state if state is not None else State()
        self.ids = ids if ids is not None else CountedIds()
        self.now = START
        self.entries: list[Entry] = []
        self._calls = itertools.count(1)

    def ask(self, actor: Actor, body: c.Command, ident: str = "") -> Entry:
        """Decide one command; its entry (a refusal too) is part of the next batch."""
        self.now += 1
        asked = Asked(id=ident or self.ids.new(), actor=actor, body=body)
        outcome = decide(self.state, asked, self.now)
        if isinstance(outcome, Refusal):
            entry = Entry(asked=asked, at=self.now, outcome=Outcome(seq=0, refusal=outcome), events=())
        else:
            self.state = outcome.state
            entry = Entry(asked=asked, at=self.now, outcome=Outcome(seq=self.state.seq), events=outcome.events)
        self.entries.append(entry)
        return entry

    def must(self, actor: Actor, body: c.Command, ident: str = "") -> Entry:
        entry = self.ask(actor, body, ident)
        if entry.outcome.refusal is not None:
            raise AssertionError(f"{body} was refused: {entry.outcome.refusal.sentence('en')}")
        return entry

    def batch(self, epoch: int) -> Batch:
        entries, self.entries = tuple(self.entries), []
        return Batch(epoch=epoch, entries=entries, after=self.state)

    # --- what happens in a night --------------------------------------------------------------------------------------

    def begin(self) -> Night:
        """Site, types, units, people at their positions."""
        site = Site(name="Thử", services=SERVICES, numbers={"115": ("ambulance",)})
        self.must(CORE, c.ConfigureSite(site=site, positions={"B01": ("Bàn 1", tuple(SERVICES))}))
        self.must(CORE, c.LoadTypes(types={CRASH.code: CRASH}))
        self.must(CORE, c.LoadResources(stations=STATIONS, units=UNITS))
        self.must(CORE, c.SignIn(user="lan", name="Nguyễn Thị Lan", role=Role.DISPATCHER, session="s1"))
        self.must(CORE, c.SignIn(user="hung", name="Trần Hưng", role=Role.SUPERVISOR, session="s2"))
        self.must(LAN, c.TakePosition(position="B01"))
        return self

    def call(self, number: str = "0903123456", name: str = "Nguyễn Văn An") -> tuple[str, str]:
        """A call that arrives and opens its incident; their ids."""
        ident = f"call-{next(self._calls)}-{self.ids.new()[-4:]}"
        self.must(
            SWITCH,
            c.CallCame(
                call=ident, node="hcm1", at=self.now, dialled="115", services=("ambulance",), number=number, name=name
            ),
        )
        return ident, self.state.calls[ident].incident

    def locate(self, incident: str, place: Location = PLACE) -> None:
        seen = self.state.incidents[incident].location_version
        self.must(LAN, c.Locate(incident=incident, location=place, seen=seen))

    def route(self, incident: str) -> None:
        answers = {
            service: ZoneAnswer(
                service=service, zone_set="v1", zone="26734", zone_name="Thạnh Mỹ Tây", station=f"S-{service}"
            )
            for service in self.state.incidents[incident].legs
        }
        version = self.state.incidents[incident].location_version
        self.must(CORE, c.RouteFound(incident=incident, location_version=version, answers=answers, reaches={}))

    def dispatched(self, *units: str, number: str = "0903123456") -> tuple[str, str]:
        """A call that was answered, located, typed, routed and given units."""
        call, incident = self.call(number)
        self.must(SWITCH, c.CallQueuedAt(call=call, queue="ambulance", at=self.now))
        self.must(SWITCH, c.CallRings(call=call, position="B01"))
        self.must(SWITCH, c.CallTakenAt(call=call, position="B01", at=self.now))
        self.must(LAN, c.SetType(incident=incident, type="crash", seen=""))
        self.locate(incident)
        self.route(incident)
        self.must(LAN, c.AddNote(incident=incident, text="xe máy va chạm, một người bất tỉnh"))
        if units:
            self.must(LAN, c.AssignUnits(incident=incident, units=units))
            for unit in units:
                self.must(LAN, c.ReportStatus(unit=unit, status=UnitStatus.EN_ROUTE))
        return call, incident

    def finish(self, call: str, incident: str) -> None:
        """The caller hangs up, the incident is closed: every unit is free."""
        self.must(SWITCH, c.CallOver(call=call, at=self.now, by=EndedBy.CALLER, cause=16))
        self.must(LAN, c.CloseIncident(incident=incident, disposition="done"))

    def archive(self, incident: str) -> None:
        self.must(CORE, c.ArchiveIncident(incident=incident))

    def busy(self, count: int) -> None:
        """``count`` incidents, each worked on to its end; every third one is still open."""
        for number in range(count):
            unit, other = f"A{number % 30 + 1}", f"B{number % 30 + 1}"
            call, incident = self.dispatched(unit, other, number=f"09{number:08d}")
            self.ask(LAN, c.AssignUnits(incident=incident, units=(unit,)))  # refused: it is at work
            if number % 3:
                self.finish(call, incident)
                self.archive(incident)
            else:
                self.must(LAN, c.ReleaseUnit(unit=unit))
                self.must(LAN, c.ReleaseUnit(unit=other))


def made_up(state: State, epoch: int, events: Iterable[Event], ids: CountedIds) -> Batch:
    """A batch of events that no rule would have let happen; ``after`` is only numbered."""
    asked = Asked(id=ids.new(), actor=CORE, body=c.ArchiveIncident(incident="none"))
    told = tuple(
        Recorded(seq=state.seq + number, at=START, by="core:start", command=asked.id, event=event)
        for number, event in enumerate(events, 1)
    )
    after = State(**{name: getattr(state, name) for name in state.__struct_fields__ if name != "seq"}, seq=told[-1].seq)
    entry = Entry(asked=asked, at=START, outcome=Outcome(seq=after.seq), events=told)
    return Batch(epoch=epoch, entries=(entry,), after=after)
