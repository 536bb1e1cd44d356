"""Everything that can be asked of the core: by people, the switch, timers, workers and other systems.

All are the same kind of thing: a body inside an ``Asked`` envelope with an id that takes effect once.
"""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.commands.actor import Actor, ActorKind, Body, SenderKind
from dispatch_core.domain.commands.call_back import CallBack, CallBackFailed, CallBackOver
from dispatch_core.domain.commands.closures import DrawClosure, EndClosure
from dispatch_core.domain.commands.covering import MoveUp, SendHome
from dispatch_core.domain.commands.desks import (
    DropShift,
    FileMemo,
    HandShift,
    ReadMemo,
    SendMemo,
    ShiftWaits,
    TakeShift,
    TellSound,
)
from dispatch_core.domain.commands.dispatching import (
    ExplainOverride,
    LowerAlarmLevel,
    RaiseAlarmLevel,
    RankAgain,
    RouteOverdue,
    SetCrew,
)
from dispatch_core.domain.commands.duty import BeNotReady, BeReady, NobodyReady, SomebodyReady, WrapUpOver
from dispatch_core.domain.commands.folding import FoldIncident, SplitCall, UnfoldIncident
from dispatch_core.domain.commands.hospitals import (
    LoadHospitals,
    LoadPlaceRules,
    SetBeds,
    SetDivert,
    TakeTo,
)
from dispatch_core.domain.commands.incidents import (
    AddNote,
    AssignUnits,
    CloseEmpty,
    CloseIncident,
    CloseLeg,
    HandleAlarm,
    Locate,
    OpenLeg,
    ReassignIncident,
    ReassignLeg,
    ReleaseUnit,
    ReportStatus,
    SetPriority,
    SetType,
    TakeIncident,
)
from dispatch_core.domain.commands.locations import ForgetLocation, LocationCame
from dispatch_core.domain.commands.map import PublishMap
from dispatch_core.domain.commands.missed import MissedWaits, TakeOffMissed
from dispatch_core.domain.commands.nuisance import (
    ForgetNumber,
    NumbersNotMarked,
    NumbersRated,
    Rating,
    SetNuisance,
)
from dispatch_core.domain.commands.offers import (
    AcceptOffer,
    CheckUnit,
    DeclineOffer,
    OfferExpired,
    OfferStation,
    OfferUnits,
    UnitOverdue,
    WithdrawOffer,
)
from dispatch_core.domain.commands.opening import OpenIncident
from dispatch_core.domain.commands.people import (
    AddPosition,
    AnswerCall,
    HangUp,
    LeavePosition,
    PositionFailed,
    PositionInstalled,
    SignIn,
    SignOut,
    TakePosition,
)
from dispatch_core.domain.commands.premises import (
    PremisesTold,
    RemovePremise,
    UndoPremise,
    WritePremise,
)
from dispatch_core.domain.commands.recordings import (
    ExportEvidence,
    HearRecording,
    HoldRecording,
    RecordingSummed,
    ReleaseHold,
    RemoveRecording,
    SoundCounted,
)
from dispatch_core.domain.commands.redirecting import RedirectUnit, UndoReassign
from dispatch_core.domain.commands.silence import (
    CallerFallsSilent,
    CallerPressed,
    CallerSounds,
    PlayPrompt,
    PromptFailed,
    PromptPlays,
)
from dispatch_core.domain.commands.steering import (
    BackToCaller,
    CompleteConsult,
    ConsultCall,
    HoldCall,
    InviteToCall,
    JoinConsult,
    LeaveConference,
    MuteCall,
    ResumeCall,
    SteerFailed,
    StopWatching,
    TargetNotReached,
    TransferCall,
    VoiceKept,
    WatchFailed,
    WatchOver,
    WatchPosition,
    WatchRuns,
)
from dispatch_core.domain.commands.surge import (
    CallerTold,
    MarkDifferent,
    ProposeSurge,
    SurgeNotTold,
    SurgeOff,
    SurgeOn,
    SurgeOver,
    SurgePasses,
)
from dispatch_core.domain.commands.switch import (
    AnswerNotTaken,
    CallBackStarted,
    CallCame,
    CallOffHold,
    CallOnHold,
    CallOver,
    CallPlaced,
    CallQueuedAt,
    CallRings,
    CallRingsNoMore,
    CallTakenAt,
    ForgerySeen,
    IdentityOdd,
    LiveCall,
    MessageParked,
    NodeDown,
    NodeUp,
    PartyJoined,
    PartyLeft,
    PositionLet,
    RecordingRuns,
    SwitchLooked,
)
from dispatch_core.domain.commands.system import (
    AnswerFailed,
    ArchiveIncident,
    ConfigureSite,
    HangUpFailed,
    LoadResources,
    LoadTypes,
    PublishZoneSet,
    RouteFound,
)
from dispatch_core.domain.commands.texts import (
    ArchiveConversation,
    CloseConversation,
    LinkConversation,
    OpenForText,
    SendText,
    TakeConversation,
    TextCame,
    TextFailed,
    TextHandedOn,
    TextWaitsLong,
)
from dispatch_core.domain.commands.triage import AnswerCard, LoadCards
from dispatch_core.domain.commands.trunk import NoteTrunk
from dispatch_core.domain.commands.watch import (
    CarrierBack,
    CarrierLost,
    CarrierUsed,
    DrainNode,
    EventsFlow,
    EventsStopped,
    NodeGivenUp,
    ProbeMissed,
    ProbeSeen,
    RetireNode,
)

__all__ = [
    "AcceptOffer",
    "Actor",
    "ActorKind",
    "SenderKind",
    "AddNote",
    "AddPosition",
    "AnswerCall",
    "AnswerCard",
    "AnswerFailed",
    "AnswerNotTaken",
    "ArchiveConversation",
    "ArchiveIncident",
    "Asked",
    "AssignUnits",
    "BackToCaller",
    "BeNotReady",
    "BeReady",
    "Body",
    "CallBack",
    "CallBackFailed",
    "CallBackOver",
    "CallBackStarted",
    "CallCame",
    "CallOffHold",
    "CallOnHold",
    "CallOver",
    "CallPlaced",
    "CallQueuedAt",
    "CallRings",
    "CallRingsNoMore",
    "CallTakenAt",
    "CallerFallsSilent",
    "CallerPressed",
    "CallerSounds",
    "CallerTold",
    "CarrierBack",
    "CarrierLost",
    "CarrierUsed",
    "CheckUnit",
    "CloseConversation",
    "CloseEmpty",
    "CloseIncident",
    "CloseLeg",
    "Command",
    "CompleteConsult",
    "ConfigureSite",
    "ConsultCall",
    "DrainNode",
    "DrawClosure",
    "EndClosure",
    "DeclineOffer",
    "EventsFlow",
    "EventsStopped",
    "ExplainOverride",
    "ExportEvidence",
    "FoldIncident",
    "ForgerySeen",
    "ForgetLocation",
    "ForgetNumber",
    "HandleAlarm",
    "HangUp",
    "HangUpFailed",
    "HearRecording",
    "HoldCall",
    "HoldRecording",
    "IdentityOdd",
    "InviteToCall",
    "JoinConsult",
    "LeaveConference",
    "LeavePosition",
    "LinkConversation",
    "LiveCall",
    "LoadCards",
    "NoteTrunk",
    "LoadHospitals",
    "LoadPlaceRules",
    "LoadResources",
    "LoadTypes",
    "Locate",
    "LocationCame",
    "LowerAlarmLevel",
    "MarkDifferent",
    "MessageParked",
    "MissedWaits",
    "MoveUp",
    "MuteCall",
    "NobodyReady",
    "NodeDown",
    "NodeGivenUp",
    "NodeUp",
    "NumbersNotMarked",
    "NumbersRated",
    "OfferExpired",
    "OfferStation",
    "OfferUnits",
    "OpenForText",
    "OpenIncident",
    "OpenLeg",
    "PartyJoined",
    "PartyLeft",
    "PlayPrompt",
    "PositionFailed",
    "PositionInstalled",
    "PositionLet",
    "PremisesTold",
    "ProbeMissed",
    "ProbeSeen",
    "PromptFailed",
    "PromptPlays",
    "PublishMap",
    "ProposeSurge",
    "PublishZoneSet",
    "RaiseAlarmLevel",
    "RankAgain",
    "Rating",
    "ReassignIncident",
    "ReassignLeg",
    "RedirectUnit",
    "RecordingRuns",
    "RecordingSummed",
    "ReleaseHold",
    "ReleaseUnit",
    "RemovePremise",
    "RemoveRecording",
    "ReportStatus",
    "ResumeCall",
    "RetireNode",
    "RouteFound",
    "RouteOverdue",
    "SendHome",
    "SendText",
    "SetCrew",
    "SetBeds",
    "SetDivert",
    "SetNuisance",
    "SetPriority",
    "SetType",
    "SignIn",
    "SignOut",
    "SomebodyReady",
    "SoundCounted",
    "SplitCall",
    "SteerFailed",
    "StopWatching",
    "SurgeNotTold",
    "SurgeOff",
    "SurgeOn",
    "SurgeOver",
    "SurgePasses",
    "SwitchLooked",
    "TakeConversation",
    "TakeIncident",
    "TakeOffMissed",
    "TakePosition",
    "TakeTo",
    "TargetNotReached",
    "TextCame",
    "TextFailed",
    "TextHandedOn",
    "TextWaitsLong",
    "TransferCall",
    "UndoPremise",
    "UndoReassign",
    "UnfoldIncident",
    "UnitOverdue",
    "VoiceKept",
    "WatchFailed",
    "WatchOver",
    "WatchPosition",
    "WatchRuns",
    "WithdrawOffer",
    "WrapUpOver",
    "WritePremise",
    "DropShift",
    "FileMemo",
    "HandShift",
    "ReadMemo",
    "SendMemo",
    "ShiftWaits",
    "TakeShift",
    "TellSound",
]

Command = (
    SignIn | SignOut | TakePosition | LeavePosition | AnswerCall | HangUp | SetType | SetPriority | Locate | AddNote
    | TakeIncident | OpenLeg | CloseLeg | AssignUnits | ReleaseUnit | ReportStatus | ReassignIncident | ReassignLeg
    | CloseIncident | CloseEmpty | HandleAlarm | AddPosition | PositionInstalled | PositionFailed | NodeUp | NodeDown
    | CallCame | CallBackStarted | CallPlaced | CallQueuedAt | CallRings | CallRingsNoMore | CallTakenAt | CallOnHold
    | CallOffHold | PartyJoined | PartyLeft | PositionLet | AnswerNotTaken | CallOver | RecordingRuns | TextCame
    | ForgerySeen | MessageParked | SwitchLooked | RouteFound | AnswerFailed | HangUpFailed | ArchiveIncident
    | ConfigureSite | LoadTypes | LoadResources | PublishZoneSet
    | SoundCounted | RecordingSummed | HearRecording | HoldRecording | ReleaseHold | RemoveRecording | ExportEvidence
    | LocationCame | ForgetLocation
    | CallBack | CallBackFailed | CallBackOver | TakeOffMissed | MissedWaits
    | FoldIncident | UnfoldIncident | SplitCall
    | BeReady | BeNotReady | WrapUpOver | NobodyReady | SomebodyReady
    | ProbeSeen | ProbeMissed | CarrierLost | CarrierBack | EventsStopped | EventsFlow | NodeGivenUp
    | RetireNode
    | DrainNode | CarrierUsed
    | IdentityOdd
    | SendText | TextHandedOn | TextFailed | TakeConversation | OpenForText | LinkConversation | CloseConversation
    | OpenIncident
    | TextWaitsLong | ArchiveConversation
    | CallerSounds | CallerFallsSilent | CallerPressed | PlayPrompt | PromptPlays | PromptFailed
    | NumbersRated | SetNuisance | ForgetNumber | NumbersNotMarked
    | MarkDifferent | SurgeOn | SurgeOff | ProposeSurge | SurgePasses | SurgeOver | SurgeNotTold | CallerTold
    | HoldCall | ResumeCall | MuteCall | TransferCall
    | ConsultCall | CompleteConsult | JoinConsult | BackToCaller | InviteToCall | LeaveConference | WatchPosition
    | StopWatching | TargetNotReached | VoiceKept | WatchRuns | WatchOver | SteerFailed | WatchFailed
    | PublishMap | DrawClosure | EndClosure
    | RaiseAlarmLevel | LowerAlarmLevel | RankAgain | ExplainOverride | SetCrew | RouteOverdue
    | OfferUnits | OfferStation | AcceptOffer | DeclineOffer | WithdrawOffer | OfferExpired | CheckUnit | UnitOverdue
    | LoadPlaceRules | LoadHospitals | SetBeds | SetDivert | TakeTo
    | WritePremise | RemovePremise | UndoPremise | PremisesTold
    | MoveUp | SendHome
    | SendMemo | ReadMemo | FileMemo | HandShift | TakeShift | DropShift | ShiftWaits | TellSound
    | RedirectUnit | UndoReassign
    | LoadCards | AnswerCard
    | NoteTrunk
)  # fmt: skip


class Asked(Struct, frozen=True, kw_only=True):
    """A command on its way to the sequencer. ``id`` takes effect once, however often it arrives."""

    id: str
    actor: Actor
    body: Command
