"""Who may do what: one table. A command type that is missing here may be given by nobody but its own kind of actor."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, Asked, Body, SenderKind
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Role
from dispatch_core.domain.words import ROLES, act

_DESK = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
_LEAD = frozenset({Role.SUPERVISOR})
_ADMIN = frozenset({Role.TELEPHONY_ADMIN})
_ALL = frozenset(Role)

PEOPLE: dict[type[Body], frozenset[Role]] = {
    c.SignOut: _ALL,
    c.TakePosition: _DESK,
    c.LeavePosition: _DESK,
    c.AnswerCall: _DESK,
    c.HangUp: _DESK,
    c.SetType: _DESK,
    c.SetPriority: _DESK,
    c.Locate: _DESK,
    c.AddNote: _DESK,
    c.TakeIncident: _DESK,
    c.OpenLeg: _DESK,
    c.CloseLeg: _DESK,
    c.AssignUnits: _DESK,
    c.ReleaseUnit: _DESK,
    c.ReportStatus: _DESK,
    c.CloseIncident: _DESK,
    c.CloseEmpty: _DESK,
    c.ReassignIncident: _LEAD,
    c.ReassignLeg: _LEAD,
    c.HandleAlarm: _ALL,
    c.HearRecording: _DESK,
    c.HoldRecording: _LEAD,
    c.ReleaseHold: _LEAD,
    c.ExportEvidence: _LEAD,
    c.CallBack: _DESK,
    c.TakeOffMissed: _DESK,
    c.FoldIncident: _DESK,
    c.UnfoldIncident: _DESK,
    c.SplitCall: _DESK,
    c.BeReady: _DESK,
    c.BeNotReady: _DESK,
    c.AddPosition: _ADMIN,
    c.SendText: _DESK,
    c.TakeConversation: _DESK,
    c.OpenForText: _DESK,
    c.OpenIncident: _DESK,
    c.LinkConversation: _DESK,
    c.CloseConversation: _DESK,
    c.PlayPrompt: _DESK,
    c.SetNuisance: _LEAD,
    c.HoldCall: _DESK,
    c.ResumeCall: _DESK,
    c.MuteCall: _DESK,
    c.TransferCall: _DESK,
    c.ConsultCall: _DESK,
    c.CompleteConsult: _DESK,
    c.JoinConsult: _DESK,
    c.BackToCaller: _DESK,
    c.InviteToCall: _DESK,
    c.LeaveConference: _DESK,
    c.WatchPosition: _LEAD,
    c.StopWatching: _LEAD,
    c.DrawClosure: _DESK,
    c.EndClosure: _DESK,
    c.RaiseAlarmLevel: _DESK,
    c.LowerAlarmLevel: _DESK,
    c.RankAgain: _DESK,
    c.ExplainOverride: _DESK,
    c.SetCrew: _DESK,
    c.OfferUnits: _DESK,
    c.OfferStation: _DESK,
    c.AcceptOffer: _DESK,
    c.DeclineOffer: _DESK,
    c.WithdrawOffer: _DESK,
    c.CheckUnit: _DESK,
    c.SetBeds: _DESK,
    c.SetDivert: _DESK,
    c.TakeTo: _DESK,
    c.WritePremise: _DESK,
    c.RemovePremise: _DESK,
    c.UndoPremise: _DESK,
    c.MoveUp: _LEAD,
    c.SendHome: _LEAD,
    c.MarkDifferent: _DESK,
    c.SurgeOn: _LEAD,
    c.SurgeOff: _LEAD,
    c.SendMemo: _DESK,
    c.ReadMemo: _DESK,
    c.HandShift: _DESK,
    c.TakeShift: _DESK,
    c.DropShift: _DESK,
    c.TellSound: _ALL,
    c.RedirectUnit: _LEAD,
    c.UndoReassign: _LEAD,
    c.AnswerCard: _DESK,
}

SENDERS: dict[SenderKind, frozenset[type[Body]]] = {
    SenderKind.HOSPITAL: frozenset({c.SetBeds, c.SetDivert}),
    SenderKind.STATION: frozenset({c.AcceptOffer, c.DeclineOffer, c.CheckUnit}),
    SenderKind.ROSTER: frozenset({c.SetCrew}),
    SenderKind.VEHICLE: frozenset({c.ReportStatus, c.CheckUnit, c.AcceptOffer, c.DeclineOffer}),
    SenderKind.LOCATION: frozenset({c.LocationCame}),
}
INTAKE: frozenset[type[Body]] = frozenset[type[Body]]().union(*SENDERS.values())

SWITCH: frozenset[type[Body]] = frozenset(
    {
        c.NodeUp, c.NodeDown, c.CallCame, c.CallBackStarted, c.CallPlaced, c.CallQueuedAt, c.CallRings,
        c.CallRingsNoMore, c.CallTakenAt, c.CallOnHold, c.CallOffHold, c.PartyJoined, c.PartyLeft, c.PositionLet,
        c.AnswerNotTaken, c.CallOver, c.RecordingRuns, c.TextCame, c.ForgerySeen, c.MessageParked, c.SwitchLooked,
        c.AnswerFailed, c.HangUpFailed, c.SoundCounted,
        c.LocationCame,
        c.CarrierLost, c.CarrierBack, c.EventsStopped, c.EventsFlow,
        c.IdentityOdd,
        c.CallBackOver,
        c.CallerSounds, c.CallerFallsSilent, c.CallerPressed, c.PromptPlays,
        c.TargetNotReached, c.VoiceKept, c.WatchRuns, c.WatchOver, c.SteerFailed,
        c.WatchFailed,
        c.CallerTold,
    }
)  # fmt: skip

CORE: frozenset[type[Body]] = frozenset(
    {
        c.SignIn, c.SignOut, c.RouteFound, c.AnswerFailed, c.HangUpFailed, c.ArchiveIncident, c.ConfigureSite,
        c.LoadTypes, c.LoadResources, c.PublishZoneSet, c.PositionInstalled, c.PositionFailed, c.RecordingSummed,
        c.RemoveRecording,
        c.ForgetLocation,
        c.ProbeSeen, c.ProbeMissed, c.NodeGivenUp, c.RetireNode, c.DrainNode, c.CarrierUsed,
        c.CallBackFailed, c.MissedWaits, c.WrapUpOver, c.NobodyReady, c.SomebodyReady,
        c.TextHandedOn, c.TextFailed, c.TextWaitsLong, c.CloseConversation, c.ArchiveConversation, c.PlayPrompt,
        c.PromptFailed, c.NumbersRated, c.ForgetNumber, c.NumbersNotMarked,
        c.SteerFailed, c.WatchFailed, c.VoiceKept,
        c.PublishMap, c.EndClosure,
        c.SetCrew,
        c.OfferExpired, c.UnitOverdue, c.RouteOverdue,
        c.LoadPlaceRules, c.LoadHospitals, c.PremisesTold,
        c.FileMemo, c.DropShift, c.ShiftWaits,
        c.ProposeSurge, c.SurgePasses, c.SurgeOver, c.SurgeNotTold,
        c.LoadCards,
        c.NoteTrunk,
    }
)  # fmt: skip


def forbidden(state: State, asked: Asked) -> Refusal | None:
    """None where the actor may give this command, else the reason."""
    kind, body = asked.actor.kind, type(asked.body)
    if kind is ActorKind.PERSON:
        person = state.people.get(asked.actor.name)
        if person is None:
            return refuse("not_signed_in")
        if person.role not in PEOPLE.get(body, frozenset()):
            return refuse("not_allowed", role=ROLES[person.role], command=act(body.__name__))
        of_another = isinstance(asked.body, c.SignOut) and asked.body.user != person.user
        if of_another and person.role is not Role.SUPERVISOR:
            return refuse("not_allowed", role=ROLES[person.role], command=act(body.__name__))
        return None
    intake = INTAKE if asked.actor.sender is None else SENDERS[asked.actor.sender]
    allowed = {ActorKind.SWITCH: SWITCH, ActorKind.INTAKE: intake, ActorKind.CORE: CORE}[kind]
    return None if body in allowed else refuse("not_allowed", role=ROLES[kind], command=act(body.__name__))
