"""A call that is steered from a console: on hold, asked about, handed over, in a room with more than two.

Where channels are, each put there by an AMI Redirect or by the dialplan itself:
- `room`: a ConfBridge named by the call id. Whoever is *marked* keeps it open; when the last of them has left, the
  caller is let go, as when the one phone that talks hangs up. A caller comes in only where somebody marked is: one
  whose phone was hung up on the way there goes to the FRONT of the queue, or would sit in an empty room for ever;
- `held`: the caller alone, with a soft tone. The caller follows into the room by itself as soon as somebody marked is
  there, and goes to the FRONT of the queue when the channel that holds (CALL_HELD_BY) is gone: never into silence;
- `holding`, `consult-...`: the position that holds, in silence or talking with somebody else. Whatever becomes of the
  consultation, the position goes on into the room, where the caller comes too;
- `transfer-...`: the caller, for whom another phone, queue or number is called; front of the queue where nobody comes.

Guarded here: nobody at the far end of a Dial can transfer or forward; only digits and '+' are dialled; the recording,
which hangs on the caller's channel, goes on through all of it; no extension is a pattern.
"""

from __future__ import annotations

from telephony.dialplan_contexts import (
    CALL_CALLER,
    CALL_HELD_BY,
    CALL_NUMBER,
    CALL_SERVICE,
    CALL_UUID,
    CONSULT_NUMBER,
    CONSULT_POSITION,
    HELD,
    HOLDING,
    LEAVE,
    ROOM,
    ROOM_CALLER,
    ROOM_GUEST,
    ROOM_HEIR,
    ROOM_OURS,
    START,
    STEER_NUMBER,
    TRANSFER_NUMBER,
    TRANSFER_POSITION,
    TRANSFER_SERVICE,
    WAIT_AGAIN,
    WATCH,
    WATCH_LISTEN,
    WATCH_ON,
    WATCH_WHISPER,
    position_interface,
)
from telephony.dialplan_events import (
    CONSULT_OVER,
    CONSULTING,
    HOLDER_LOST,
    NOT_TRANSFERRED,
    ON_HOLD,
    TO_ROOM,
    TRANSFERRING,
    WATCHING,
)
from telephony.trunk.dialplan.arrival import NUMBER_LENGTH
from telephony.trunk.dialplan.prompting import unask
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.dialplan.waiting import FRONT, PICKED_UP, WAIT
from telephony.trunk.files.confbridge_conf import CALLER_PROFILE, GUEST_PROFILE, OURS_PROFILE, ROOM_PROFILE
from telephony.trunk.files.small_confs import HELD_TONE
from telephony.trunk.site import Site

RING = 25  # seconds that a position's phone is rung for a transfer or a consultation
REACH = 60  # seconds in which an outside number must answer
LOOK_EVERY = 0.2  # seconds between two looks of a caller on hold at who is there
OUT_EVERY = 0.05  # seconds; at most OUT_LOOKS of them
OUT_LOOKS = 20
IN_LOOKS = 40  # as often; the one who talks comes into the room in the same moment
SETTLE = 0.3  # seconds after the last marked one left, in which another may still come (it is being moved)
CALL_TO = "CALL_TO"
TALKED_TO = "consulted"
ROOM_OVER = "room-over"

_ROOM = f"${{{CALL_UUID}}}"
_MARKED = f"${{CONFBRIDGE_INFO(marked,{_ROOM})}}"
_ENDPOINT = "${CHANNEL(endpoint)}"


def steering(site: Site) -> str:
    """The contexts of steering."""
    positions = [position.id for position in site.positions]
    services = [service.code for service in site.services]
    return "\n".join(
        [
            context(HELD, {START: _held()}),
            context(HOLDING, {START: _holding()}),
            context(
                ROOM,
                {
                    ROOM_CALLER: _caller_in_room(),
                    ROOM_OURS: _in_room("ours", OURS_PROFILE),
                    ROOM_GUEST: _in_room("guest", GUEST_PROFILE),
                    ROOM_HEIR: _in_room("guest", OURS_PROFILE),
                },
            ),
            context(ROOM_OVER, {START: _caller_gone()}),
            context(LEAVE, {START: ["Hangup()"]}),
            context(CONSULT_POSITION, {it: _consult_position(it) for it in positions}),
            context(CONSULT_NUMBER, {START: _consult_number(site)}),
            context(TALKED_TO, {START: _consulted()}),
            context(TRANSFER_POSITION, {it: _transfer_position(it) for it in positions}),
            context(TRANSFER_SERVICE, {it: _transfer_service(it) for it in services}),
            context(TRANSFER_NUMBER, {START: _transfer_number(site)}),
            context(WATCH, {WATCH_LISTEN: _watch("listen", ""), WATCH_WHISPER: _watch("whisper", "w")}),
        ]
    )


# --- hold -------------------------------------------------------------------------------------------------------------


def _held() -> list[str]:
    return [
        "Set(CALL_ANSWERED_BY=)",
        f"PlayTones({HELD_TONE})",
        "Set(CALL_LOOKS=0)",
        # who holds may still be on the way out of the room, and cannot be sent elsewhere until they are there
        f"(out) GotoIf($[0{_MARKED} = 0 | ${{CALL_LOOKS}} >= {OUT_LOOKS}]?there)",
        "Set(CALL_LOOKS=$[${CALL_LOOKS} + 1])",
        f"Wait({OUT_EVERY})",
        "Goto(out)",
        "(there) " + tell(ON_HOLD, By=f"${{{CALL_HELD_BY}}}"),
        f"(wait) GotoIf($[0{_MARKED} > 0]?{ROOM},{ROOM_CALLER},1)",
        f'GotoIf($["${{CHANNEL_EXISTS(${{{CALL_HELD_BY}}})}}" != "1"]?lost)',
        f"Wait({LOOK_EVERY})",
        "Goto(wait)",
        "(lost) StopPlayTones()",
        tell(HOLDER_LOST, By=f"${{{CALL_HELD_BY}}}"),
        f"Goto({WAIT_AGAIN},{START},1)",
    ]


def _holding() -> list[str]:
    return [
        f'(wait) GotoIf($["${{CHANNEL_EXISTS(${{{CALL_CALLER}}})}}" != "1"]?over)',
        f"Wait({LOOK_EVERY})",
        "Goto(wait)",
        "(over) Hangup()",
    ]


# --- the room ---------------------------------------------------------------------------------------------------------


def _caller_in_room() -> list[str]:
    return [
        "StopPlayTones()",
        "Set(CALL_ANSWERED_BY=)",
        'GotoIf($["${CALL_ROOMED}" = "1"]?known)',
        "Set(CALL_ROOMED=1)",
        f"Set(CHANNEL(hangup_handler_push)={ROOM_OVER},{START},1)",
        "(known) " + tell(TO_ROOM, Role="caller"),
        "Set(CALL_LOOKS=0)",
        f"(in) GotoIf($[0{_MARKED} > 0]?again)",
        f"GotoIf($[${{CALL_LOOKS}} >= {IN_LOOKS}]?nobody)",
        "Set(CALL_LOOKS=$[${CALL_LOOKS} + 1])",
        f"Wait({OUT_EVERY})",
        "Goto(in)",
        f"(again) ConfBridge({_ROOM},{ROOM_PROFILE},{CALLER_PROFILE})",
        f"Wait({SETTLE})",
        f"GotoIf($[0{_MARKED} > 0]?again)",
        "Hangup()",
        "(nobody) " + tell(HOLDER_LOST, By=f"${{{CALL_HELD_BY}}}"),
        f"Goto({WAIT_AGAIN},{START},1)",
    ]


def _caller_gone() -> list[str]:
    """Runs when the caller's channel ends: those who talked in the room are let go, as when one phone talks."""
    return [
        f"Set(CALL_REST=${{CONFBRIDGE_CHANNELS(marked,{_ROOM})}})",
        '(next) GotoIf($["${CALL_REST}" = ""]?done)',
        "SoftHangup(${SHIFT(CALL_REST)})",
        "Goto(next)",
        "(done) Return()",
    ]


def _in_room(role: str, profile: str) -> list[str]:
    return [
        f'GotoIf($["${{CHANNEL_EXISTS(${{{CALL_CALLER}}})}}" != "1"]?over)',
        tell(TO_ROOM, Role=role),
        f"ConfBridge({_ROOM},{ROOM_PROFILE},{profile})",
        "(over) Hangup()",
    ]


# --- consultation (on the position's channel) -------------------------------------------------------------------------


def _consult_position(position: str) -> list[str]:
    return [
        tell(CONSULTING, Position=_ENDPOINT, To=position),
        f"Dial({position_interface(position)},{RING},rgiIU({TALKED_TO}))",
        *_back_to_the_caller(),
    ]


def _consult_number(site: Site) -> list[str]:
    return [
        *_number_to_dial(),
        tell(CONSULTING, Position=_ENDPOINT, To=""),
        'GotoIf($["${CALL_TO}" = ""]?over)',
        *_dial_out(site, f"rgiIU({TALKED_TO})"),
        *_back_to_the_caller(),
    ]


def _consulted() -> list[str]:
    """Runs on the channel of who is asked, when it picks up."""
    return ["Return()"]


def _back_to_the_caller() -> list[str]:
    return [
        "(over) " + tell(CONSULT_OVER, Position=_ENDPOINT, Reason="${DIALSTATUS}"),
        f'GotoIf($["${{CHANNEL_EXISTS(${{{CALL_CALLER}}})}}" = "1"]?{ROOM},{ROOM_OURS},1)',
        "Hangup()",
    ]


# --- blind transfer (on the caller's channel) -------------------------------------------------------------------------


def _begin(to: str) -> list[str]:
    return [*unask(), "StopPlayTones()", "Set(CALL_ANSWERED_BY=)", tell(TRANSFERRING, To=to)]


def _not_reached(to: str) -> list[str]:
    return [
        'GotoIf($["${DIALSTATUS}" = "ANSWER"]?done)',
        "(over) " + tell(NOT_TRANSFERRED, To=to, Reason="${DIALSTATUS}"),
        "Set(CALL_ANSWERED_BY=)",
        f"Goto({WAIT_AGAIN},{START},1)",
        "(done) Hangup()",
    ]


def _transfer_position(position: str) -> list[str]:
    return [
        *_begin(position),
        f"Dial({position_interface(position)},{RING},riIU({PICKED_UP}^transfer))",
        *_not_reached(position),
    ]


def _transfer_service(service: str) -> list[str]:
    """Its own time until everybody is called begins anew: these call takers have not had the call yet."""
    return [
        *_begin(service),
        f"Set(__{CALL_SERVICE}={service})",
        "Set(CALL_OVERFLOWED=)",
        "Set(CALL_OVERFLOW_AT=)",
        f"Set(QUEUE_PRIO={FRONT})",
        f"Goto({WAIT},{service},1)",
    ]


def _transfer_number(site: Site) -> list[str]:
    return [
        *_number_to_dial(),
        *_begin(""),
        'GotoIf($["${CALL_TO}" = ""]?over)',
        *_dial_out(site, "riI"),
        *_not_reached(""),
    ]


def _number_to_dial() -> list[str]:
    """Only digits and '+', whatever was asked; what the called sees is the service number, for this Dial alone."""
    return [
        f"Set({CALL_TO}=${{FILTER(0-9+,${{{STEER_NUMBER}}}):0:{NUMBER_LENGTH}}})",
        "Set(DIALSTATUS=INVALIDARGS)",
    ]


def _dial_out(site: Site, options: str) -> list[str]:
    """The next carrier is tried only when one could not take the call at all, so that nobody is rung twice."""
    steps: list[str] = []
    partners = [(number, it) for number, it in enumerate(site.partners, 1) if it.carrier]
    for number, partner in partners:
        steps.append(f'GotoIf($["${{{CALL_TO}}}" = "{partner.dial}"]?partner{number})')
    if partners:
        steps.append("Goto(any)")
    for number, partner in partners:
        first, *then = _dial_through(partner.carrier, options)
        steps += [f"(partner{number}) {first}", *then, "Goto(any)"]
    if partners:
        steps.append("(any) NoOp()")
    for carrier in site.carriers:
        if carrier.enabled:
            steps += _dial_through(carrier.name, options)
    return [*steps, "(reached) NoOp()"]


def _dial_through(carrier: str, options: str) -> list[str]:
    shown = f"f(${{{CALL_NUMBER}}})"
    return [
        f"Dial(PJSIP/${{{CALL_TO}}}@{carrier},{REACH},{options}{shown})",
        'GotoIf($["${DIALSTATUS}" != "CHANUNAVAIL" & "${DIALSTATUS}" != "CONGESTION"]?reached)',
    ]


# --- a supervisor at a position ---------------------------------------------------------------------------------------


def _watch(how: str, option: str) -> list[str]:
    """Quiet, one channel by its unique id and no other, over when that channel is."""
    return [tell(WATCHING, How=how), f"ChanSpy(${{{WATCH_ON}}},uqES{option})", "Hangup()"]
