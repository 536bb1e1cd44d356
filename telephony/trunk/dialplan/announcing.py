"""What the site's own announcements say to a caller who waits, into his ear alone.

Like the words about a surge (`prompting`): beside his channel, in place of what would ask him for a key, and silent the
moment somebody answers. Nothing waits for it.
"""

from __future__ import annotations

from telephony.dialplan_contexts import PROMPT_CALL, PROMPT_TO, SURGE_THANK
from telephony.trunk.dialplan.prompting import ask_again
from telephony.trunk.dialplan.syntax import context
from telephony.trunk.site import Site

ANNOUNCEMENTS = "announcements"
ANNOUNCE_SERVICE = "ANNOUNCE_SERVICE"
LONGEST = 120  # seconds


def announcing(site: Site, folder: str) -> str:
    """The context with an extension for each announcement. `folder`: where those are that have only a name."""
    return context(
        ANNOUNCEMENTS,
        {
            it.code: [
                f"Playback({it.sound if it.sound.startswith('/') else f'{folder}/{it.sound}'})",
                *ask_again(f"${{{PROMPT_TO}}}", f"${{{ANNOUNCE_SERVICE}}}"),
            ]
            for it in site.announcements
        },
    )


def announce(code: str, caller: str, call: str, service: str) -> str:
    """The step that begins an announcement for the caller whose channel has the unique id `caller`."""
    known = {PROMPT_TO: caller, PROMPT_CALL: call, ANNOUNCE_SERVICE: service}
    told = "^".join(f"__{name}={value}" for name, value in known.items())
    return f"Originate(Local/s@{SURGE_THANK}/n,exten,{ANNOUNCEMENTS},{code},1,{LONGEST},ac(0)n(prompt)v({told}))"
