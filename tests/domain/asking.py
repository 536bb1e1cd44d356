"""Hypothesis strategies for every command there is, over the small world: mostly sensible, sometimes not at all.

Each field of a command has its values here by name; a command with a field that is not here fails, so that a new one
cannot go untried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, get_args

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain.authority import CORE, INTAKE, PEOPLE, SWITCH
from dispatch_core.domain.commands import Actor, ActorKind, Body, Command
from dispatch_core.domain.decide.hospitals import CARRIES
from dispatch_core.domain.recorded import RecordedFile
from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.state import Call, Site, State
from dispatch_core.domain.triage import card_of, given_to, questions_of
from dispatch_core.domain.vocabulary import (
    USUAL_PLACE_RULES,
    AskedPlace,
    CallBackOutcome,
    ClosureKind,
    CrewState,
    EndedBy,
    Location,
    LocationSource,
    MapRef,
    MemoTo,
    OfferOutcome,
    PastIncident,
    PlaceRules,
    Reach,
    Role,
    SteerAct,
    TargetKind,
    UnitStatus,
    WatchHow,
    ZoneSetRef,
)
from tests.domain.world import (
    CAPABILITIES,
    CARDS,
    FULL_SITE,
    HOSPITALS,
    NODE,
    PLANS,
    PLANT,
    PLANTED_LAT,
    PLANTED_LON,
    PLANTED_NUMBER,
    POSITIONS,
    SITE,
    STATIONS,
    T0,
    TYPES,
    UNITS,
    on_the_border,
    premise,
    unit,
    zone,
)

COMMANDS: tuple[type[Body], ...] = get_args(Command)



def seldom(sensible: Any, *odd: Any) -> SearchStrategy[Any]:
    """Mostly the first value."""
    return st.integers(0, 5 * len(odd)).map(lambda n: odd[n] if n < len(odd) else sensible)


few_calls = st.sampled_from(["c1", "c2", "c3", "c4", "c6", "cb1", "cb2"])
missed_lines = st.sampled_from(["c3", "c4", "c5", "c9"])
few_incidents = st.sampled_from([f"20261123-{n:05d}" for n in range(1, 5)] + ["20261124-00001", "20261123-99999"])
services = st.sampled_from(["police", "fire", "ambulance", "ambulance", "moon"])
units = st.sampled_from(["A1", "A1", "A2", "A3", "F1", "P1", "P2", "X9"])
stations = st.sampled_from(["S-A", "S-F", "S-P", "S-P2", "S-9"])
users = st.sampled_from(["lan", "minh", "hoa", "tuan", "ma"])
positions = st.sampled_from(["B01", "B02", "B03", "B04", "B05", "B06", "B99"])
priorities = st.integers(0, 6)
words = seldom(f"{PLANT} té xe, chảy máu", f"{PLANT}\x00\ud800", "   ", "x" * 4_001)
reasons = seldom(f"gần hơn {PLANT}", "", "x" * 501)
instants = st.integers(0, 40).map(lambda step: T0 + step * 500)

places = st.builds(
    Location,
    label=seldom(f"Ngã tư Hàng Xanh {PLANT}", f"hẻm 5 {PLANT}", "", "x" * 501),
    source=st.sampled_from(LocationSource),
    lat=seldom(PLANTED_LAT, None, float("nan"), 91),
    lon=seldom(PLANTED_LON, None),
    uncertainty_m=seldom(30, 0, -0.0, -1.0),
    at=instants,
)
site_of = st.sampled_from(
    [SITE, FULL_SITE, Site(name="khác", utc_offset_min=480, services=SITE.services), Site(utc_offset_min=1440)]
)
seats = st.sampled_from([POSITIONS, {k: POSITIONS[k] for k in ("B01", "B02")}, {**POSITIONS, "B05": ("5", ("fire",))}])
unit_lists = st.sampled_from(
    [
        UNITS,
        UNITS[1:],
        (*UNITS, unit("A9", "ambulance", "S-A", status=UnitStatus.ON_SCENE)),
        (*UNITS[:2], unit("X9", "moon", "S-A", status=UnitStatus.OUT_OF_SERVICE)),
    ]
)


answers = st.dictionaries(services, st.builds(zone, services, st.sampled_from(["26740", "26743"])), max_size=2)
answers = answers | st.just({"police": on_the_border(zone("police"))})
asked_places = st.none() | st.builds(AskedPlace, lat=st.just(PLANTED_LAT), lon=st.just(PLANTED_LON))
a_reach = st.builds(Reach, unit=units, seconds=st.integers(0, 900), metres=st.integers(0, 900))
reaches = st.dictionaries(services, st.lists(a_reach, max_size=2).map(tuple), max_size=2)
listed_calls = st.lists(
    st.builds(
        c.LiveCall,
        call=few_calls,
        dialled=st.just("115"),
        services=st.just(("ambulance",)),
        number=st.sampled_from(["", f"0903{PLANT}"]),
        queue=st.sampled_from(["", "q-ambulance", "q-all"]),
        position=st.sampled_from(["", "", "B01", "B02"]),
        recording=st.sampled_from(["", "rec/1.wav"]),
        parties=st.sampled_from([None, (), ("B02",), ("B01", "viettel")]),
        muted=st.sampled_from([None, (), ("B02",)]),
        arrived_at=st.one_of(st.just(0), instants),
        test=seldom(False, True),
    ),
    max_size=3,
    unique_by=lambda listed: listed.call,
).map(tuple)

BY_NAME: dict[str, SearchStrategy[Any]] = {
    "user": users,
    "to": users,
    "name": st.sampled_from(["Lan", f"Nguyễn {PLANT}", f"{PLANT}\r\nEvent: Hangup"]),
    "role": st.sampled_from(Role),
    "session": st.sampled_from(["s-1", "s-2"]),
    "position": positions,
    "call": few_calls,
    "incident": few_incidents,
    "type": st.sampled_from(["crash", "theft", "dragon"]),
    "priority": priorities,
    "location": places,
    "happened_at": st.just(0) | instants,
    "text": words,
    "service": services,
    "unit": units,
    "units": st.lists(units, max_size=3).map(tuple) | seldom(("A1", "F1"), tuple(f"A{n}" for n in range(50))),
    "status": st.sampled_from(UnitStatus),
    "level": st.integers(0, 6),
    "crew": st.sampled_from(CrewState),
    "rest_min": seldom(0, 30, 721, -1),
    "capabilities": st.sampled_from([CAPABILITIES, {}]),
    "plans": st.sampled_from([PLANS, PLANS[1:], ()]),
    "reason": reasons,
    "disposition": seldom("resolved", " ", "x" * 61),
    "key": st.sampled_from([f"telephony_blind:{NODE}", "forged_event:viettel", f"message_parked:{NODE}", "none"]),
    "label": st.sampled_from(["Bàn 5", "", "5\r\n[hack]", "x" * 61]),
    "services": st.lists(services, max_size=2).map(tuple),
    "vi": st.just("Không nạp được"),
    "en": st.just("Could not load"),
    "node": st.sampled_from([NODE, NODE, "hcm2"]),
    "booted": st.sampled_from(["1", "1", "2"]),
    "why": st.sampled_from(["refused", "no_outcome"]),
    "at": instants,
    "dialled": st.sampled_from(["113", "115"]),
    "number": st.sampled_from(["", f"0903{PLANT}"]),
    "carrier": st.sampled_from(["", "viettel"]),
    "note": st.sampled_from(["", "malformed"]),
    "link": seldom("", f"https://lis.example/{PLANT}"),
    "ident": st.sampled_from(["l1", "l2"]),
    "queue": st.sampled_from(["q-ambulance", "q-all"]),
    "overflow": st.booleans(),
    "party": st.sampled_from(["B01", "B03", "B04"]),
    "by": st.sampled_from(EndedBy),
    "ms": st.integers(0, 9_000),
    "cause": st.sampled_from([0, 16]),
    "file": st.sampled_from(["rec/1.wav", "rec/2.wav"]),
    "heard_ms": st.sampled_from([0, 20_000]),
    "played_ms": st.sampled_from([-1, 9_000]),
    "files": st.lists(
        st.builds(
            RecordedFile,
            file=st.sampled_from(["c1.wav", "c2.wav"]),
            found=seldom(True, False),
            readable=seldom(True, False),
            final=seldom(True, False),
            ms=st.sampled_from([1_000, 19_000]),
        ),
        max_size=2,
    ).map(tuple),
    "last_s": st.sampled_from([0, 30, -1]),
    "sha256": st.just("00"),
    "text_id": st.sampled_from(["t1", "t2", "t3", "t4"]),
    "conversation": st.sampled_from(["t1", "t2", "t9"]),
    "origin": st.sampled_from(["", "o1", "o2"]),
    "since": instants,
    "digit": st.sampled_from(["5", "1", "1", "#", "x"]),
    "on": st.booleans(),
    "confirmed": st.booleans(),
    "ratings": st.lists(
        st.builds(
            c.Rating,
            number=st.sampled_from(["", f"0903{PLANT}", f"0904{PLANT}"]),
            closures=st.lists(st.integers(0, 40).map(lambda days: T0 - days * 86_400_000), max_size=8).map(tuple),
            real_at=st.sampled_from([0, T0 - 86_400_000, T0]),
        ),
        max_size=2,
    ).map(tuple),
    "trunk": st.sampled_from(["viettel", ""]),
    "in_use": st.integers(0, 12),
    "capacity": st.integers(0, 10),
    "test": seldom(False, True),
    "asked_at": instants,
    "calls": listed_calls,
    "answers": answers,
    "reaches": reaches,
    "asked": asked_places,
    "missed": missed_lines,
    "shown": seldom("", "115", "199"),
    "outcome": st.sampled_from(CallBackOutcome),
    "into": few_incidents,
    "other": few_incidents,
    "sound": seldom("", "surge", "none"),
    "book": st.sampled_from([CARDS, CARDS, replace(CARDS, cards={}), replace(CARDS, questions={})]),
    "card": st.sampled_from(["road", "crime", "dragon"]),
    "version": st.integers(0, 2),
    "question": st.sampled_from([*CARDS.questions, "dragon"]),
    "answer": st.sampled_from(["yes", "no", "one", "few", "lots", "stuck"]),
    "seen_type": st.sampled_from(["", "crash", "theft"]),
    "seen_priority": priorities,
    "waiting": st.just(9),
    "arrivals": st.just(14),
    "alike": st.just(4),
    "sameness": st.sampled_from([Sameness(), Sameness(threshold=70)]),
    "location_version": st.integers(0, 3),
    "kind": st.sampled_from([TargetKind.NUMBER, TargetKind.NUMBER, *TargetKind]),
    "target": st.sampled_from([PLANTED_NUMBER, PLANTED_NUMBER, "B01", "B02", "B12", "fire", "114", f"09{PLANT}", ""]),
    "act": st.sampled_from(SteerAct),
    "how": st.sampled_from(WatchHow),
    "channel": st.sampled_from(["watch-1", "watch-2"]),
    "watches": st.sampled_from([None, (), ("watch-1",)]),
    "site": site_of,
    "positions": seats,
    "types": st.sampled_from([TYPES, {}]),
    "stations": st.sampled_from([STATIONS, {"S-A": STATIONS["S-A"]}]),
    "offer": st.sampled_from([f"20261123-0000{n}.{it}.1" for n in (1, 2) for it in ("ambulance", "police")]),
    "skip": st.booleans(),
    "rules": st.sampled_from([USUAL_PLACE_RULES, replace(USUAL_PLACE_RULES, delivered="icu"), PlaceRules()]),
    "hospitals": st.sampled_from([HOSPITALS, {"H1": HOSPITALS["H1"]}, {}]),
    "hospital": st.sampled_from(["H1", "H1", "H2", "H9"]),
    "free": seldom(3, 0, -1, 10_000),
    "until": st.just(0) | instants,
    "minutes": seldom(30, 0, -1),
    "premise": st.sampled_from(["", "P1", "P2", "h:1", "P99999999999"]),
    "lat": seldom(10.8, float("nan"), 91.0),
    "lon": seldom(106.7, 181.0),
    "radius_m": seldom(30.0, 0.0, float("inf")),
    "notes": st.lists(st.sampled_from([premise(), premise("P2", "access")]), max_size=2).map(tuple),
    "hydrants": st.lists(st.just(premise("h:1", "hydrant")), max_size=2).map(tuple),
    "history": st.lists(st.just(PastIncident(incident="20260101-00001", type="theft", at=T0)), max_size=2).map(tuple),
    "station": stations,
    "ref": st.builds(
        ZoneSetRef, service=services, name=st.just("phường"), version=st.integers(1, 2), zones=st.just(168)
    ),
}
BY_NAME |= {
    "closure": st.sampled_from(["D1", "D2", "D9"]),
    "outline": seldom(
        ((106.71, 10.80), (106.72, 10.81)),
        ((1.0, 2.0),),
        ((float("nan"), 2.0), (1.0, 2.0)),
    ),
    "vehicles": seldom((), ("fire_engine",), ("tank",)),
    "until": st.just(0) | instants,
}
MEMOS = tuple(f"{n:032x}" for n in range(1, 120))
BY_NAME |= {
    "memo": st.sampled_from(MEMOS),
    "works": st.booleans(),
    "drafts": st.dictionaries(few_incidents, words, max_size=2),
}
BY_FIELD: dict[tuple[type[Body], str], SearchStrategy[Any]] = {
    (c.SendMemo, "kind"): st.sampled_from(MemoTo),
    (c.SendMemo, "name"): st.sampled_from(["lan", "minh", "hoa", "B01", "B02", "B99", "ambulance", "fire", "moon"]),
    (c.SendMemo, "incident"): st.just("") | few_incidents,
    (c.SendMemo, "answers"): st.just("") | st.sampled_from(MEMOS),
    (c.SendMemo, "unit"): st.just("") | units,
    (c.HandShift, "incidents"): st.just(()) | st.lists(few_incidents, max_size=2).map(tuple),
    (c.TakeShift, "incidents"): st.just(()) | st.lists(few_incidents, max_size=2).map(tuple),
    (c.SurgeOn, "minutes"): st.sampled_from([0, 0, 5, 999]),
    (c.SetBeds, "kind"): st.sampled_from(["emergency", "icu", "moon"]),
    (c.WritePremise, "kind"): st.sampled_from(["hazard", "access", "moon"]),
    (c.SignIn, "name"): st.sampled_from(["Lan", "Trần Thị Lan"]),
    (c.SignOut, "session"): seldom("", "s-1", "s-old"),
    (c.SetType, "seen"): st.sampled_from(["", "", "crash"]),
    (c.SetPriority, "seen"): st.sampled_from([3, 3, 1, 4]),
    (c.AnswerCard, "seen"): st.sampled_from(["", "", "yes", "no"]),
    (c.RaiseAlarmLevel, "seen"): st.sampled_from([1, 1, 2]),
    (c.LowerAlarmLevel, "seen"): st.sampled_from([2, 2, 3]),
    (c.RankAgain, "service"): st.just("") | services,
    (c.Locate, "seen"): st.integers(0, 2),
    (c.RouteFound, "seen"): st.integers(0, 40),
    (c.ReassignLeg, "dispatcher"): st.sampled_from(["", "", "minh", "tuan", "ma"]),
    (c.ReassignLeg, "station"): st.sampled_from(["", "", "S-P2", "S-A", "S-9"]),
    (c.ReassignLeg, "unit"): st.sampled_from(["", "A2", "P1", "X9"]),
    (c.ReassignLeg, "instead_of"): st.sampled_from(["", "A1", "P2", "X9"]),
    (c.AddPosition, "position"): st.sampled_from(["B05", "b05", "B06", "9-B", "B01"]),
    (c.ExportEvidence, "calls"): st.integers(0, 3),
    (c.HoldRecording, "call"): seldom("", "c1", "c9"),
    (c.ReleaseHold, "call"): seldom("", "c1"),
    (c.ProbeSeen, "number"): st.sampled_from(["113", "114"]),
    (c.ProbeMissed, "number"): st.sampled_from(["113", "114", "117"]),
    (c.WatchPosition, "position"): st.sampled_from(["X07", "X07", "B02", "B12", "B99"]),
    (c.CallOffHold, "at"): st.just(0) | instants,
    (c.LoadResources, "units"): unit_lists,
    (c.CallBack, "call"): st.sampled_from(["", "", "c3", "c4", "c5"]),
    (c.CallBack, "missed"): st.sampled_from(["", "", "c3", "c4"]),
    (c.CallBack, "number"): st.sampled_from(["", "", "0287 654.321", "1", f"0903{PLANT}"]),
    (c.CallBack, "incident"): st.just("") | few_incidents,
    (c.CallBackFailed, "why"): st.sampled_from(["refused", "unknown", "no_outcome"]),
    (c.BeNotReady, "why"): seldom("meal", "dance", "break"),
    (c.DrawClosure, "kind"): st.sampled_from(ClosureKind),
    (c.PublishMap, "ref"): st.builds(MapRef, name=st.just("tp"), version=st.integers(1, 2)),
    (c.OfferUnits, "units"): seldom((), ("A1",), ("A2", "P2"), ("X9",), tuple(f"A{n}" for n in range(50))),
    (c.OfferUnits, "service"): services,
    (c.OfferStation, "service"): seldom("", "police", "ambulance", "moon"),
    (c.OfferStation, "station"): seldom("", "S-A", "S-P2", "S-9"),
    (c.AcceptOffer, "units"): seldom((), ("A1",), ("A3",), ("P1", "P2"), ("X9",)),
    (c.DeclineOffer, "why"): seldom("", "far", "dance"),
    (c.UndoReassign, "incident"): st.just("") | few_incidents,
    (c.UndoReassign, "unit"): st.sampled_from(["", "", "A1", "A2", "P1", "X9"]),
    (c.CallCame, "services"): st.sampled_from([("ambulance",), ("police", "fire"), ()]),
}

OF_CALLS: tuple[type[Body], ...] = tuple(
    kind for kind in COMMANDS if kind in SWITCH and "call" in kind.__struct_fields__
)
OF_DESKS: tuple[type[Body], ...] = tuple(
    kind for kind in COMMANDS if kind in PEOPLE and kind not in (c.SignOut, c.LeavePosition)
)
NEW_CALLS = (c.CallCame, c.CallBackStarted)


def fields_of(kind: type[Body]) -> dict[str, SearchStrategy[Any]]:
    names = (field.name for field in msgspec.structs.fields(kind))
    return {name: BY_FIELD[kind, name] if (kind, name) in BY_FIELD else BY_NAME[name] for name in names}


@cache
def command(kind: type[Body]) -> SearchStrategy[Any]:
    return st.builds(kind, **fields_of(kind))


def any_of(kinds: tuple[type[Body], ...]) -> SearchStrategy[Any]:
    return st.sampled_from(kinds).flatmap(command)


PERSONS = tuple(Actor(ActorKind.PERSON, user) for user in ("lan", "minh", "hoa", "kim", "tuan", "thu", "ma"))
MACHINES = {
    ActorKind.SWITCH: Actor(ActorKind.SWITCH, NODE),
    ActorKind.INTAKE: Actor(ActorKind.INTAKE, "radio"),
    ActorKind.CORE: Actor(ActorKind.CORE, "timer"),
}


def right_actors(state: State, kind: type[Body]) -> tuple[Actor, ...]:
    """Who may give such a command now."""
    tables = {ActorKind.SWITCH: SWITCH, ActorKind.INTAKE: INTAKE, ActorKind.CORE: CORE}
    machines = tuple(MACHINES[of] for of, may in tables.items() if kind in may)
    may = PEOPLE.get(kind, frozenset())
    persons = tuple(it for it in PERSONS if it.name in state.people and state.people[it.name].role in may)
    return machines + persons or PERSONS


def _talks(call: Call) -> bool:
    return bool(call.position) and not call.hang_up_asked and call.steer is None


SUITS: dict[type[Body], Callable[[Call], bool]] = {
    c.CallRingsNoMore: lambda call: bool(call.ringing),
    c.AnswerCall: lambda call: call.state.waiting and call.intent is None,
    c.ResumeCall: lambda call: _talks(call) and bool(call.held_at),
    c.CompleteConsult: lambda call: _talks(call) and bool(call.held_at and call.parties),
    c.JoinConsult: lambda call: _talks(call) and bool(call.held_at and call.parties),
    c.BackToCaller: lambda call: _talks(call) and bool(call.held_at and call.parties),
    c.LeaveConference: lambda call: _talks(call) and bool(call.parties),
    c.MuteCall: lambda call: _talks(call) and bool(call.parties),
    c.TargetNotReached: lambda call: call.steer is not None,
    c.SteerFailed: lambda call: call.steer is not None,
}
SUITS |= dict.fromkeys(
    (c.HoldCall, c.TransferCall, c.ConsultCall, c.InviteToCall),
    lambda call: _talks(call) and not call.held_at and not call.parties,
)


def to_the_point(state: State, body: Any, pick: Callable[[Sequence[str]], str]) -> Any:
    """The command about things that are there, by somebody who has just looked."""
    fields = set(type(body).__struct_fields__)
    if "missed" in fields and state.missed and not isinstance(body, c.CallBack):
        body = replace(body, missed=pick(sorted(state.missed)))
    if isinstance(body, c.CallBack):
        return _whom(state, body, pick)
    if isinstance(body, c.CallBackFailed | c.CallBackOver):
        return replace(body, call=pick(sorted(it.id for it in state.calls.values() if it.back) or ["cb1"]))
    if isinstance(body, c.WrapUpOver):
        wrapping = sorted(it.id for it in state.positions.values() if it.duty.until)
        return replace(body, position=pick(wrapping or ["B01"]))
    if isinstance(body, c.UnfoldIncident):
        folded = sorted(it.id for it in state.incidents.values() if it.folded)
        return replace(body, incident=pick(folded or ["none"]))
    if "call" in fields and not isinstance(body, NEW_CALLS) and state.calls:
        suits = SUITS.get(type(body), lambda _: True)
        suitable = sorted(ident for ident, it in state.calls.items() if suits(it))
        body = replace(body, call=pick(suitable or sorted(state.calls)))
    if "incident" in fields and state.incidents:
        body = replace(body, incident=pick(sorted(state.incidents)))
    if "memo" in fields and state.memos:
        body = replace(body, memo=pick(sorted(state.memos)))
    if isinstance(body, c.TakeShift | c.DropShift | c.ShiftWaits) and state.hand_overs:
        body = replace(body, user=pick(sorted(state.hand_overs)))
    if "conversation" in fields and state.conversations:
        body = replace(body, conversation=pick(sorted(state.conversations)))
        if "text_id" in fields:
            lines = state.conversations[body.conversation].lines
            body = replace(body, text_id=pick([line.id for line in lines]))
    if "offer" in fields:
        every = [it for known in state.incidents.values() for leg in known.legs.values() for it in leg.offers]
        standing = sorted(it.id for it in every if it.outcome is OfferOutcome.PENDING)
        body = replace(body, offer=pick(standing or sorted(it.id for it in every) or ["none"]))
    if isinstance(body, c.AssignUnits | c.OfferUnits):
        free = sorted(sign for sign, it in state.units.items() if it.assignment is None)
        body = replace(body, units=pick(((), (pick(free or ["A1"]),), body.units)))  # type: ignore[arg-type]
    if isinstance(body, c.CheckUnit | c.UnitOverdue):
        at_work = sorted(sign for sign, it in state.units.items() if it.assignment is not None)
        body = replace(body, unit=pick(at_work or ["A1"]))
    if isinstance(body, c.UnitOverdue) and body.unit in state.units:
        body = replace(body, status=state.units[body.unit].status)
    if isinstance(body, c.CallerTold) and state.surge is not None:
        body = replace(body, incident=state.surge.incident)
    if isinstance(body, c.ForgetNumber) and state.nuisance:
        body = replace(body, number=pick(sorted(state.nuisance)))
    if isinstance(body, c.TakeTo):
        carrying = [sign for sign, it in sorted(state.units.items()) if it.assignment and it.status in CARRIES]
        body = replace(body, unit=pick(carrying or ["A1"]), confirmed=True)
    if isinstance(body, c.MoveUp):
        body = replace(body, unit="F1", station=pick(["S-F", "S-F2"]))
    if isinstance(body, c.WritePremise):
        body = replace(body, premise=pick(["", "P1"]), kind="hazard", until=0, label="nhà", radius_m=30.0)
    if "key" in fields and state.alarms:
        body = replace(body, key=pick(sorted(state.alarms)))
    if isinstance(body, c.CloseLeg | c.ReassignLeg) and state.incidents:
        with_legs = sorted(ident for ident, it in state.incidents.items() if it.legs and not it.closed_at)
        body = replace(body, incident=pick(with_legs or sorted(state.incidents)))
    incident = state.incidents.get(getattr(body, "incident", ""))
    call = state.calls.get(getattr(body, "call", ""))
    if incident is not None:
        if isinstance(body, c.SetType):
            body = replace(body, seen=incident.type)
        if isinstance(body, c.AnswerCard):
            body = _answer(state, body, pick)
        if isinstance(body, c.SetPriority):
            body = replace(body, seen=incident.priority)
        if isinstance(body, c.RaiseAlarmLevel | c.LowerAlarmLevel):
            body = replace(body, seen=incident.level)
        if isinstance(body, c.LowerAlarmLevel):
            raised = sorted(ident for ident, it in state.incidents.items() if it.level > 1 and not it.closed_at)
            body = replace(body, incident=pick(raised or [incident.id]), level=1, seen=2)
        if isinstance(body, c.ExplainOverride):
            overridden = [it.unit for leg in incident.legs.values() for it in leg.overrides]
            body = replace(body, unit=pick(overridden or [body.unit]))
        if isinstance(body, c.Locate):
            body = replace(body, seen=incident.location_version)
        if isinstance(body, c.RouteFound):
            body = replace(body, location_version=incident.location_version)
        if isinstance(body, c.CloseLeg | c.ReassignLeg) and incident.legs:
            body = replace(body, service=pick(sorted(incident.legs)))
        if isinstance(body, c.ReassignLeg):
            only = pick(("dispatcher", "station", "unit"))
            body = replace(body, **{name: "" for name in ("dispatcher", "station", "unit") if name != only})
            leg = incident.legs.get(body.service)
            if body.unit and leg is not None and leg.units:
                body = replace(body, instead_of=pick(("", *leg.units)))
    if isinstance(body, c.MuteCall):
        body = replace(body, on=True)
    if isinstance(body, c.TargetNotReached | c.SteerFailed) and call is not None and call.steer is not None:
        body = replace(body, act=call.steer.act)
    if isinstance(body, c.VoiceKept) and call is not None and call.position:
        body = replace(body, position=call.position)
    if isinstance(body, c.WatchRuns | c.WatchOver | c.WatchFailed) and state.watches:
        body = replace(body, channel=pick(sorted(watch.channel for watch in state.watches.values())))
    if isinstance(body, c.AnswerNotTaken | c.AnswerFailed) and call is not None and call.intent is not None:
        body = replace(body, position=call.intent.position)
    if isinstance(body, c.FoldIncident):
        body = replace(body, into=pick(sorted(state.incidents) or ["none"]))
    if isinstance(body, c.PositionLet) and call is not None and call.position:
        body = replace(body, position=call.position)
    if isinstance(body, c.CallRingsNoMore) and call is not None and call.ringing:
        body = replace(body, position=pick(call.ringing))
    return body


def _answer(state: State, body: c.AnswerCard, pick: Callable[[Sequence[str]], str]) -> c.AnswerCard:
    """To a question that is asked, by somebody who sees the card."""
    typed = sorted(ident for ident, it in state.incidents.items() if card_of(state, it) and not it.closed_at)
    incident = state.incidents[pick(typed or [body.incident])]
    card = card_of(state, incident)
    if card is None:
        return replace(body, incident=incident.id)
    asked = [it for it in questions_of(state, incident, card)]
    question = pick([it.code for it in asked] or [body.question])
    answers = [it.code for known in asked if known.code == question for it in known.answers]
    given = given_to(incident.triage).get(question)
    return c.AnswerCard(
        incident=incident.id, card=card.code, version=state.cards.version, question=question,
        answer=pick(answers or [body.answer]), seen=given.answer if given is not None else "",
        seen_type=incident.type, seen_priority=incident.priority,
    )  # fmt: skip


def _whom(state: State, body: c.CallBack, pick: Callable[[Sequence[str]], str]) -> c.CallBack:
    """Somebody who is there, one way of the three."""
    way = pick(("call", "missed", "number"))
    incident = pick(("", *sorted(state.incidents)))
    call, line = pick(sorted(state.calls) or ["c1"]), pick(sorted(state.missed) or ["c1"])
    return c.CallBack(
        call=call if way == "call" else "",
        missed=line if way == "missed" else "",
        number=(body.number or "0903") if way == "number" else "",
        shown=body.shown,
        incident=incident,
    )
