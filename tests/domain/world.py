"""A small world to decide in: three services, four seats, five people, seven units, and calls that carry planted
personal data, so that a leak can be found by looking for the plants."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command
from dispatch_core.domain.decide import Decision, decide
from dispatch_core.domain.events import Event, Recorded
from dispatch_core.domain.nuisance import DAY_MS
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Call, Incident, Site, State, Unit
from dispatch_core.domain.vocabulary import (
    Advice,
    Area,
    AskedPlace,
    Beds,
    Capability,
    Card,
    CardAnswer,
    CardBook,
    CardQuestion,
    ClosureKind,
    CrewState,
    EndedBy,
    HandOver,
    Hospital,
    IncidentType,
    Instant,
    Location,
    LocationSource,
    MapRef,
    MemoTo,
    Need,
    OfferRules,
    Partner,
    PastIncident,
    PremiseFound,
    Reach,
    Reason,
    RecommendRules,
    ResponsePlan,
    Role,
    SafetyRules,
    Service,
    Station,
    TargetKind,
    UnitStatus,
    Want,
    WatchHow,
    ZoneAnswer,
    ZoneSetRef,
    ZoneShare,
)

T0: Instant = 1_795_410_000_000  # 2026-11-23 12:00:00 at UTC+7
NODE = "hcm1"
PLANT = "RIÊNG-TƯ"  # in every personal text of this world
PLANTED_NUMBER = "0903556677"  # typed to be dialled
PLANTED_LAT, PLANTED_LON = 10.801234567891, 106.71987654321
FLOODED = ((106.71, 10.80), (106.72, 10.80), (106.72, 10.81), (106.71, 10.80))

SERVICES = {
    "police": Service(code="police", vi="Công an", en="Police"),
    "fire": Service(code="fire", vi="Chữa cháy", en="Fire"),
    "ambulance": Service(code="ambulance", vi="Cấp cứu", en="Ambulance"),
}
SITE = Site(
    name="TP.HCM",
    services=SERVICES,
    numbers={"113": ("police",), "114": ("fire",), "115": ("ambulance",)},
    partners={"1022": Partner(code="1022", vi="Tổng đài 1022", en="City line 1022", dial="1022")},
    area=Area(south=-80, west=-180, north=80, east=180),
    reasons={
        "meal": Reason(code="meal", vi="ăn cơm", en="meal"),
        "break": Reason(code="break", vi="giải lao", en="break"),
    },
    offers=OfferRules(reasons={"far": Reason(code="far", vi="quá xa", en="too far")}),
)
FULL_SITE = replace(
    SITE,
    wrap_up_ms=10_000,
    unattended_ms=300_000,
    again_ms=600_000,
    recommending=RecommendRules(radius_km={"ambulance": 30.0}, runs_most=3, work_most_min=300),
    safety=SafetyRules(
        offered_s=4, acknowledged_s=60, en_route_s=300, on_scene_s=600, transporting_s=900, at_hospital_s=900
    ),
)
"""The same with everything on that a site may leave off."""

POSITIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "B01": ("Bàn 1", ("police", "fire")),
    "B02": ("Bàn 2", ("ambulance",)),
    "B03": ("Bàn 3", ("ambulance", "fire")),
    "B04": ("Bàn 4", ("police",)),
}
PEOPLE = {
    "lan": Role.DISPATCHER,
    "minh": Role.DISPATCHER,
    "hoa": Role.SUPERVISOR,
    "tuan": Role.TELEPHONY_ADMIN,
}
TYPES = {
    "crash": IncidentType(
        code="crash",
        vi="Tai nạn giao thông",
        en="Road crash",
        priority=1,
        needs=(Need(service="ambulance", capability="als"), Need(service="police"), Need(service="police")),
    ),
    "theft": IncidentType(code="theft", vi="Trộm cắp", en="Theft", priority=4),
}
CAPABILITIES = {"als": Capability(code="als", service="ambulance", vi="cấp cứu nâng cao", en="advanced life support")}
PLANS = (
    ResponsePlan(
        code="crash-2",
        types=("crash",),
        level=2,
        needs=(Need(service="ambulance", capability="als"), Need(service="fire", stations=True, parallel=2)),
    ),
    ResponsePlan(
        code="theft-armed",
        types=("theft",),
        priorities=(1, 2),
        needs=(Need(service="police", count=2, radius_km=5), Need(service="ambulance")),
    ),
)
TWO = Want(service="ambulance", count=2)
TWO_ALS = Want(service="ambulance", capability="als", count=2)
ROAD = ("awake", "breathes", "many")
CARDS = CardBook(
    cards={
        "road": Card(code="road", vi="Tai nạn", en="Crash", types=("crash", "trapped"), ask=ROAD),
        "crime": Card(code="crime", vi="Trộm", en="Crime", families=("crime",), ask=("armed", "awake"), advice="away"),
    },
    questions={
        "awake": CardQuestion(
            code="awake", vi="Tỉnh không?", en="Awake?",
            answers=(
                CardAnswer(code="yes", vi="Tỉnh", en="Yes", priority=2),
                CardAnswer(code="no", vi="Không", en="No", priority=1),
                CardAnswer(code="stuck", vi="Kẹt", en="Trapped", type="trapped"),
            ),
        ),
        "breathes": CardQuestion(
            code="breathes", vi="Thở không?", en="Breathing?", when={"awake": ("no",)},
            answers=(
                CardAnswer(code="yes", vi="Thở", en="Yes", wants=(TWO_ALS,)),
                CardAnswer(code="no", vi="Không thở", en="No", type="trapped", advice="away"),
            ),
        ),
        "many": CardQuestion(
            code="many", vi="Mấy người?", en="How many?",
            answers=(
                CardAnswer(code="one", vi="Một", en="One"),
                CardAnswer(code="few", vi="Vài", en="Few", wants=(TWO, Want(service="fire"))),
                CardAnswer(
                    code="lots", vi="Nhiều", en="Lots", priority=1, wants=(Want(service="ambulance", count=4),),
                ),
            ),
        ),
        "armed": CardQuestion(
            code="armed", vi="Có dao không?", en="Armed?",
            answers=(
                CardAnswer(code="yes", vi="Có", en="Yes", priority=1, wants=(Want(service="police", count=3),)),
                CardAnswer(code="no", vi="Không", en="No", type="dragon"),
            ),
        ),
    },
    advice={"away": Advice(code="away", vi=("Tránh ra.",), en=("Get away.",), beat=100)},
)  # fmt: skip
"""A small book: one card by type, one by family; a question on both; one that hangs on another; a type that is gone."""

STATIONS = {
    "S-A": Station(id="S-A", service="ambulance", name="Trung tâm Cấp cứu 115", lat=10.77, lon=106.66),
    "S-F": Station(id="S-F", service="fire", name="PCCC Quận 1", lat=10.78, lon=106.70),
    "S-F2": Station(id="S-F2", service="fire", name="PCCC Bình Thạnh", lat=10.80, lon=106.71),
    "S-P": Station(id="S-P", service="police", name="Công an phường Bến Thành", lat=10.77, lon=106.69),
    "S-P2": Station(id="S-P2", service="police", name="Công an phường Sài Gòn", lat=10.78, lon=106.69),
}


REACHES = {
    "ambulance": (Reach(unit="A1", seconds=101.0, metres=812.5), Reach(unit="A2", seconds=240.0, metres=1_903.0)),
    "police": (Reach(unit="P1", seconds=12.0, metres=99.5),),
}


def zone(service: str, name: str = "26743", station: str = "") -> ZoneAnswer:
    return ZoneAnswer(
        service=service,
        zone_set="phường 1",
        zone=name,
        zone_name="Phường Thạnh Mỹ Tây",
        station=station or f"S-{service[0].upper()}",
        runner_up="26740",
        runner_up_name="Phường Gia Định",
        border_m=31.5,
    )


def on_the_border(answer: ZoneAnswer) -> ZoneAnswer:
    """The same for a place that lies in two zones and beyond the border too."""
    return replace(
        answer,
        backups=("S-P3",),
        mutual_aid=("sân bay",),
        shares=(
            ZoneShare(zone=answer.zone, zone_name=answer.zone_name, station=answer.station, share=0.5),
            ZoneShare(zone="26740", zone_name="Phường Gia Định", station="S-P2", share=0.25),
        ),
        outside_share=0.25,
        also=("S-P2",),
        hand_over=HandOver(kind="province", code="80", vi="Tây Ninh", en="Tay Ninh", contact="0276 113", sample=True),
    )


def unit(call_sign: str, service: str, station: str, **more: object) -> Unit:
    return Unit(call_sign=call_sign, service=service, station=station, lat=10.77, lon=106.68, **more)  # type: ignore[arg-type]


UNITS = (
    unit("A1", "ambulance", "S-A", capabilities=("als",)),
    unit("A2", "ambulance", "S-A"),
    unit("A3", "ambulance", "S-A"),
    unit("F1", "fire", "S-F"),
    unit("F2", "fire", "S-F"),
    unit("P1", "police", "S-P"),
    unit("P2", "police", "S-P2"),
)


def place(label: str = f"Ngã tư Hàng Xanh {PLANT}", **more: object) -> Location:
    values: dict[str, object] = {"lat": PLANTED_LAT, "lon": PLANTED_LON, "source": LocationSource.GAZETTEER, **more}
    return Location(label=label, **values)  # type: ignore[arg-type]


HOSPITALS = {
    "H1": Hospital(
        id="H1", name="Chợ Rẫy", lat=10.757, lon=106.659, skills=("trauma",), beds={"emergency": Beds(free=2)}
    ),
    "H2": Hospital(id="H2", name="Nhi đồng 2", lat=10.781, lon=106.702),
}


def premise(ident: str = "P1", kind: str = "hazard", **more: object) -> PremiseFound:
    values: dict[str, object] = {"label": f"Kho {PLANT}", "text": f"bình gas {PLANT}", "radius_m": 60, "metres": 12.5}
    return PremiseFound(id=ident, kind=kind, lat=10.8, lon=106.7, **(values | more))  # type: ignore[arg-type]


class Told(AssertionError):
    """A command was refused where the test counts on it."""


class World:
    """A core without a journal: decides, keeps every event, moves its own clock."""

    def __init__(self, state: State | None = None, now: Instant = T0) -> None:
        self.state = State() if state is None else state
        self.now = now
        self.story: list[Recorded] = []
        self._asked = 0

    def asked(self, kind: ActorKind, name: str, body: Command) -> Asked:
        self._asked += 1
        return Asked(id=f"{self._asked:032x}", actor=Actor(kind, name), body=body)

    def give(self, asked: Asked) -> Decision | Refusal:
        decision = decide(self.state, asked, self.now)
        if isinstance(decision, Decision):
            self.state = decision.state
            self.story += decision.events
        return decision

    def _do(self, kind: ActorKind, name: str, body: Command) -> tuple[Event, ...]:
        decision = self.give(self.asked(kind, name, body))
        if isinstance(decision, Refusal):
            raise Told(f"{body}: {decision.code} {decision.details}")
        return tuple(recorded.event for recorded in decision.events)

    def _no(self, kind: ActorKind, name: str, body: Command) -> Refusal:
        decision = self.give(self.asked(kind, name, body))
        if isinstance(decision, Decision):
            raise Told(f"{body} was not refused: {[recorded.event for recorded in decision.events]}")
        return decision

    # each of these gives the events, and raises Told where the rules say no
    def person(self, user: str, body: Command) -> tuple[Event, ...]:
        return self._do(ActorKind.PERSON, user, body)

    def switch(self, body: Command) -> tuple[Event, ...]:
        return self._do(ActorKind.SWITCH, NODE, body)

    def core(self, body: Command) -> tuple[Event, ...]:
        return self._do(ActorKind.CORE, "timer", body)

    # and these the refusal's code, and raise Told where they do not
    def person_no(self, user: str, body: Command) -> str:
        return self._no(ActorKind.PERSON, user, body).code

    def switch_no(self, body: Command) -> str:
        return self._no(ActorKind.SWITCH, NODE, body).code

    def core_no(self, body: Command) -> str:
        return self._no(ActorKind.CORE, "timer", body).code

    def refusal(self, user: str, body: Command) -> Refusal:
        return self._no(ActorKind.PERSON, user, body)

    def later(self, ms: int) -> World:
        self.now += ms
        return self

    # --- things that many tests need ----------------------------------------------------------------------------------

    def call(self, ident: str = "c1", service: str = "ambulance", *, queued: bool = True) -> Incident:
        """A call comes in (and waits in its service's queue); its incident."""
        self.switch(came(ident, service, at=self.now))
        if queued:
            self.switch(c.CallQueuedAt(call=ident, queue=f"q-{service}", at=self.now + 100))
        return self.incident_of(ident)

    def talk(self, ident: str = "c1", position: str = "B02", service: str = "ambulance") -> Incident:
        """A call comes in and the position's phone is lifted a second later."""
        self.call(ident, service)
        self.switch(c.CallTakenAt(call=ident, position=position, at=self.now + 1_000))
        return self.incident_of(ident)

    def over(self, ident: str = "c1", by: EndedBy = EndedBy.CALLER) -> None:
        self.switch(c.CallOver(call=ident, at=self.now + 60_000, by=by, cause=16))

    def incident_of(self, call: str) -> Incident:
        return self.state.incidents[self.state.calls[call].incident]

    def the(self, call: str) -> Call:
        return self.state.calls[call]

    def at_work(self, units: Sequence[str] = ("A1",), user: str = "lan") -> Incident:
        """An incident whose call is over and to which units were sent."""
        incident = self.talk()
        self.over()
        self.person(user, c.AssignUnits(incident=incident.id, units=tuple(units)))
        return self.state.incidents[incident.id]

    def at_work_on(self, incident: str) -> str:
        """A unit is sent to this incident."""
        self.person("lan", c.AssignUnits(incident=incident, units=("A1",)))
        return incident


def came(ident: str = "c1", service: str = "ambulance", at: Instant = T0) -> c.CallCame:
    number = {"police": "113", "fire": "114", "ambulance": "115"}[service]
    return c.CallCame(
        call=ident,
        node=NODE,
        at=at,
        dialled=number,
        services=(service,),
        number=f"0903{PLANT}",
        name=f"Nguyễn {PLANT}",
        carrier="viettel",
    )


def text(ident: str = "t1", said: str = f"cứu {PLANT}", at: Instant = T0, **more: str) -> c.TextCame:
    values = {"node": NODE, "dialled": "113", "number": f"0903{PLANT}", "carrier": "viettel", **more}
    return c.TextCame(text_id=ident, at=at, text=said, **values)


def staffed(site: Site = SITE) -> World:
    """A configured site with everybody signed in: lan at B02, minh at B01, hoa at B03, tuan the admin."""
    world = World()
    world.core(c.ConfigureSite(site=site, positions=POSITIONS))
    world.core(c.LoadTypes(types=TYPES, plans=PLANS, capabilities=CAPABILITIES))
    world.core(c.LoadResources(stations=STATIONS, units=UNITS))
    world.core(c.LoadHospitals(hospitals=HOSPITALS))
    world.core(c.PublishZoneSet(ref=ZoneSetRef(service="police", name="phường", version=1, zones=168)))
    world.switch(c.NodeUp(node=NODE, booted="2026-11-23 06:00:00"))
    for user, role in PEOPLE.items():
        world.core(c.SignIn(user=user, name=user.title(), role=role, session=f"s-{user}"))
    for user, position in (("lan", "B02"), ("minh", "B01"), ("hoa", "B03")):
        world.person(user, c.TakePosition(position=position))
    return world


def busy() -> World:
    """A shift in full swing: calls that wait, ring, are about to be answered or ended, or were abandoned; an incident
    with three legs and units on two of them, a closed one; a text, an alarm, a seat being installed; a call-back on its
    way, one incident folded into another, a position that writes things down and one at its meal."""
    world = staffed(replace(FULL_SITE, again_ms=0))
    world.core(c.ConfigureSite(site=world.state.site, positions={**POSITIONS, "B07": ("Bàn 7", ("police",))}))
    world.core(c.SignIn(user="thu", name="Thu", role=Role.DISPATCHER, session="s-thu"))
    world.person("thu", c.TakePosition(position="B07"))
    world.talk("c0", "B07", "police")
    world.over("c0")
    world.person("minh", c.BeNotReady(why="meal"))
    world.person("hoa", c.CallBack(number="0281 234 567", shown="115"))
    world.core(c.NobodyReady(service="fire"))
    world.now -= 40 * 60_000
    world.switch(text("t0", number=f"0905{PLANT}", at=world.now))
    world.person("minh", c.CloseConversation(conversation="t0"))
    world.now += 40 * 60_000
    day_old = (world.now - DAY_MS + 1_000,) * 3
    world.core(c.NumbersRated(ratings=(c.Rating(number=f"0906{PLANT}", closures=day_old),)))
    first = world.talk("c1", "B02")
    world.switch(c.CallPlaced(call="c1", location=place(source=LocationSource.AML, at=T0)))
    cell = place(source=LocationSource.PIDF_LO, at=T0, outline=((106.7, 10.7), (106.8, 10.7), (106.8, 10.8)))
    world.switch(c.CallPlaced(call="c1", location=cell, link=f"https://lis.example/{PLANT}"))
    world.switch(c.LocationCame(ident="l1", number=f"0909{PLANT}", at=T0, location=place(at=T0)))
    world.switch(c.RecordingRuns(call="c1", file="rec/c1.wav"))
    world.switch(c.SoundCounted(call="c1", heard_ms=2_000, played_ms=0))
    world.person("hoa", c.HoldRecording(incident=first.id, reason=f"khiếu nại của {PLANT}"))
    world.person("lan", c.HearRecording(call="c1", file="c1.wav", incident=first.id, last_s=30))
    world.switch(c.PartyJoined(call="c1", party="B04"))
    world.person("lan", c.SetType(incident=first.id, type="crash", seen=""))
    world.person("lan", c.Locate(incident=first.id, location=place(), seen=0))
    world.person("lan", c.AddNote(incident=first.id, text=f"Nạn nhân {PLANT} bất tỉnh"))
    answers = {"ambulance": zone("ambulance"), "police": on_the_border(zone("police"))}
    spot = AskedPlace(lat=PLANTED_LAT, lon=PLANTED_LON, uncertainty_m=30)
    world.core(c.RouteFound(incident=first.id, location_version=1, answers=answers, reaches=REACHES, asked=spot))
    world.person("lan", c.AssignUnits(incident=first.id, units=("A2", "P1"), reason=f"gần {PLANT}"))
    world.person("lan", c.ExplainOverride(incident=first.id, unit="A2", reason=f"A1 kẹt, {PLANT}"))
    world.person("lan", c.ReleaseUnit(unit="A2"))
    world.person("lan", c.AssignUnits(incident=first.id, units=("A1",)))
    world.person("lan", c.SetCrew(unit="A3", crew=CrewState.RESTING, rest_min=30))
    world.person("lan", c.RankAgain(incident=first.id))
    world.person("lan", c.RaiseAlarmLevel(incident=first.id, level=2, seen=1, reason=f"kẹt nhiều, {PLANT}"))
    world.person(
        "hoa", c.ReassignLeg(incident=first.id, service="police", reason=f"gần {PLANT}", dispatcher="minh")
    )
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.EN_ROUTE))
    world.person("lan", c.ReportStatus(unit="F2", status=UnitStatus.OUT_OF_SERVICE))
    engines = (Reach(unit="F1", seconds=90, metres=700, age_ms=4_000), Reach(unit="F2", seconds=95, metres=750))
    world.core(c.RouteFound(incident=first.id, location_version=1, answers={}, reaches={"fire": engines}))
    _at_places(world, first.id)
    world.person("lan", c.HangUp(call="c1"))
    world.later(5_000)
    world.call("c2", "police")
    world.switch(c.CallRings(call="c2", position="B04"))
    world.person("minh", c.AnswerCall(call="c2"))
    second = world.call("c3", "fire")
    world.over("c3")
    world.core(c.RecordingSummed(call="c3", files=()))
    world.person("hoa", c.CloseEmpty(incident=second.id))
    world.person("hoa", c.TakeOffMissed(missed="c3", reason=f"gọi nhầm {PLANT}"))
    world.call("c4", "fire")
    world.over("c4")
    fifth = world.call("c5")
    sixth = world.call("c6")
    world.person("lan", c.AddNote(incident=sixth.id, text=f"người thứ hai {PLANT}"))
    world.person("lan", c.FoldIncident(incident=sixth.id, into=fifth.id))
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=world.now, number=f"0903{PLANT}"))
    world.switch(text("t1", at=world.now))
    world.switch(text("t2", number=f"0907{PLANT}", at=world.now))
    world.person("lan", c.SendText(conversation="t1", text=f"{PLANT} ở đâu?"))
    world.switch(c.CallerPressed(call="c5", digit="5", at=world.now + 900))
    world.person("lan", c.PlayPrompt(call="c5"))
    number = f"0904{PLANT}"
    world.core(c.NumbersRated(ratings=(c.Rating(number=number, closures=tuple(range(world.now - 3, world.now))),)))
    world.person("hoa", c.SetNuisance(call="c5", on=True, reason=f"quấy rối {PLANT}"))
    world.switch(c.ForgerySeen(node=NODE, trunk="viettel"))
    world.person("tuan", c.AddPosition(position="B06", label="Bàn 6", services=("fire",)))
    world.core(c.ProbeMissed(node=NODE, number="114", why="unseen"))
    world.switch(c.CarrierLost(node=NODE, carrier="viettel"))
    world.switch(c.EventsStopped(node=NODE))
    world.switch(c.NodeUp(node="hcm2", booted="1"))
    world.switch(c.CallCame(call="x1", node="hcm2", at=world.now, dialled="113", services=("police",)))
    world.switch(c.NodeDown(node="hcm2", why="connect"))
    world.core(c.PublishMap(ref=MapRef(name="tp", version=3, dated=T0, counts={"streets": 3_044})))
    world.person("lan", c.DrawClosure(kind=ClosureKind.FLOODED, outline=FLOODED, reason=f"ngập {PLANT}"))
    world.person("hoa", c.EndClosure(closure="D1"))
    ends = world.now + 3_600_000
    world.person("lan", c.DrawClosure(kind=ClosureKind.CLOSED, outline=FLOODED[:2], reason=PLANT, until=ends))
    world.core(c.ProposeSurge(incident=first.id, waiting=9, arrivals=14, alike=4))
    world.person("lan", c.MarkDifferent(incident=first.id, other=fifth.id))
    world.now -= 40 * 60_000  # its time is over
    world.person("hoa", c.SurgeOn(incident=first.id, reason=f"nhiều người gọi {PLANT}", services=("ambulance",)))
    world.now += 40 * 60_000
    world.switch(c.CallerTold(call="c5", incident=first.id, at=world.now + 1_000))
    world.switch(c.CallerPressed(call="c5", digit="1", at=world.now + 2_000))
    _steered(world)
    _offered(world)
    _between_desks(world, first.id)
    world.person("lan", c.AssignUnits(incident=first.id, units=("F1",)))
    world.person("hoa", c.RedirectUnit(unit="F1", incident=world.incident_of("c12").id, reason=f"gần {PLANT}"))
    world.person("lan", c.ReleaseUnit(unit="F1"))
    _carded(world, first.id)
    return world


def _carded(world: World, incident: str) -> None:
    """The site has triage cards, and a caller answered."""
    world.core(c.LoadCards(book=CARDS))
    known = world.state.incidents[incident]
    world.person(
        "lan",
        c.AnswerCard(
            incident=incident, card="road", version=1, question="many", answer="few", seen_type=known.type,
            seen_priority=known.priority,
        ),
    )


def _between_desks(world: World, incident: str) -> None:
    """A note that somebody has not read, one to a seat, and a shift that is handed over with words nobody sent."""
    world.person("lan", c.SendMemo(kind=MemoTo.LEAD, name="", text=f"gọi lại {PLANT}", incident=incident, unit="A1"))
    world.person("minh", c.SendMemo(kind=MemoTo.POSITION, name="B02", text=f"nhớ {PLANT}"))
    world.now -= 40 * 60_000
    (told,) = world.person("lan", c.SendMemo(kind=MemoTo.PERSON, name="hoa", text=f"xong chưa {PLANT}"))
    world.person("hoa", c.ReadMemo(memo=getattr(told, "memo", "")))
    world.person("lan", c.HandShift(to="minh", text=f"ca đêm {PLANT}", drafts={incident: f"đang gõ {PLANT}"}))
    world.now += 40 * 60_000


def _offered(world: World) -> None:
    """Crews and stations that were asked: one said no, one has not answered, a station neither; and crews that somebody
    looks after."""
    incident = world.call("c12")
    world.now -= 60_000  # the geography answers for one of the two only
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    for service in ("ambulance", "police"):
        world.person("lan", c.OpenLeg(incident=incident.id, service=service))
    world.now += 60_000
    free = (Reach(unit="A2", seconds=200.0, metres=900.0), Reach(unit="A3", seconds=300.0, metres=1_000.0))
    world.core(c.RouteFound(incident=incident.id, location_version=1, answers={}, reaches={"ambulance": free}))
    world.now -= 10 * 60_000
    world.person("lan", c.AssignUnits(incident=world.incident_of("c1").id, units=("P2",)))
    world.person("lan", c.OfferUnits(incident=incident.id, service="ambulance"))
    world.person("lan", c.DeclineOffer(offer=f"{incident.id}.ambulance.1", why="far", reason=f"kẹt ở {PLANT}"))
    world.person("lan", c.OfferStation(incident=incident.id, station="S-P2"))
    world.now += 10 * 60_000
    world.core(c.UnitOverdue(unit="P1", status=UnitStatus.OFFERED))
    world.person("lan", c.CheckUnit(unit="A1"))


def _at_places(world: World, incident: str) -> None:
    """Beds and a divert, a patient on the way, a note written, what touches an incident, a unit moved up."""
    world.person("lan", c.SetBeds(hospital="H1", kind="icu", free=3))
    world.person("lan", c.SetDivert(hospital="H1", on=True, reason=f"kín giường vì {PLANT}", minutes=1))
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.ON_SCENE))
    world.person("lan", c.TakeTo(unit="A1", hospital="H2"))
    world.person(
        "lan",
        c.WritePremise(
            premise="", kind="gas", lat=10.8, lon=106.7, radius_m=40, label=f"nhà {PLANT}", text=f"hoá chất {PLANT}"
        ),
    )
    past = PastIncident(incident="20260101-00001", type="theft", at=T0 - 1, metres=3)
    world.core(
        c.PremisesTold(
            incident=incident, location_version=1, notes=(premise(),), hydrants=(premise("h:1", "hydrant"),),
            history=(past,),
        )
    )  # fmt: skip
    world.person("hoa", c.MoveUp(unit="F1", station="S-F2"))


def _steered(world: World) -> None:
    """Calls at phones further off: one that talks, one on hold, one with somebody consulted, one with somebody being
    called, one of three; a supervisor who listens, and another phone that is to."""
    for number in range(7, 12):
        caller = replace(came(f"c{number}", at=world.now), number=f"08{number:02d}{PLANT}")
        world.switch(caller)
        world.switch(c.CallTakenAt(call=f"c{number}", position=f"X{number:02d}", at=world.now + 1_000))
    world.later(2_000)
    for number in (8, 9, 10):
        world.switch(c.CallOnHold(call=f"c{number}", at=world.now))
    world.switch(c.PartyJoined(call="c9", party="X77"))
    world.person("hoa", c.ConsultCall(call="c10", kind=TargetKind.NUMBER, target=PLANTED_NUMBER))
    world.switch(c.PartyJoined(call="c11", party="B02"))
    world.switch(c.VoiceKept(call="c11", position="X11", on=True, at=world.now))
    further = {name: (f"Bàn {name}", ("police",)) for name in ("B07", "X07", "B12", "B13")}
    world.core(c.ConfigureSite(site=world.state.site, positions={**POSITIONS, **further}))
    world.core(c.SignIn(user="kim", name="Kim", role=Role.SUPERVISOR, session="s-kim"))
    for position in ("B12", "B13"):
        world.person("kim", c.TakePosition(position=position))
        world.person("kim", c.WatchPosition(position="X07", how=WatchHow.LISTEN))
    world.switch(c.WatchRuns(channel=world.state.watches["B13"].channel))
