"""What happened. The journal keeps these for ever; a stored event never changes its shape.

A new shape is a new ``VERSION`` with an entry in ``upcast``. ``PERSONAL`` names the fields that may have to be erased:
the journal keeps them in a table of their own, and after an erasure the event reads back with their defaults. Every
personal field therefore has a default, and ``evolve`` works with it.
"""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.events.call_back import (
    CallBackAsked,
    CallBackDialling,
    CallBackEnded,
    CallBackReached,
    CallBackUnsure,
)
from dispatch_core.domain.events.calls import (
    AnswerAsked,
    AnswerDropped,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallFound,
    CallHeld,
    CallJoined,
    CallLocated,
    CallParted,
    CallQueued,
    CallResumed,
    CallRinging,
    CallRingStopped,
    HangUpAsked,
    HangUpDropped,
    PositionReleased,
    RecordingStarted,
)
from dispatch_core.domain.events.closures import ClosureDrawn, ClosureEnded
from dispatch_core.domain.events.covering import UnitMovedUp, UnitSentHome
from dispatch_core.domain.events.desks import (
    DraftLeft,
    MemoFiled,
    MemoRead,
    MemoSent,
    ShiftEnded,
    ShiftHanded,
    ShiftLate,
    ShiftTaken,
    SoundTold,
)
from dispatch_core.domain.events.dispatching import (
    AlarmLevelSet,
    CrewSet,
    OverrideExplained,
    RankingAsked,
    RecommendationOverridden,
    RouteAskedAgain,
    RouteGivenUp,
)
from dispatch_core.domain.events.duty import (
    PositionNotReady,
    PositionReady,
    ServiceReady,
    ServiceUnready,
    WrapUpBegan,
)
from dispatch_core.domain.events.folding import CallRangAgain, CallSplit, IncidentFolded, IncidentUnfolded
from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.events.hospitals import (
    BedsSet,
    DivertSet,
    HospitalChosen,
    HospitalsLoaded,
    PatientDelivered,
    PlaceRulesLoaded,
)
from dispatch_core.domain.events.incidents import (
    AlarmHandled,
    AlarmRaised,
    EnteredAfterwards,
    IncidentArchived,
    IncidentClosed,
    IncidentLocated,
    IncidentReassigned,
    IncidentReceived,
    IncidentRouted,
    IncidentTaken,
    LegClosed,
    LegOpened,
    LegReassigned,
    NoteAdded,
    PrioritySet,
    TypeSet,
    UnitAssigned,
    UnitReleased,
    UnitStatusSet,
)
from dispatch_core.domain.events.locations import LocationDropped, LocationKept
from dispatch_core.domain.events.map import MapPublished
from dispatch_core.domain.events.missed import CallMissed, MissedOverdue, MissedTaken, MissedWithdrawn
from dispatch_core.domain.events.nuisance import (
    NumberForgotten,
    NumberRated,
    NumberSet,
)
from dispatch_core.domain.events.offers import (
    CrewTurnedBack,
    OfferEnded,
    OffersExhausted,
    StationOffered,
    UnitChecked,
    UnitFoundOverdue,
)
from dispatch_core.domain.events.premises import (
    PremiseRemoved,
    PremisesFound,
    PremiseUndone,
    PremiseWritten,
)
from dispatch_core.domain.events.recordings import (
    CallSounded,
    EvidenceExported,
    HoldPlaced,
    HoldReleased,
    RecordingFaulty,
    RecordingHeard,
    RecordingKept,
    RecordingRemoved,
)
from dispatch_core.domain.events.redirecting import ReassignUndone, UnitRedirected
from dispatch_core.domain.events.silence import (
    CallerHeard,
    CallerQuiet,
    KeyPressed,
    PromptAsked,
    PromptDropped,
    PromptPlayed,
)
from dispatch_core.domain.events.site import (
    NodeConnected,
    NodeDrained,
    NodeLost,
    NodeRetired,
    PersonSignedIn,
    PersonSignedOut,
    PositionAdded,
    PositionAsked,
    PositionLeft,
    PositionRefused,
    PositionTaken,
    ResourcesLoaded,
    SiteConfigured,
    TypesLoaded,
    ZoneSetPublished,
)
from dispatch_core.domain.events.steering import (
    SteerAsked,
    SteerDropped,
    VoiceMuted,
    WatchAsked,
    WatchBegan,
    WatchEnded,
    WatchStopAsked,
)
from dispatch_core.domain.events.surge import (
    CallerNoted,
    IncidentsDiffer,
    SurgeBegan,
    SurgeEnded,
    SurgeHeard,
    SurgePassed,
    SurgeProlonged,
    SurgeProposed,
)
from dispatch_core.domain.events.texts import (
    ConversationArchived,
    ConversationClosed,
    ConversationLate,
    ConversationLinked,
    ConversationTaken,
    TextAsked,
    TextDropped,
    TextReceived,
    TextSent,
)
from dispatch_core.domain.events.triage import CardAnswered, CardsLoaded
from dispatch_core.domain.events.trunk import TrunkTouched
from dispatch_core.domain.vocabulary import Instant

__all__ = [
    "AlarmHandled",
    "AlarmLevelSet",
    "AlarmRaised",
    "AnswerAsked",
    "AnswerDropped",
    "BedsSet",
    "CallAnswered",
    "CallArrived",
    "CallBackAsked",
    "CallBackDialling",
    "CallBackEnded",
    "CallBackReached",
    "CallBackUnsure",
    "CallEnded",
    "CallFound",
    "CallHeld",
    "CallJoined",
    "CallLocated",
    "CallMissed",
    "CallParted",
    "CallQueued",
    "CallRangAgain",
    "CallResumed",
    "CallRingStopped",
    "CallRinging",
    "CallSounded",
    "CallSplit",
    "CallerHeard",
    "CallerNoted",
    "CallerQuiet",
    "CardAnswered",
    "CardsLoaded",
    "ClosureDrawn",
    "ClosureEnded",
    "ConversationArchived",
    "ConversationClosed",
    "ConversationLate",
    "ConversationLinked",
    "ConversationTaken",
    "CrewSet",
    "CrewTurnedBack",
    "DivertSet",
    "Event",
    "EvidenceExported",
    "HangUpAsked",
    "HangUpDropped",
    "Happened",
    "HoldPlaced",
    "HoldReleased",
    "HospitalChosen",
    "HospitalsLoaded",
    "IncidentArchived",
    "IncidentClosed",
    "IncidentFolded",
    "IncidentLocated",
    "IncidentReassigned",
    "IncidentReceived",
    "IncidentRouted",
    "IncidentTaken",
    "IncidentUnfolded",
    "IncidentsDiffer",
    "KeyPressed",
    "LegClosed",
    "LegOpened",
    "LegReassigned",
    "LocationDropped",
    "LocationKept",
    "MapPublished",
    "MissedOverdue",
    "MissedTaken",
    "MissedWithdrawn",
    "NodeConnected",
    "NodeDrained",
    "NodeLost",
    "NodeRetired",
    "EnteredAfterwards",
    "NoteAdded",
    "NumberForgotten",
    "NumberRated",
    "NumberSet",
    "OverrideExplained",
    "OfferEnded",
    "OffersExhausted",
    "PatientDelivered",
    "PersonSignedIn",
    "PersonSignedOut",
    "PlaceRulesLoaded",
    "PositionAdded",
    "PositionAsked",
    "PositionLeft",
    "PositionNotReady",
    "PositionReady",
    "PositionRefused",
    "PositionReleased",
    "PositionTaken",
    "PremiseRemoved",
    "PremiseUndone",
    "PremiseWritten",
    "PremisesFound",
    "PrioritySet",
    "PromptAsked",
    "PromptDropped",
    "PromptPlayed",
    "RankingAsked",
    "ReassignUndone",
    "RecommendationOverridden",
    "Recorded",
    "RecordingFaulty",
    "RecordingHeard",
    "RecordingKept",
    "RecordingRemoved",
    "RecordingStarted",
    "ResourcesLoaded",
    "RouteAskedAgain",
    "RouteGivenUp",
    "ServiceReady",
    "ServiceUnready",
    "SiteConfigured",
    "StationOffered",
    "SteerAsked",
    "SteerDropped",
    "SurgeBegan",
    "SurgeEnded",
    "SurgeHeard",
    "SurgePassed",
    "SurgeProlonged",
    "SurgeProposed",
    "TextAsked",
    "TextDropped",
    "TextReceived",
    "TextSent",
    "TrunkTouched",
    "TypeSet",
    "TypesLoaded",
    "UnitAssigned",
    "UnitChecked",
    "UnitFoundOverdue",
    "UnitMovedUp",
    "UnitRedirected",
    "UnitReleased",
    "UnitSentHome",
    "UnitStatusSet",
    "VoiceMuted",
    "WatchAsked",
    "WatchBegan",
    "WatchEnded",
    "WatchStopAsked",
    "WrapUpBegan",
    "ZoneSetPublished",
    "DraftLeft",
    "MemoFiled",
    "MemoRead",
    "MemoSent",
    "ShiftEnded",
    "ShiftHanded",
    "ShiftLate",
    "ShiftTaken",
    "SoundTold",
]

Event = (
    SiteConfigured | TypesLoaded | ResourcesLoaded | ZoneSetPublished | PersonSignedIn | PersonSignedOut | PositionTaken
    | PositionLeft | PositionAsked | PositionAdded | PositionRefused | NodeConnected | NodeLost | CallArrived
    | CallLocated | CallQueued | CallRinging | CallRingStopped | AnswerAsked | AnswerDropped | CallAnswered | CallHeld
    | CallResumed | CallJoined | CallParted | PositionReleased | HangUpAsked | HangUpDropped | CallEnded | CallFound
    | RecordingStarted | TextReceived | IncidentReceived | TypeSet | PrioritySet | IncidentLocated | IncidentRouted
    | NoteAdded | EnteredAfterwards
    | IncidentTaken | LegOpened | LegClosed | UnitAssigned | UnitReleased | UnitStatusSet
    | IncidentReassigned | LegReassigned | IncidentClosed | IncidentArchived | AlarmRaised | AlarmHandled
    | CallSounded | RecordingKept | RecordingFaulty | RecordingHeard | HoldPlaced | HoldReleased | RecordingRemoved
    | EvidenceExported
    | LocationKept | LocationDropped
    | CallBackAsked | CallBackDialling | CallBackUnsure | CallBackReached | CallBackEnded
    | CallMissed | MissedWithdrawn | MissedTaken | MissedOverdue
    | CallRangAgain | CallSplit | IncidentFolded | IncidentUnfolded
    | PositionReady | PositionNotReady | WrapUpBegan | ServiceUnready | ServiceReady
    | TextAsked | TextSent | TextDropped | ConversationTaken | ConversationLinked | ConversationLate
    | ConversationClosed | ConversationArchived
    | CallerHeard | CallerQuiet | KeyPressed | PromptAsked | PromptPlayed | PromptDropped
    | NumberRated | NumberSet | NumberForgotten
    | NodeRetired
    | NodeDrained
    | IncidentsDiffer | SurgeProposed | SurgePassed | SurgeBegan | SurgeProlonged | SurgeEnded | SurgeHeard
    | CallerNoted
    | SteerAsked | SteerDropped | VoiceMuted | WatchAsked | WatchBegan | WatchStopAsked | WatchEnded
    | MapPublished | ClosureDrawn | ClosureEnded
    | AlarmLevelSet | RankingAsked | RecommendationOverridden | OverrideExplained | CrewSet
    | RouteAskedAgain | RouteGivenUp
    | StationOffered | OfferEnded | OffersExhausted | CrewTurnedBack | UnitChecked | UnitFoundOverdue
    | PlaceRulesLoaded | HospitalsLoaded | BedsSet | DivertSet | HospitalChosen | PatientDelivered
    | PremiseWritten | PremiseRemoved | PremiseUndone | PremisesFound
    | UnitMovedUp | UnitSentHome
    | MemoSent | MemoRead | MemoFiled | ShiftHanded | DraftLeft | ShiftTaken | ShiftEnded | ShiftLate | SoundTold
    | UnitRedirected | ReassignUndone
    | CardsLoaded | CardAnswered
    | TrunkTouched
)  # fmt: skip


class Recorded(Struct, frozen=True, kw_only=True):
    """An event in its place: number, moment of the decision, whose doing, which command."""

    seq: int
    at: Instant
    by: str  # "person:lan", "switch:hcm1", "core:timer"
    command: str
    event: Event
