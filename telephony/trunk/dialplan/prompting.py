"""The words that ask a caller who says nothing to press a key: into his ear alone, without leaving what he is in.

A Local channel of two halves: one whispers into the caller's channel (and hears nothing), the other plays. After the
answer the core starts it; while a caller waits the dialplan does, by itself: the same channel, which sleeps first, then
looks whether that caller still waits, and after its words starts the next one.

Guarded here: the caller's channel is found by its unique id, which no other channel can have or begin with; whoever
talks with him hears none of it, and nothing of his call ends with it. What asks runs beside the caller's channel, so
that no answer waits for it. Each wait has a number (CALL_ASK), and what asks speaks only while that number is the
caller's: one at a time, none after an answer. It puts its name on the caller's channel *before* it looks at the number,
and whoever ends the wait takes the number away *before* reading the name: one of the two sees the other.
"""

from __future__ import annotations

from telephony.dialplan_contexts import CALL_UUID, PROMPT, PROMPT_CALL, PROMPT_SAYS, PROMPT_TO, START
from telephony.dialplan_events import PROMPTED
from telephony.trunk.dialplan.syntax import context, tell

ASK_LATER = "ask-later"
ASK_SAYS = "ask-says"
ASKED_EVERY = 60  # seconds between two prompts to one who waits
ASK_NUMBER = "ASK_NUMBER"
ASK_IN = "ASK_IN"
SPARE = 30  # seconds that the switch may take beyond the sleep until it gives an asking up
_NAME = "SHARED(CALL_ASKED_BY)"


def prompting(sound: str, waits: tuple[str, ...]) -> str:
    """The contexts of the prompt. `sound`: the file, absolute, without its suffix; `waits`: the contexts in which a
    caller waits."""
    whispers = ["Answer()", *_whisper()]
    says = [tell(PROMPTED, Call=f"${{{PROMPT_CALL}}}"), f"Playback({sound})", "Hangup()"]
    again = [*says[:-1], _start(f"${{{PROMPT_TO}}}", f"${{{ASK_NUMBER}}}", str(ASKED_EVERY)), "Hangup()"]
    return "\n".join(
        [
            context(PROMPT, {START: whispers}),
            context(PROMPT_SAYS, {START: says}),
            context(ASK_LATER, {START: _ask_later(waits)}),
            context(ASK_SAYS, {START: again}),
        ]
    )


def ask(after: int) -> list[str]:
    """On the channel of a caller who begins to wait: ask him in `after` seconds; 0: never."""
    if not after:
        return []
    return [
        *unask(),
        "Set(CALL_ASKS=$[0${CALL_ASKS} + 1])",
        "Set(CALL_ASK=${CALL_ASKS})",
        _start("${UNIQUEID}", "${CALL_ASK}", str(after)),
    ]


def unask() -> list[str]:
    """On the caller's channel: what asks falls silent, within a packet or two."""
    return ["Set(CALL_ASK=)", _end("${UNIQUEID}")]


def unask_from_phone() -> list[str]:
    """The same on the channel of a phone that was lifted, before it hears the caller."""
    return ["Set(MASTER_CHANNEL(CALL_ASK)=)", _end(f"${{{CALL_UUID}}}")]


def _end(caller: str) -> str:
    name = f"${{IMPORT({caller},{_NAME})}}"
    return f'SoftHangup(${{IF($["{name}" = ""]?nobody:{name})}})'


def _start(caller: str, number: str, after: str) -> str:
    """Not the caller's number in its caller id: it is nobody."""
    known = f"__{PROMPT_TO}={caller}^__{PROMPT_CALL}={caller}^__{ASK_NUMBER}={number}^__{ASK_IN}={after}"
    longest = f"$[{after} + {SPARE}]"
    return f"Originate(Local/{START}@{ASK_LATER}/n,exten,{ASK_SAYS},{START},1,{longest},ac(0)n(prompt)v({known}))"


def _ask_later(waits: tuple[str, ...]) -> list[str]:
    caller = f"${{{PROMPT_TO}}}"
    place = f"${{IMPORT({caller},CONTEXT)}}"
    number = f'"${{IMPORT({caller},CALL_ASK)}}" = "${{{ASK_NUMBER}}}"'
    inside = " | ".join(f'"{place}" = "{it}"' for it in waits)
    return [
        f'GotoIf($["${{CHANNEL_EXISTS({caller})}}" != "1"]?over)',
        f"Set(SHARED(CALL_ASKED_BY,{caller})=${{CHANNEL(name)}})",
        f"GotoIf($[{number}]?sleep:over)",
        f"(sleep) Wait(${{{ASK_IN}}})",
        f"GotoIf($[{number} & ({inside})]?speak:over)",
        "(speak) Answer()",
        *_whisper(),
        "(over) Hangup()",
    ]


def _whisper() -> list[str]:
    return [f"ChanSpy(${{{PROMPT_TO}}},uqWES)", "Hangup()"]
