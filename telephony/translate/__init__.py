"""From Asterisk's events to facts of the trade: a pure fold over one node's stream, keyed by our own call id."""

from __future__ import annotations

from telephony.translate import dialplan, legs, silence, steering  # noqa: F401  (each registers how it reads its events)
from telephony.translate.naming import Naming
from telephony.translate.tracker import Tracker
from telephony.translate.translator import Translator
from telephony.translate.wanted import WANTED

__all__ = ["WANTED", "Naming", "Tracker", "Translator"]
