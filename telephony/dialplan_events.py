"""The one table of what our dialplan tells the core: UserEvent names, headers, how each value is written.

`telephony.trunk` writes these events into the dialplan, `telephony.translate` reads them; neither knows a
name by itself. Guarded here:

- whatever a caller controls crosses AMI as base64, never as it came, because AMI prints a line break inside a
  value as it is and so lets a caller write whole events of his own. Percent-encoding would not do: it leaves
  parentheses, and Asterisk does not divide a UserEvent at a comma that follows an open one;
- no header of an event has the name of one that Asterisk puts before it (Channel, Context, ...).

The recorded streams come from a dialplan with other names; `RECORDED` says what each is called here, so that
a recording and today's Asterisk go through the same reader.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from telephony.identity_headers import name_in, number_in

# Asterisk cuts an argument of a function at a ':' that follows an unbalanced ')', which a text may well have
# ("1) cháy nhà: 5 người"); so many open parentheses go before it there, and are taken off again here.
SHIELD = "(" * 8


class Written(Enum):
    """How a value is written between our dialplan and the reader."""

    PLAIN = "plain"  # a constant of our configuration, a filtered number, or a word of Asterisk's own
    BASE64 = "base64"  # ${BASE64_ENCODE()}: may have been chosen by a caller
    PERCENT = "percent"  # ${URIENCODE()}: only in the recorded streams

    def read(self, text: str) -> str:
        """The value as text; bytes that are not UTF-8 become U+FFFD. ValueError if base64 is broken."""
        if self is Written.PLAIN:
            return text
        try:
            value = (
                unquote_to_bytes(text)
                if self is Written.PERCENT
                else base64.b64decode(text.encode("ascii"), validate=True)
            )
        except (binascii.Error, UnicodeEncodeError) as broken:
            raise ValueError(f"not base64: {text[:40]!r}") from broken
        return value.decode("utf-8", "replace").removeprefix(SHIELD)

    def write(self, expression: str) -> str:
        """The dialplan expression that writes what `expression` (such as `${MESSAGE(body)}`) yields.

        ValueError for PERCENT, which our dialplan never writes.
        """
        if self is Written.PLAIN:
            return expression
        if self is Written.BASE64:
            return f"${{BASE64_ENCODE({SHIELD}{expression})}}"
        raise ValueError("percent-encoding is read from recorded streams and never written")


PLAIN, PERCENT, BASE64 = Written.PLAIN, Written.PERCENT, Written.BASE64


@dataclass(frozen=True)
class DialplanEvent:
    """One kind of UserEvent: its name on the wire and its headers in the order in which they are sent."""

    name: str
    headers: Mapping[str, Written]


def _event(name: str, **headers: Written) -> DialplanEvent:
    return DialplanEvent(name, MappingProxyType(headers))


# A call came in. Number: the service number dialled. Services: first guess first, joined by '+'. Caller:
# digits and '+', at most 20, empty when withheld. SipCallId: the carrier's Call-ID. From, Asserted: the identity
# headers as they came, each cut at some length; `read` adds Name, the display name in From. Test: "1" where it is our
# own test call.
ARRIVED = _event(
    "DispatchArrived",
    Number=PLAIN,
    Services=PLAIN,
    Caller=PLAIN,
    Carrier=PLAIN,
    SipCallId=BASE64,
    From=BASE64,
    Asserted=BASE64,
    Test=PLAIN,
)
# The identity headers alone, and Name as above. Only in recorded streams; our dialplan tells them with the arrival.
CALLER_HEADERS = _event("DispatchCallerHeaders", From=BASE64, Asserted=BASE64)
# Other headers of an INVITE, joined and cut, where one of them is more than plain ASCII: see `telephony.oddities`.
HEADERS = _event("DispatchHeaders", Carrier=PLAIN, Text=BASE64)
# The location that came with the INVITE (RFC 6442). Info: RFC 5491 shape or RFC 5139 civic address as
# `key="value",...`; Effective: the same after the profile's refinements; Header: the Geolocation header.
LOCATED = _event(
    "DispatchLocated",
    Format=PLAIN,
    Method=BASE64,
    Source=BASE64,
    Info=BASE64,
    Effective=BASE64,
    Element=BASE64,
    ElementId=BASE64,
    Confidence=BASE64,
    UsageRules=BASE64,
    DeviceId=BASE64,
    Notes=BASE64,
    Header=BASE64,
)
# Recording began; File: absolute path on Asterisk's machine.
RECORDING = _event("DispatchRecording", File=PLAIN)
# A recorded channel is going. Received, Sent: RTP packets of its sound, each of 20 ms, as Asterisk counted them.
SOUNDED = _event("DispatchSounded", Received=PLAIN, Sent=PLAIN)
# The call waits in a queue from now on. Front: 1 when it goes before those who wait already.
WAITING = _event("DispatchWaiting", Queue=PLAIN, Front=PLAIN)
# The service's own call takers did not answer. Reason: TIMEOUT, JOINEMPTY, LEAVEEMPTY, FULL, ...
OVERFLOWED = _event("DispatchOverflowed", From=PLAIN, To=PLAIN, Reason=PLAIN)
# A console asked for the call; that position's phone is being called.
ANSWERING = _event("DispatchAnswering", Position=PLAIN)
# A position's phone picked up. By: queue (the phone was lifted) or console. On the position's channel.
ANSWERED = _event("DispatchAnswered", Position=PLAIN, By=PLAIN)
# The position's phone did not pick up; the caller goes back to the front of the queue. Reason: a DIALSTATUS.
NOT_ANSWERED = _event("DispatchNotAnswered", Position=PLAIN, Reason=PLAIN)
# Another position had lifted its phone first; the call stays with that one. Position: who asked.
ANSWERED_ELSEWHERE = _event("DispatchAnsweredElsewhere", Position=PLAIN, AnsweredBy=PLAIN)
# Call-back: the position picked up and the number is being dialled; the other end picked up; it is over.
CALLBACK_DIALLING = _event("DispatchCallbackDialling", Position=PLAIN, Number=PLAIN, Carrier=PLAIN)
CALLBACK_REACHED = _event("DispatchCallbackReached", Carrier=PLAIN)
CALLBACK_ENDED = _event("DispatchCallbackEnded", Outcome=PLAIN, Cause=PLAIN)
# On the caller's channel: alone, on hold. By: unique id of the channel that holds.
ON_HOLD = _event("DispatchOnHold", By=PLAIN)
# On the caller's channel: the channel that held is gone; front of the queue.
HOLDER_LOST = _event("DispatchHolderLost", By=PLAIN)
# On any channel of the call: it comes into the room. Role: caller, ours, guest.
TO_ROOM = _event("DispatchToRoom", Role=PLAIN)
# On the position's channel: To (a position; "" = an outside number) is being called and talked with meanwhile; it is
# over, with Dial's own word in Reason, and the position goes back to the caller.
CONSULTING = _event("DispatchConsulting", Position=PLAIN, To=PLAIN)
CONSULT_OVER = _event("DispatchConsultOver", Position=PLAIN, Reason=PLAIN)
# On the caller's channel: handed over to To (a position, a service; "" = an outside number); nobody came there, and
# the caller goes to the front of the queue.
TRANSFERRING = _event("DispatchTransferring", To=PLAIN)
NOT_TRANSFERRED = _event("DispatchNotTransferred", To=PLAIN, Reason=PLAIN)
# On a supervisor's channel: hears a position (How: listen, whisper).
WATCHING = _event("DispatchWatching", How=PLAIN)
# A text message (SIP MESSAGE) to a service number. `read` adds Caller, the number in From. Body: at most 2,000
# bytes. SipCallId, CSeq: the same again in a message that a carrier sends again.
MESSAGE = _event(
    "DispatchMessage",
    Number=PLAIN,
    Carrier=PLAIN,
    From=BASE64,
    SipCallId=BASE64,
    CSeq=BASE64,
    ContentType=BASE64,
    Body=BASE64,
)
# A synthetic call came to where a caller would begin to wait. Ready: phones of its queue that would ring.
PROBE = _event("DispatchProbed", Number=PLAIN, Token=PLAIN, Ready=PLAIN)
# The prompt that asks for a key begins in the caller's ear. Call: our call id.
PROMPTED = _event("DispatchPrompted", Call=PLAIN)
# Words about a surge begin in the ear of a caller who waits. Call: our call id. About: the incident.
SURGE_TOLD = _event("DispatchSurgeTold", Call=PLAIN, About=PLAIN)
# The caller's channel is going. Cause: Q.850, 0 when the caller left before an answer. Line: how well the line was
# heard, LINE_PARTS in this order, as `CHANNEL(rtcp,…)` tells them.
LINE_PARTS = ("rxcount", "rxploss", "txjitter", "txcount", "txploss", "rxjitter", "rtt")
ENDED = _event("DispatchEnded", Cause=PLAIN, Line=PLAIN)
# The same of a carrier's channel that we called.
LINE = _event("DispatchLine", Line=PLAIN)

EVENTS: Mapping[str, DialplanEvent] = MappingProxyType(
    {
        event.name: event
        for event in (
            ARRIVED,
            CALLER_HEADERS,
            HEADERS,
            LOCATED,
            RECORDING,
            SOUNDED,
            WAITING,
            OVERFLOWED,
            ANSWERING,
            ANSWERED,
            NOT_ANSWERED,
            ANSWERED_ELSEWHERE,
            CALLBACK_DIALLING,
            CALLBACK_REACHED,
            CALLBACK_ENDED,
            ON_HOLD,
            HOLDER_LOST,
            TO_ROOM,
            CONSULTING,
            CONSULT_OVER,
            TRANSFERRING,
            NOT_TRANSFERRED,
            WATCHING,
            MESSAGE,
            PROBE,
            PROMPTED,
            SURGE_TOLD,
            ENDED,
            LINE,
        )
    }
)


@dataclass(frozen=True)
class RecordedName:
    """What a UserEvent of the recorded streams is called here; `headers`: theirs -> (ours, how written)."""

    event: DialplanEvent
    headers: Mapping[str, tuple[str, Written]] = field(default_factory=dict)


# PsapMessage (the same body, raw, and therefore forgeable) and PsapQueueOutcome (PsapOverflow says it too)
# carry nothing that is not told elsewhere: `read` answers None for them.
RECORDED: Mapping[str, RecordedName] = MappingProxyType(
    {
        "PsapCallArrived": RecordedName(
            ARRIVED,
            {
                "Service": ("Number", PLAIN),
                "Caller": ("Caller", PLAIN),
                "CallerName": ("Name", PLAIN),
                "SipCallID": ("SipCallId", PLAIN),
            },
        ),
        "PsapFrom": RecordedName(CALLER_HEADERS, {"From": ("From", PERCENT), "PAI": ("Asserted", PERCENT)}),
        "PsapGeo": RecordedName(
            LOCATED,
            {
                "Format": ("Format", PLAIN),
                "Method": ("Method", PLAIN),
                "locationsource": ("Source", PERCENT),
                "locationinfo": ("Info", PERCENT),
                "effectivelocation": ("Effective", PERCENT),
                "pidfelement": ("Element", PERCENT),
                "pidfelementid": ("ElementId", PERCENT),
                "confidence": ("Confidence", PERCENT),
                "usagerules": ("UsageRules", PERCENT),
                "deviceid": ("DeviceId", PERCENT),
                "notes": ("Notes", PERCENT),
                "Header": ("Header", PERCENT),
            },
        ),
        "PsapRecording": RecordedName(RECORDING, {"File": ("File", PLAIN)}),
        "PsapOverflow": RecordedName(
            OVERFLOWED, {"From": ("From", PLAIN), "To": ("To", PLAIN), "Reason": ("Reason", PLAIN)}
        ),
        "PsapCallback": RecordedName(CALLBACK_DIALLING, {"Number": ("Number", PLAIN)}),
        "PsapMessageB64": RecordedName(
            MESSAGE, {"Service": ("Number", PLAIN), "From": ("From", PERCENT), "BodyB64": ("Body", BASE64)}
        ),
        "PsapHangupHandler": RecordedName(ENDED, {"Cause": ("Cause", PLAIN)}),
    }
)


def read(message: Mapping[str, str]) -> tuple[DialplanEvent, dict[str, str]] | None:
    """The event that a UserEvent message tells and its decoded headers under our names; None if not ours.

    A header that is absent is absent from the answer; Name (ARRIVED, CALLER_HEADERS) and Caller (MESSAGE) are
    read out of From when the message does not tell them. ValueError when a value is not written as the table
    says.
    """
    name = message.get("UserEvent", "")
    if name in EVENTS:
        event = EVENTS[name]
        written = ((ours, ours, how) for ours, how in event.headers.items())
    elif name in RECORDED:
        event = RECORDED[name].event
        written = ((theirs, ours, how) for theirs, (ours, how) in RECORDED[name].headers.items())
    else:
        return None
    values = {ours: how.read(message[theirs]) for theirs, ours, how in written if theirs in message}
    if event is MESSAGE and "From" in values:
        values.setdefault("Caller", number_in(values["From"]))
    elif event in (ARRIVED, CALLER_HEADERS) and "From" in values:
        values.setdefault("Name", name_in(values["From"]))
    return event, values
