"""What a link tells of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkState:
    """`up`: logged in, events flow. `why`: a code for what ended or prevented that, "" while up.

    Codes: connect (no connection), refused (user or password), silent (nothing heard for 6 s), closed (by the other
    side), login (no answer to the login), deaf (changes that no event told), look (it could not be looked at), stopped.
    """

    up: bool
    why: str = ""
