"""What our own dialplan tells by UserEvent: arrival, place, recording, overflow, answering, call-backs, messages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from msgspec.structs import replace

from dispatch_core.domain.commands import (
    AnswerNotTaken,
    CallBackOver,
    CallBackStarted,
    CallCame,
    CallerTold,
    CallPlaced,
    Command,
    LocationCame,
    PromptPlays,
    RecordingRuns,
    SoundCounted,
    TextCame,
)
from dispatch_core.domain.vocabulary import CallBackOutcome
from telephony import dialplan_events as dialplan
from telephony.caller_location.aml_sms import is_aml, read_sms
from telephony.caller_location.asterisk_words import read_location
from telephony.dialplan_contexts import CALL_UUID
from telephony.link.messages import AmiEvent
from telephony.oddities import odd_header, odd_headers, odd_message, odd_sender
from telephony.translate.followed_call import FollowedCall
from telephony.translate.tracker import Tracker, reads

NUMBER_LENGTH = 20
PACKET_MS = 20
_NOT_OF_A_NUMBER = re.compile(r"[^0-9+]")

Values = dict[str, str]
Tell = Callable[[Tracker, AmiEvent, Values], list[Command]]


def digits(text: str) -> str:
    """The digits and '+' of a number, at most 20: what the dialplan has filtered already is filtered again."""
    return _NOT_OF_A_NUMBER.sub("", text.partition("\n")[0])[:NUMBER_LENGTH]


@reads("UserEvent")
def dialplan_told(tracker: Tracker, event: AmiEvent) -> list[Command]:
    told = dialplan.read(event.headers)
    if told is None:
        return []
    kind, values = told
    tell = TELLS.get(kind.name)
    facts = tell(tracker, event, values) if tell is not None else []
    if event.get("UserEvent") == kind.name and _odd(kind, values):  # not in recorded streams, which name it otherwise
        facts += tracker.odd(values.get("Carrier") or tracker.naming.carrier(event.get("Channel")))
    return facts


def _odd(kind: dialplan.DialplanEvent, values: Values) -> bool:
    """Whether the caller sent something that was made to be taken for something else."""
    if kind is dialplan.ARRIVED:
        others = (values.get("Asserted", ""), values.get("SipCallId", ""))
        return odd_sender(values.get("From", "")) or any(map(odd_header, others))
    if kind is dialplan.HEADERS:
        return odd_headers(values.get("Text", ""))
    if kind is dialplan.MESSAGE:
        others = (values.get("From", ""), values.get("ContentType", ""))
        return any(map(odd_header, others)) or odd_message(values.get("Body", ""))
    return False


def _own_call(tracker: Tracker, event: AmiEvent) -> tuple[str, FollowedCall | None]:
    """The call of which the event's channel is the first, and its id; None when it is over and was put away."""
    leg = tracker.leg(event)
    ident = event.variables.get(CALL_UUID) or event.get("Uniqueid")
    if leg is not None:
        tracker.tie(leg, ident)
    return ident, tracker.call(ident)


def _arrived(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    ident, call = _own_call(tracker, event)
    if call is None or call.outgoing:
        return []
    call.caller = event.get("Uniqueid")
    number = values.get("Number", "")
    carrier = values.get("Carrier") or tracker.naming.carrier(event.get("Channel"))
    test = values.get("Test") == "1"
    name = values.get("Name", "")
    if name == carrier:
        name = call.header_name  # a hardened carrier's own name stands where the caller's would
    services = tuple(code for code in values.get("Services", "").split("+") if code)
    call.seen.arrival = CallCame(
        call=ident,
        node=tracker.node,
        at=tracker.at(call),
        dialled=number,
        services=services or tracker.naming.numbers.get(number, ()),
        number="" if test else digits(values.get("Caller", "")),
        name="" if test else name,
        carrier=carrier,
        test=test,
    )
    placed = tracker.places.arrived(values.get("SipCallId", ""), ident)
    return [*tracker.settle([ident]), *placed]


def _caller_headers(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """On a hardened carrier the channel has no name of the caller's: it is in the header that was kept."""
    _, call = _own_call(tracker, event)
    if call is None:
        return []
    call.header_name = values.get("Name", "")
    if isinstance(call.seen.arrival, CallCame) and not call.seen.arrival.name:
        call.seen.arrival = replace(call.seen.arrival, name=call.header_name)
    return tracker.settle([call.id])


def _located(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    _, call = _own_call(tracker, event)
    if call is None:
        return []
    if tracker.order > call.seen.place_order:
        location, why = read_location(values, tracker.at(call))
        call.seen.place = CallPlaced(call=call.id, location=location, note=why)
        call.seen.place_order = tracker.order
    return tracker.settle([call.id])


def _recording(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """Also for a call that is over by now: its recording is kept."""
    (ident, call), file = _own_call(tracker, event), values.get("File", "")
    if call is None:
        return [RecordingRuns(call=ident, file=file)] if file and tracker.was_told(ident) else []
    call.seen.recording = file
    return tracker.settle([ident])


def _sounded(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """Comes with the end of the channel: the call may have been put away already."""
    ident, call = _own_call(tracker, event)
    received, sent = values.get("Received", ""), values.get("Sent", "")
    known = call.told.arrival is not None if call is not None else tracker.was_told(ident)
    if not known or not (received.isdecimal() and sent.isdecimal()):
        return []
    return [SoundCounted(call=ident, heard_ms=int(received) * PACKET_MS, played_ms=int(sent) * PACKET_MS)]


def _overflowed(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    call = tracker.of(tracker.leg(event))
    if call is None:
        return []
    call.overflows.add(values.get("To", ""))
    call.seen.overflow = call.seen.overflow or call.seen.queue in call.overflows
    return tracker.settle([call.id])


def _not_answered(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """The position that was asked to pick up did not, or another one was quicker."""
    call = tracker.of(tracker.leg(event))
    if call is None or tracker.order in call.said or call.told.arrival is None:
        return []
    call.said.add(tracker.order)
    return [AnswerNotTaken(call=call.id, position=values.get("Position", ""))]


def _calling_back(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    ident, call = _own_call(tracker, event)
    if call is None:
        return []
    call.outgoing, call.origin = True, event.get("Uniqueid")
    started = CallBackStarted(
        call=ident,
        node=tracker.node,
        at=tracker.at(call),
        number=digits(values.get("Number", "")),
        position=values.get("Position") or tracker.naming.position(event.get("Channel")),
    )
    if call.seen.arrival is None:
        call.seen.arrival = call.told.dialling = started
    elif call.told.dialling is None:
        call.seen.dialling = started
    return tracker.settle([ident])


OUTCOMES = {
    "ANSWER": CallBackOutcome.REACHED,
    "BUSY": CallBackOutcome.BUSY,
    "NOANSWER": CallBackOutcome.NO_ANSWER,
    "CANCEL": CallBackOutcome.GIVEN_UP,
    "INVALIDARGS": CallBackOutcome.INVALID,
}
"""By Dial's DIALSTATUS; every other one means that no carrier could take the call."""

NO_SUCH_NUMBER = ("1", "28")
"""Q.850: the carrier knows no such number, or not all of it was dialled."""


def _call_back_over(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """Also of a call that is over by now."""
    ident, call = _own_call(tracker, event)
    outcome = OUTCOMES.get(values.get("Outcome", ""), CallBackOutcome.UNREACHABLE)
    if outcome is CallBackOutcome.UNREACHABLE and values.get("Cause") in NO_SUCH_NUMBER:
        outcome = CallBackOutcome.INVALID
    if call is None:
        return [CallBackOver(call=ident, outcome=outcome)] if tracker.was_told(ident) else []
    call.seen.outcome = outcome
    return tracker.settle([ident])


def _prompted(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """Told on a channel of the prompt's own, which belongs to no call."""
    call = tracker.calls.get(values.get("Call", ""))
    if call is None or call.told.arrival is None or tracker.order in call.said:
        return []
    call.said.add(tracker.order)
    return [PromptPlays(call=call.id, at=tracker.at(call))]


def _surge_told(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """Told as the prompt is."""
    call = tracker.calls.get(values.get("Call", ""))
    if call is None or call.told.arrival is None or tracker.order in call.said:
        return []
    call.said.add(tracker.order)
    return [CallerTold(call=call.id, incident=values.get("About", ""), at=tracker.at(call))]


def _origin(values: Values) -> str:
    """The same for a message that is sent again, "" where nothing tells; nothing of the sender can be read in it."""
    told = "\n".join(values.get(header, "") for header in ("SipCallId", "CSeq"))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest() if told.strip() else ""


def _message(tracker: Tracker, event: AmiEvent, values: Values) -> list[Command]:
    """A phone's own location (AML) is no conversation: it goes to the call of its number."""
    ident, number = f"{tracker.node}-{event.stamp}", digits(values.get("Caller", ""))
    text = values.get("Body", "").replace("\r\n", "\n").replace("\r", "\n")
    at = event.at + tracker.ahead
    if is_aml(text):
        place, why = read_sms(text, at)
        return [LocationCame(ident=ident, number=number, at=at, location=place, note=why)]
    dialled = values.get("Number", "")
    return [
        TextCame(
            text_id=ident, node=tracker.node, at=at, dialled=dialled, number=number, text=text,
            carrier=values.get("Carrier", ""), origin=_origin(values),
        )
    ]  # fmt: skip


TELLS: dict[str, Tell] = {
    dialplan.ARRIVED.name: _arrived,
    dialplan.CALLER_HEADERS.name: _caller_headers,
    dialplan.LOCATED.name: _located,
    dialplan.RECORDING.name: _recording,
    dialplan.SOUNDED.name: _sounded,
    dialplan.OVERFLOWED.name: _overflowed,
    dialplan.NOT_ANSWERED.name: _not_answered,
    dialplan.ANSWERED_ELSEWHERE.name: _not_answered,
    dialplan.CALLBACK_DIALLING.name: _calling_back,
    dialplan.CALLBACK_ENDED.name: _call_back_over,
    dialplan.MESSAGE.name: _message,
    dialplan.PROMPTED.name: _prompted,
    dialplan.SURGE_TOLD.name: _surge_told,
}
