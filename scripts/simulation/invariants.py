"""What must hold in every run, by the names under which a break is told."""

from __future__ import annotations

KEPT = "I1 what was acknowledged is kept"
ONE_ASSIGNMENT = "I2 one live assignment per unit"
ONE_OFFER = "I6 a crew is asked exactly while it is held, and an offer ends once"
NEXT_OR_ALARM = "I7 after a no somebody is asked or somebody is told"
SEEN = "I3 a call is on every console in 2 s"
ONCE = "I4 no action twice"
CONVERGED = "I5 every console converged, or says stale"
COMMITTED_FIRST = "nothing is told before its commit"
ONE_EPOCH = "no two epochs interleave"
ONCE_ONLY = "a command takes effect once"
FOLDED = "fold(journal) is the live state"
ANSWERED = "every order is answered"
CALLS_TRUE = "calls are as the switch has them"
PHONES_SERVE = "phones serve where somebody sits"
NO_SURPRISE = "no unexpected exception"
