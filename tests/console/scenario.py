"""A night in the control room, told by the domain's own ``decide`` and ``evolve``: what the console's tests show.

``Night`` is a small core without a network: it decides commands, keeps every event, and can hand out snapshots, beats
and stream entries of a view in the same bytes as the real one.
"""

from __future__ import annotations

import itertools

from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import checksum, encode_state
from dispatch_core.domain.commands import Actor, ActorKind, Asked
from dispatch_core.domain.decide import Decision, decide
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import EVOLVE_VERSION, Site, State, Unit
from dispatch_core.domain.views import View, shown_event, shown_state
from dispatch_core.domain.vocabulary import (
    EndedBy,
    IncidentType,
    Location,
    LocationSource,
    Need,
    Reach,
    Reason,
    Role,
    Service,
    Station,
    UnitStatus,
    ZoneAnswer,
    ZoneSetRef,
)
from dispatch_core.wire.envelopes import Beat, Snapshot, encode
from dispatch_core.wire.names import WIRE_VERSION

START = 1_795_442_400_000  # 2026-11-23 21:00:00 in Ho Chi Minh City

CORE = Actor(ActorKind.CORE, "start")
SWITCH = Actor(ActorKind.SWITCH, "hcm1")

SERVICES = {
    "police": Service(code="police", vi="Công an", en="Police", glyph="★", hue="#0072B2"),
    "fire": Service(code="fire", vi="PCCC & CNCH", en="Fire and rescue", glyph="◆", hue="#D55E00"),
    "ambulance": Service(code="ambulance", vi="Cấp cứu", en="Ambulance", glyph="●", hue="#009E73"),
}
NUMBERS = {"113": ("police",), "114": ("fire",), "115": ("ambulance",)}

TYPES = (
    ("traffic", "Tai nạn giao thông", "Traffic accident", ("tngt", "tai nạn", "va chạm", "tông xe"), 2,
     ("ambulance", "police")),
    ("traffic_trapped", "Tai nạn giao thông, có người mắc kẹt", "Traffic accident, persons trapped",
     ("tngt kẹt", "mắc kẹt"), 1, ("ambulance", "fire", "police")),
    ("house_fire", "Cháy nhà dân", "House fire", ("cháy nhà", "cháy", "khói"), 1, ("fire", "ambulance", "police")),
    ("cardiac", "Ngưng tim, ngưng thở", "Cardiac arrest", ("ngưng tim", "bất tỉnh", "không thở"), 1, ("ambulance",)),
    ("fight", "Gây rối, đánh nhau", "Fight", ("đánh nhau", "gây rối"), 3, ("police",)),
    ("theft", "Trộm cắp, cướp giật", "Theft or robbery", ("cướp", "trộm", "giật"), 2, ("police",)),
)  # fmt: skip

STATIONS = (
    ("CA-TMT", "police", "Công an phường Thạnh Mỹ Tây", 10.8030, 106.7140),
    ("CA-BT", "police", "Công an phường Bến Thành", 10.7715, 106.6950),
    ("PC-BT", "fire", "Đội Cảnh sát PCCC & CNCH khu vực Bình Thạnh", 10.8050, 106.7080),
    ("PC-Q1", "fire", "Đội Cảnh sát PCCC & CNCH khu vực Quận 1", 10.7650, 106.6920),
    ("CC-GD", "ambulance", "Trạm vệ tinh 115 Bệnh viện Nhân dân Gia Định", 10.8035, 106.6940),
    ("CC-TT", "ambulance", "Trung tâm Cấp cứu 115, đường Trần Hưng Đạo", 10.7545, 106.6790),
)

CALL_SIGNS = {"police": "B", "fire": "FE", "ambulance": "A"}
PLACES = (
    ("Ngã tư Hàng Xanh, phường Thạnh Mỹ Tây", 10.8016, 106.7113),
    ("Chợ Bến Thành, phường Bến Thành", 10.7725, 106.6980),
    ("Hẻm 214/28/6 Nguyễn Trãi, phường Nguyễn Cư Trinh (cũ), phường Cầu Ông Lãnh", 10.7640, 106.6880),
    ("Bệnh viện Nhân dân Gia Định, 1 Nơ Trang Long, phường Gia Định", 10.8038, 106.6943),
    ("Bến xe Miền Đông (cũ), đường Đinh Bộ Lĩnh, phường Bình Thạnh", 10.8155, 106.7105),
)


class Night:
    """A core in memory. ``story`` holds every event; ``now`` is moved by hand with ``wait``."""

    def __init__(self, units_per_service: int = 12) -> None:
        self.state = State()
        self.now = START
        self.story: list[Recorded] = []
        self.generation = "night-1"
        self.epoch = 1
        self._ids = itertools.count(1)
        self._units_per_service = units_per_service

    # --- deciding -----------------------------------------------------------------------------------------------------

    def ask(self, actor: Actor, body: c.Command, ident: str = "") -> Refusal | None:
        outcome = decide(self.state, Asked(id=ident or f"{next(self._ids):032x}", actor=actor, body=body), self.now)
        if isinstance(outcome, Decision):
            self.state = outcome.state
            self.story.extend(outcome.events)
            return None
        return outcome

    def must(self, actor: Actor, body: c.Command) -> None:
        refusal = self.ask(actor, body)
        if refusal is not None:
            raise AssertionError(f"{body} was refused: {refusal.sentence('en')}")

    def person(self, user: str) -> Actor:
        return Actor(ActorKind.PERSON, user)

    def wait(self, seconds: float) -> None:
        self.now += int(seconds * 1000)

    # --- setting up ---------------------------------------------------------------------------------------------------

    def begin(self) -> Night:
        """The site, its people at their positions, resources and zone sets."""
        site = Site(
            name="Trung tâm tiếp nhận tin khẩn cấp TP. Hồ Chí Minh", services=SERVICES, numbers=NUMBERS,
            reasons={"meal": Reason(code="meal", vi="ăn cơm", en="meal")},
        )  # fmt: skip
        seats = {
            f"B{n:02d}": (f"Bàn {n}", services)
            for n, services in enumerate(
                [("police", "fire", "ambulance"), ("ambulance",), ("police",), ("fire",), ("ambulance", "police")], 1
            )
        }
        self.must(CORE, c.ConfigureSite(site=site, positions=seats))
        self.must(CORE, c.LoadTypes(types={row[0]: _incident_type(row) for row in TYPES}))
        self.must(CORE, c.LoadResources(stations=_stations(), units=self._units()))
        for service in SERVICES:
            ref = ZoneSetRef(service=service, name=f"{service}-wards", version=1, zones=168, approximate=True)
            self.must(CORE, c.PublishZoneSet(ref=ref))
        self.must(SWITCH, c.NodeUp(node="hcm1", booted="2026-11-23 20:00:00"))
        for user, name, role in (
            ("lan", "Nguyễn Thị Ngọc Lan", Role.DISPATCHER),
            ("minh", "Trần Quang Minh", Role.DISPATCHER),
            ("hung", "Huỳnh Phạm Nguyên Hưng", Role.SUPERVISOR),
            ("quan", "Lê Anh Quân", Role.TELEPHONY_ADMIN),
        ):
            self.must(CORE, c.SignIn(user=user, name=name, role=role, session=f"session-{user}"))
        self.must(self.person("lan"), c.TakePosition(position="B01"))
        self.must(self.person("minh"), c.TakePosition(position="B02"))
        return self

    def _units(self) -> tuple[Unit, ...]:
        stations = {service: [s for s in STATIONS if s[1] == service] for service in SERVICES}
        units = []
        for service, letters in CALL_SIGNS.items():
            for n in range(1, self._units_per_service + 1):
                home = stations[service][n % 2]
                units.append(
                    Unit(
                        call_sign=f"{letters}{n}", service=service, station=home[0],
                        label=f"{SERVICES[service].vi} {n}", capabilities=("ladder",) if letters == "FE" else (),
                        lat=home[3] + 0.002 * (n % 5), lon=home[4] - 0.0015 * (n % 7), sample=True,
                    )
                )  # fmt: skip
        return tuple(units)

    # --- what happens -------------------------------------------------------------------------------------------------

    def ring(self, dialled: str, number: str, name: str = "", *, queue: bool = True) -> str:
        """A call comes in and waits; gives its id."""
        call = f"hcm1-{next(self._ids):06d}"
        self.must(
            SWITCH,
            c.CallCame(
                call=call, node="hcm1", at=self.now, dialled=dialled, services=NUMBERS[dialled], number=number,
                name=name, carrier="vnpt",
            ),
        )  # fmt: skip
        if queue:
            self.must(SWITCH, c.CallQueuedAt(call=call, queue=f"q{dialled}", at=self.now))
        return call

    def rings_at(self, call: str, position: str) -> None:
        self.must(SWITCH, c.CallRings(call=call, position=position))

    def answer(self, call: str, position: str) -> str:
        """The position talks with the caller; gives the incident."""
        self.must(SWITCH, c.CallTakenAt(call=call, position=position, at=self.now))
        self.must(SWITCH, c.RecordingRuns(call=call, file=f"{call}.wav"))
        return self.state.calls[call].incident

    def end(self, call: str, by: EndedBy = EndedBy.CALLER) -> None:
        self.must(SWITCH, c.CallOver(call=call, at=self.now, by=by, cause=16))

    def place(self, user: str, incident: str, place: int, *, outside: bool = False) -> None:
        """Somebody says where; the geography answers for every open leg."""
        label, lat, lon = PLACES[place % len(PLACES)]
        seen = self.state.incidents[incident].location_version
        spot = Location(
            label=label, source=LocationSource.GAZETTEER, lat=lat, lon=lon, uncertainty_m=31, confidence=90, at=self.now
        )
        self.must(self.person(user), c.Locate(incident=incident, location=spot, seen=seen))
        self.route(incident, outside=outside)

    def route(self, incident: str, *, outside: bool = False) -> None:
        known = self.state.incidents[incident]
        services = tuple(known.legs) or known.services
        self.must(
            CORE,
            c.RouteFound(
                incident=incident,
                location_version=known.location_version,
                answers={service: _zone_answer(service, outside) for service in services},
                reaches={service: self._reaches(service) for service in services},
            ),
        )

    def _reaches(self, service: str) -> tuple[Reach, ...]:
        free = [u for u in self.state.units.values() if u.service == service and u.status is UnitStatus.AVAILABLE]
        return tuple(
            Reach(unit=unit.call_sign, seconds=60.0 + 91 * n, metres=420.0 + 730 * n) for n, unit in enumerate(free[:5])
        )

    # --- what goes over the wire --------------------------------------------------------------------------------------

    def shown(self, view: View) -> State:
        return shown_state(view, self.state)

    def snapshot(self, view: View = View.OPERATIONS) -> bytes:
        state = self.shown(view)
        return encode(
            Snapshot(
                wire=WIRE_VERSION, evolve=EVOLVE_VERSION, generation=self.generation, epoch=self.epoch, seq=state.seq,
                at=self.now, state=encode_state(state),
            )
        )  # fmt: skip

    def beat(self, view: View = View.OPERATIONS, *, with_checksum: bool = True, read_only: bool = False) -> bytes:
        return encode(
            Beat(
                wire=WIRE_VERSION, evolve=EVOLVE_VERSION, generation=self.generation, epoch=self.epoch,
                seq=self.state.seq, at=self.now, checksum=checksum(self.shown(view)) if with_checksum else "",
                read_only=read_only, order_limit_s=60,
            )
        )  # fmt: skip

    def entries(self, after: int = 0, view: View = View.OPERATIONS) -> list[tuple[int, bytes]]:
        """(seq, payload) of every event after ``after``; the payload is empty where the view does not show it."""
        found = []
        for recorded in self.story:
            if recorded.seq > after:
                seen = shown_event(view, recorded)
                found.append((recorded.seq, b"" if seen is None else encode(seen)))
        return found


def _incident_type(row: tuple[str, str, str, tuple[str, ...], int, tuple[str, ...]]) -> IncidentType:
    code, vi, en, keywords, priority, services = row
    needs = tuple(Need(service=service, count=1) for service in services)
    return IncidentType(code=code, vi=vi, en=en, keywords=keywords, priority=priority, needs=needs)


def _stations() -> dict[str, Station]:
    return {
        ident: Station(id=ident, service=service, name=name, lat=lat, lon=lon, sample=True)
        for ident, service, name, lat, lon in STATIONS
    }


def _zone_answer(service: str, outside: bool) -> ZoneAnswer:
    home = next(s for s in STATIONS if s[1] == service)
    return ZoneAnswer(
        service=service, zone_set=f"{service}-wards 1", zone="26956", zone_name="phường Thạnh Mỹ Tây", station=home[0],
        runner_up="26959", runner_up_name="phường Bình Thạnh", border_m=38.0, outside=outside,
        outside_m=640.0 if outside else 0.0, approximate=True,
    )  # fmt: skip


def busy_night() -> Night:
    """Calls waiting, ringing, answered and missed; incidents in every state; units at every step."""
    night = Night().begin()
    lan, minh, hung = night.person("lan"), night.person("minh"), night.person("hung")

    first = night.ring("115", "0903123456", "NGUYEN VAN A")
    night.rings_at(first, "B01")
    night.wait(6)
    crash = night.answer(first, "B01")
    night.must(lan, c.SetType(incident=crash, type="traffic_trapped", seen=""))
    night.place("lan", crash, 0)
    night.must(lan, c.AddNote(incident=crash, text="Xe tải tông xe máy, hai người mắc kẹt dưới gầm, tỉnh táo."))
    night.must(lan, c.AssignUnits(incident=crash, units=("A2", "A4", "FE3")))
    for unit, statuses in (
        ("A2", (UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE)),
        ("FE3", (UnitStatus.ACKNOWLEDGED, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE)),
    ):
        for status in statuses:
            night.wait(20)
            night.must(lan, c.ReportStatus(unit=unit, status=status))
    night.end(first)

    second = night.ring("114", "02838291147", "Trần Thị Bé")
    night.wait(4)
    fire = night.answer(second, "B02")
    night.must(minh, c.SetType(incident=fire, type="house_fire", seen=""))
    night.place("minh", fire, 2, outside=True)
    night.must(minh, c.AssignUnits(incident=fire, units=("FE5", "A6", "B4")))
    night.must(minh, c.ReportStatus(unit="A6", status=UnitStatus.ON_SCENE))
    night.must(minh, c.ReportStatus(unit="A6", status=UnitStatus.TRANSPORTING))
    night.must(
        hung,
        c.ReassignLeg(
            incident=fire,
            service="police",
            dispatcher="lan",
            reason="Lan đang điều cả khu Thạnh Mỹ Tây, gom về một mối",
        ),
    )
    night.wait(75)

    lost = night.ring("113", "0987654321")
    night.wait(14)
    night.end(lost)

    third = night.ring("113", "0912000777")
    fight = night.answer(third, "B02")
    night.must(minh, c.SetType(incident=fight, type="fight", seen=""))
    night.place("minh", fight, 4)
    night.end(third)
    night.must(minh, c.CloseIncident(incident=fight, disposition="resolved"))

    night.must(lan, c.ReportStatus(unit="A9", status=UnitStatus.OUT_OF_SERVICE))
    night.wait(12)
    waiting = night.ring("115", "0868112233")
    night.rings_at(waiting, "B02")
    night.wait(17)
    overflow = night.ring("114", "0283930114")
    night.must(SWITCH, c.CallQueuedAt(call=overflow, queue="q-all", at=night.now, overflow=True))
    mine = night.ring("115", "0777999115", "Phạm Hoàng Thiên Ân")
    night.rings_at(mine, "B01")
    night.wait(3)
    night.answer(mine, "B01")
    night.must(SWITCH, c.MessageParked(node="hcm1", why="not UTF-8"))
    night.wait(9)
    return night
