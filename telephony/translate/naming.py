"""Whose channel it is: from the name of a PJSIP endpoint to a carrier or a position, from a number to services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from telephony.dialplan_contexts import NO_PHONES

PJSIP = "PJSIP/"
LOCAL = "Local/"


def endpoint_of(channel: str) -> str:
    """"B01" for "PJSIP/B01-0000002a"; "" for another kind of channel. An interface ("PJSIP/B01") is taken too."""
    if not channel.startswith(PJSIP):
        return ""
    name, dash, suffix = channel[len(PJSIP) :].rpartition("-")
    if dash and len(suffix) == 8 and all(digit in "0123456789abcdef" for digit in suffix):
        return name
    return channel[len(PJSIP) :]


@dataclass(frozen=True)
class Naming:
    """Endpoints that are named here are carriers, every other one is the phone of the position of its name.

    `numbers`: service number to its services, the first guess first. `ways`: a partner's number to the carrier through
    whom it is dialled.
    """

    carriers: frozenset[str]
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)

    def carrier(self, channel: str) -> str:
        """The carrier whose channel it is, "" for any other channel."""
        name = endpoint_of(channel)
        return name if name in self.carriers else ""

    def position(self, channel: str) -> str:
        """The position whose phone it is, "" for any other channel."""
        name = endpoint_of(channel)
        return "" if name in self.carriers or name in NO_PHONES else name
