"""What is said to a caller who waits, or who was answered and is silent, into his ear alone, without leaving what he is
in: the words that ask for a key, and during a surge those that say what is known already.

A Local channel of two halves: one whispers into the caller's channel (and hears nothing), the other plays. After the
answer the core starts it; while a caller waits the dialplan does, by itself: the same channel, which sleeps first, then
looks whether that caller still waits, and after its words starts the next one. While it sleeps it looks every
LOOKS_EVERY seconds into the switch's own database whether there is a surge that this caller has not heard of: so he
hears of it within that time, whichever of our processes live.

Guarded here: the caller's channel is found by its unique id, which no other channel can have or begin with; whoever
talks with him hears none of it, and nothing of his call ends with it. What asks runs beside the caller's channel, so
that no answer waits for it. Each wait has a number (CALL_ASK), and what asks speaks only while that number is the
caller's: one at a time, none after an answer. It puts its name on the caller's channel *before* it looks at the number,
and whoever ends the wait takes the number away *before* reading the name: one of the two sees the other. Whoever thanks
a caller for his key takes the place of what asks in the same way. A surge ends by its own time, also where nobody is
left to say so.
"""

from __future__ import annotations

from telephony.dialplan_contexts import (
    CALL_SERVICE,
    CALL_UUID,
    PROMPT,
    PROMPT_CALL,
    PROMPT_SAYS,
    PROMPT_TO,
    START,
    SURGE_FAMILY,
    SURGE_SAID,
    SURGE_THANK,
    SURGE_THANKS,
)
from telephony.dialplan_events import PROMPTED, SURGE_TOLD
from telephony.trunk.dialplan.syntax import context, tell

ASK_LATER = "ask-later"
ASK_SAYS = "ask-says"
ASKED_EVERY = 60  # seconds between two prompts to one who waits
LOOKS_EVERY = 3
ASK_NUMBER = "ASK_NUMBER"
ASK_IN = "ASK_IN"
ASK_SERVICE = "ASK_SERVICE"
ASK_HEARD = "ASK_HEARD"  # the incident that was announced to him
SPARE = 30  # seconds that the switch may take beyond the sleep until it gives an asking up
_NAME = "SHARED(CALL_ASKED_BY)"
_SURGE = "ASK_SURGE"  # what the database says: until when, about which incident, with which words


def prompting(five: str, surge: str, waits: tuple[str, ...], by_itself: bool) -> str:
    """The contexts of what is said. `five`: the sound that asks for a key, absolute, without its suffix; `by_itself`:
    whether those who wait hear it unasked; `surge`: the folder of the words about a surge; `waits`: the contexts in
    which a caller waits."""
    whispers = ["Answer()", *_whisper()]
    says = [tell(PROMPTED, Call=f"${{{PROMPT_CALL}}}"), f"Playback({five})"]
    return "\n".join(
        [
            context(PROMPT, {START: whispers}),
            context(PROMPT_SAYS, {START: [*says, "Hangup()"]}),
            context(ASK_LATER, {START: _ask_later(waits)}),
            context(ASK_SAYS, {START: _says(says if by_itself else ["NoOp()"], surge)}),
            context(SURGE_THANK, {START: _thank()}),
            context(SURGE_THANKS, {START: _thanks(surge)}),
        ]
    )


def ask(after: int) -> list[str]:
    """On the channel of a caller who begins to wait: ask him in `after` seconds; 0: only tell him of a surge."""
    return [
        *unask(),
        "Set(CALL_ASKS=$[0${CALL_ASKS} + 1])",
        "Set(CALL_ASK=${CALL_ASKS})",
        _start("${UNIQUEID}", "${CALL_ASK}", str(after or ASKED_EVERY), f"${{{CALL_SERVICE}}}"),
    ]


def unask() -> list[str]:
    """On the caller's channel: what asks falls silent, within a packet or two."""
    return ["Set(CALL_ASK=)", _end("${UNIQUEID}")]


def unask_from_phone() -> list[str]:
    """The same on the channel of a phone that was lifted, before it hears the caller."""
    return ["Set(MASTER_CHANNEL(CALL_ASK)=)", _end(f"${{{CALL_UUID}}}")]


def _end(caller: str) -> str:
    return _hang_up(f"${{IMPORT({caller},{_NAME})}}")


def _hang_up(name: str) -> str:
    return f'SoftHangup(${{IF($["{name}" = ""]?nobody:{name})}})'


def _start(caller: str, number: str, after: str, service: str, heard: str = "", said: str = "") -> str:
    """Not the caller's number in its caller id: it is nobody."""
    known = {
        PROMPT_TO: caller, PROMPT_CALL: caller, ASK_NUMBER: number, ASK_IN: after, ASK_SERVICE: service,
        ASK_HEARD: heard, SURGE_SAID: said,
    }  # fmt: skip
    told = "^".join(f"__{name}={value}" for name, value in known.items())
    longest = f"$[{after} + {SPARE}]"
    return f"Originate(Local/{START}@{ASK_LATER}/n,exten,{ASK_SAYS},{START},1,{longest},ac(0)n(prompt)v({told}))"


def _surge_of(service: str) -> str:
    return f"Set({_SURGE}=${{DB({SURGE_FAMILY}/{service})}})"


def _is_on() -> str:
    """Whether what the database says still holds; where it says nothing the time is 0."""
    return f"${{EPOCH}} < 0${{CUT({_SURGE},:,1)}}"


_ABOUT = f"${{CUT({_SURGE},:,2)}}"


def _ask_later(waits: tuple[str, ...]) -> list[str]:
    caller = f"${{{PROMPT_TO}}}"
    place = f"${{IMPORT({caller},CONTEXT)}}"
    number = f'"${{IMPORT({caller},CALL_ASK)}}" = "${{{ASK_NUMBER}}}"'
    inside = " | ".join(f'"{place}" = "{it}"' for it in waits)
    news = f'{_is_on()} & "{_ABOUT}" != "${{{ASK_HEARD}}}"'
    return [
        f'GotoIf($["${{CHANNEL_EXISTS({caller})}}" != "1"]?over)',
        f"Set(SHARED(CALL_ASKED_BY,{caller})=${{CHANNEL(name)}})",
        f"Set(ASK_LEFT=${{{ASK_IN}}})",
        f"(again) GotoIf($[{number}]?sleep:over)",
        f"(sleep) Wait(${{IF($[${{ASK_LEFT}} < {LOOKS_EVERY}]?${{ASK_LEFT}}:{LOOKS_EVERY})}})",
        f"Set(ASK_LEFT=$[${{ASK_LEFT}} - {LOOKS_EVERY}])",
        _surge_of(f"${{{ASK_SERVICE}}}"),
        f"GotoIf($[(${{ASK_LEFT}} > 0) & !({news})]?again)",
        f"GotoIf($[{number} & ({inside})]?speak:over)",
        "(speak) Answer()",
        *_whisper(),
        "(over) Hangup()",
    ]


def _says(five: list[str], surge: str) -> list[str]:
    """What is known of a surge, unless he has said that he calls about it; then the words that ask for a key."""
    again = _start(
        f"${{{PROMPT_TO}}}", f"${{{ASK_NUMBER}}}", str(ASKED_EVERY), f"${{{ASK_SERVICE}}}", f"${{{ASK_HEARD}}}",
        f"${{{SURGE_SAID}}}",
    )  # fmt: skip
    return [
        _surge_of(f"${{{ASK_SERVICE}}}"),
        f'GotoIf($[{_is_on()} & "{_ABOUT}" != "${{{SURGE_SAID}}}"]?surge:five)',
        "(surge) " + tell(SURGE_TOLD, Call=f"${{{PROMPT_CALL}}}", About=_ABOUT),
        f"Playback({surge}/${{CUT({_SURGE},:,3)}})",
        f"Set({ASK_HEARD}={_ABOUT})",
        f"(five) {five[0]}",
        *five[1:],
        again,
        "Hangup()",
    ]


def _thank() -> list[str]:
    """In place of what asks, which is in the middle of its words: the order is the same as where an answer ends it."""
    caller = f"${{{PROMPT_TO}}}"
    number = f"${{IMPORT({caller},CALL_ASK)}}"
    return [
        f"Set({ASK_NUMBER}={number})",
        f'GotoIf($["${{{ASK_NUMBER}}}" = ""]?over)',
        f"Set(ASK_BEFORE=${{IMPORT({caller},{_NAME})}})",
        f"Set(SHARED(CALL_ASKED_BY,{caller})=${{CHANNEL(name)}})",
        _hang_up("${ASK_BEFORE}"),
        f'GotoIf($["{number}" = "${{{ASK_NUMBER}}}"]?speak:over)',
        "(speak) Answer()",
        *_whisper(),
        "(over) Hangup()",
    ]


def _thanks(surge: str) -> list[str]:
    caller, said = f"${{{PROMPT_TO}}}", f"${{{SURGE_SAID}}}"
    service = f"${{IMPORT({caller},{CALL_SERVICE})}}"
    return [f"Playback({surge}/surge-thanks)", *ask_again(caller, service, said)]


def ask_again(caller: str, service: str, said: str = "") -> list[str]:
    """Behind something else that was said to a caller: he is asked later, if he still waits. `said`: the incident about
    which he has said that he calls."""
    return [
        f"Set({ASK_NUMBER}=${{IMPORT({caller},CALL_ASK)}})",
        f'GotoIf($["${{{ASK_NUMBER}}}" = ""]?over)',
        _start(caller, f"${{{ASK_NUMBER}}}", str(ASKED_EVERY), service, said, said),
        "(over) Hangup()",
    ]


def _whisper() -> list[str]:
    return [f"ChanSpy(${{{PROMPT_TO}}},uqWES)", "Hangup()"]
