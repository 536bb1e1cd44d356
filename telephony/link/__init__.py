"""AMI, the event stream and the actions of one Asterisk: the only importer of panoramisk, inside a hardened shell.

Promised here, because panoramisk alone does not: nothing is ever sent twice; no value that is sent can become a
second action; a silent connection is noticed; every action has a deadline and a known or unknown outcome; bytes are
decoded when a message is whole, wherever the network cut it; a message that cannot be understood is set aside with
its bytes and the next one goes on; events that Asterisk cannot have sent are told apart and change nothing.
"""

from __future__ import annotations

from telephony.link.link import AmiLink
from telephony.link.messages import AmiEvent, Answer, Forgery, Parked
from telephony.link.states import LinkState

__all__ = ["AmiEvent", "AmiLink", "Answer", "Forgery", "LinkState", "Parked"]
