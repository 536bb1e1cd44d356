"""The words that ask a caller who says nothing to press a key: into his ear alone, without leaving what he is in.

A Local channel of two halves: one whispers into the caller's channel (and hears nothing), the other plays. Guarded
here: the caller's channel is found by its unique id, which no other channel can have or begin with; whoever talks
with him hears none of it, and nothing of his call ends with it.
"""

from __future__ import annotations

from telephony.dialplan_contexts import PROMPT, PROMPT_CALL, PROMPT_SAYS, PROMPT_TO, START
from telephony.dialplan_events import PROMPTED
from telephony.trunk.dialplan.syntax import context, tell


def prompting(sound: str) -> str:
    """The contexts of the prompt. `sound`: the file, absolute, without its suffix."""
    whispers = [
        "Answer()",
        f"ChanSpy(${{{PROMPT_TO}}},uqWES)",
        "Hangup()",
    ]
    says = [tell(PROMPTED, Call=f"${{{PROMPT_CALL}}}"), f"Playback({sound})", "Hangup()"]
    return "\n".join([context(PROMPT, {START: whispers}), context(PROMPT_SAYS, {START: says})])
