"""Who sees what: two views of one state.

*operations* is everything, for dispatchers and supervisors. *telephony* is for admins and wallboards: calls, positions,
nodes, without personal data and without incidents. The law that makes mirrors possible: showing a state and then
evolving it by shown events gives the same as evolving first and showing after.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec.structs import replace

from dispatch_core.domain import events as e
from dispatch_core.domain import safety
from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.silence import Silence
from dispatch_core.domain.state import Person, State
from dispatch_core.domain.surge import SurgeWord
from dispatch_core.domain.vocabulary import USUAL_PLACE_RULES, CardBook, Role


class View(StrEnum):
    OPERATIONS = "ops"
    TELEPHONY = "tel"


VIEW_OF_ROLE: dict[Role, View] = {
    Role.DISPATCHER: View.OPERATIONS,
    Role.SUPERVISOR: View.OPERATIONS,
    Role.TELEPHONY_ADMIN: View.TELEPHONY,
}

HIDDEN_FROM_TELEPHONY: frozenset[type[e.Happened]] = frozenset(
    {
        e.TypesLoaded, e.ResourcesLoaded, e.ZoneSetPublished, e.CallLocated, e.TextReceived, e.IncidentReceived,
        e.TypeSet, e.PrioritySet, e.IncidentLocated, e.IncidentRouted, e.NoteAdded, e.IncidentTaken, e.LegOpened,
        e.EnteredAfterwards,
        e.LegClosed, e.UnitAssigned, e.UnitReleased, e.UnitStatusSet, e.IncidentReassigned, e.LegReassigned,
        e.IncidentClosed, e.RecordingKept, e.RecordingFaulty, e.RecordingHeard, e.HoldPlaced, e.HoldReleased,
        e.RecordingRemoved, e.EvidenceExported,
        e.LocationKept, e.LocationDropped,
        e.CallRangAgain, e.CallSplit, e.IncidentFolded, e.IncidentUnfolded,
        e.TextAsked, e.TextSent, e.TextDropped, e.ConversationTaken, e.ConversationLinked,
        e.ConversationLate, e.ConversationClosed, e.ConversationArchived, e.CallerHeard, e.CallerQuiet, e.KeyPressed,
        e.PromptAsked, e.PromptPlayed, e.PromptDropped, e.NumberRated, e.NumberSet, e.NumberForgotten,
        e.WatchAsked, e.WatchBegan, e.WatchStopAsked, e.WatchEnded,
        e.MapPublished, e.ClosureDrawn, e.ClosureEnded,
        e.AlarmLevelSet, e.RankingAsked, e.RecommendationOverridden, e.OverrideExplained, e.CrewSet,
        e.RouteAskedAgain, e.RouteGivenUp,
        e.StationOffered, e.OfferEnded, e.OffersExhausted, e.CrewTurnedBack, e.UnitChecked, e.UnitFoundOverdue,
        e.PlaceRulesLoaded, e.HospitalsLoaded, e.BedsSet, e.DivertSet, e.HospitalChosen, e.PatientDelivered,
        e.PremiseWritten, e.PremiseRemoved, e.PremiseUndone, e.PremisesFound, e.UnitMovedUp, e.UnitSentHome,
        e.MemoSent, e.MemoRead, e.MemoFiled, e.ShiftHanded, e.DraftLeft, e.ShiftTaken, e.ShiftEnded, e.ShiftLate,
        e.UnitRedirected, e.ReassignUndone,
        e.IncidentsDiffer, e.SurgeProposed, e.SurgePassed, e.SurgeHeard, e.CallerNoted,
        e.CardsLoaded, e.CardAnswered,
    }
)  # fmt: skip


ALARMS_OF_WORK = frozenset({"offers_exhausted", "turned_back", "not_routed", "shift_waits", *safety.KINDS})
"""Kinds of alarms that tell of incidents and crews: not for the telephony view. A key begins with its kind."""


def _of_work(key: str) -> bool:
    return key.partition(":")[0] in ALARMS_OF_WORK


def _without_session(person: Person) -> Person:
    return replace(person, session="")


def shown_event(view: View, recorded: e.Recorded) -> e.Recorded | None:
    """The event as ``view`` may see it; None where it may not. Sessions are shown to nobody."""
    event = recorded.event
    if isinstance(event, e.PersonSignedIn):
        return replace(recorded, event=replace(event, session=""))
    if view is View.OPERATIONS:
        return recorded
    if type(event) in HIDDEN_FROM_TELEPHONY:
        return None
    if isinstance(event, e.AlarmRaised | e.AlarmHandled) and _of_work(event.key):
        return None
    if isinstance(event, e.CallArrived):
        dialled = "" if event.direction.value == "outgoing" else event.dialled
        return replace(recorded, event=replace(event, number="", name="", dialled=dialled))
    if isinstance(event, e.CallBackAsked):
        return replace(recorded, event=replace(event, number="", incident=""))
    if isinstance(event, e.CallBackReached | e.CallBackEnded):
        return replace(recorded, event=replace(event, incident=""))
    if isinstance(event, e.MissedTaken):
        return replace(recorded, event=replace(event, reason=""))
    if isinstance(event, e.SurgeBegan | e.SurgeProlonged | e.SurgeEnded):
        return replace(recorded, event=replace(event, incident="", reason=""))
    if isinstance(event, e.SteerAsked):
        return replace(recorded, event=replace(event, number=""))
    return recorded


def shown_state(view: View, state: State) -> State:
    """The state as ``view`` may see it."""
    state = replace(state, people={user: _without_session(person) for user, person in state.people.items()})
    if view is View.OPERATIONS:
        return state
    calls = {
        ident: replace(
            call,
            number="",
            name="",
            dialled="" if call.direction.value == "outgoing" else call.dialled,
            location=None,
            location_note="",
            other_locations=(),
            location_link="",
            incident="",
            recording_state="",
            silence=Silence(),
            surge=SurgeWord(),
            guest="",
            steer=replace(call.steer, number="") if call.steer is not None else None,
        )
        for ident, call in state.calls.items()
    }
    surge = replace(state.surge, incident="", told=0, noted=0, joined=0) if state.surge is not None else None
    missed = {ident: replace(line, number="", incident="") for ident, line in state.missed.items()}
    alarms = {key: alarm for key, alarm in state.alarms.items() if not _of_work(key)}
    return replace(
        state, calls=calls, alarms=alarms, declines={}, missed=missed, types={}, plans=(), capabilities={}, stations={},
        zone_sets={}, incidents={}, units={}, conversations={}, nuisance={}, holds={}, early_locations={}, watches={},
        day="", day_count=0, map=None, closures={}, closure_count=0,
        place_rules=USUAL_PLACE_RULES, hospitals={}, premise_count=0,
        sameness=Sameness(), surge=surge, surge_proposal=None, memos={}, hand_overs={},
        cards=CardBook(),
    )  # fmt: skip
