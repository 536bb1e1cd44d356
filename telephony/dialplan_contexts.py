"""Names in our dialplan that an AMI action may address, and the channel variables that it may set or read.

`telephony.trunk` writes them, `telephony.actions` and `telephony.reconcile` use them. None of the contexts is
reachable by a caller.
"""

from __future__ import annotations

from collections.abc import Sequence

# Redirect of a caller's channel to (ANSWER_AT, position id, 1): that position's phone picks the call up.
ANSWER_AT = "answer-at"
# Redirect of a caller's channel to (WAIT_AGAIN, START, 1): back to the front of the queue.
WAIT_AGAIN = "wait-again"
# Originate with Channel PJSIP/<position>, ChannelId, Context CALLBACK, Exten START, Priority 1, Async true, CallerID
# `"<service number>" <number>` (what the position's phone shows; without it "Anonymous"), and a Variable line for
# each of __CALL_UUID, __CALL_NUMBER (the service number that is shown to the called), CALLBACK_NUMBER and
# AUTO_ANSWER. (Its PreDialGoSub has no effect in 22.10.)
CALLBACK = "callback"
START = "s"
# Originate with Channel Local/<START>@<PROMPT>/n, Context PROMPT_SAYS, Exten START, Priority 1, Async true, and a
# Variable line for each of PROMPT_TO (the unique id of the caller's channel) and PROMPT_CALL (our call id): the
# caller, and nobody else, hears what PROMPT_SAYS plays.
PROMPT = "prompt"
PROMPT_SAYS = "prompt-says"
PROMPT_TO = "PROMPT_TO"
PROMPT_CALL = "PROMPT_CALL"
# Originate with Channel Local/<START>@<SURGE_THANK>/n, Context SURGE_THANKS, Exten START, Priority 1, Async true, and a
# Variable line for each of PROMPT_TO and SURGE_SAID (the incident): a caller who waits hears that he is counted.
SURGE_THANK = "surge-thank"
SURGE_THANKS = "surge-thanks"
SURGE_SAID = "SURGE_SAID"
# AstDB: by service code "<epoch seconds until it is over>:<incident>:<sound>"
SURGE_FAMILY = "surge"
# AstDB: the numbers that stand behind, each with any value.
NUISANCE_FAMILY = "nuisance"

# Originate with Channel PJSIP/<service number>@PROBE_OUT, Context PROBE_OVER, Exten START, Priority 1, Async true, and
# a Variable line PROBE_TOKEN=<token>: the node calls itself. The called end is PROBE_IN, known by its password; neither
# is anybody's phone or carrier (no name of a site may have a '_').
PROBE_OUT = "probe_out"
PROBE_IN = "probe_in"
PROBE_OVER = "probe-over"
PROBED = "probed"
PROBE_HEADER = "X-Dispatch-Probe"
PROBE_TOKEN = f"PJSIP_HEADER(add,{PROBE_HEADER})"
PROBE_ENDPOINTS = frozenset({PROBE_OUT, PROBE_IN})
# Originate with Channel PJSIP/<number>@<carrier>, ChannelId, Context TEST_OUT, Exten START, Priority 1, Async true and
# a Variable line TEST_TOKEN=<token>: a test call. Before it the global variables TEST_MARK, the token, and TEST_UNTIL,
# the seconds since 1970 up to when it counts, at every node: where it comes in with the token, CALL_TEST is "1".
# Redirect of its caller's channel to (TEST_WAITS, START, TEST_AGAIN): it gives way to somebody who calls.
TEST_OUT = "test-out"
TEST_WAITS = "test-waits"
TEST_AGAIN = "again"
TEST_MARK = "TEST_MARK"
TEST_UNTIL = "TEST_UNTIL"
TEST_HEADER = "X-Dispatch-Test"
TEST_TOKEN = f"PJSIP_HEADER(add,{TEST_HEADER})"
TEST_PREFIX = "test-"  # how the unique id of its outgoing channel begins
CALL_TEST = "CALL_TEST"  # inherited; "1" on every channel of a test call that came in

REPLACING = "no_replacing"  # no carrier's or position's name has an underscore
NO_PHONES = PROBE_ENDPOINTS | {REPLACING}
"""Endpoints behind which nobody's phone is."""
# Steering: see telephony.trunk.dialplan.steering. Redirects of the caller's channel:
HELD = "held"  # START; before it CALL_HELD_BY is set
TRANSFER_POSITION = "transfer-position"  # position id
TRANSFER_SERVICE = "transfer-service"  # service code
TRANSFER_NUMBER = "transfer-number"  # START; before it STEER_NUMBER is set
# ... of a position's channel:
HOLDING = "holding"  # START; before it CALL_CALLER is set
CONSULT_POSITION = "consult-position"  # position id; before it CALL_CALLER is set
CONSULT_NUMBER = "consult-number"  # START; before it CALL_CALLER and STEER_NUMBER are set
LEAVE = "leave"  # START
# ... of any channel of the call, or where an Originate for it goes:
ROOM = "room"
ROOM_CALLER = "caller"
ROOM_OURS = "ours"  # a position: keeps the room open
ROOM_GUEST = "guest"  # somebody else: does not
ROOM_HEIR = "heir"  # somebody else with whom the caller is left: does
# An Originate of a supervisor's own phone, with WATCH_ON, goes to (WATCH, how).
WATCH = "watch"
WATCH_LISTEN = "listen"
WATCH_WHISPER = "whisper"

# How the unique ids begin that such an Originate gives, so that what becomes of it is recognised.
INVITE_PREFIX = "invite-"
WATCH_PREFIX = "watch-"

# The two ways in which phones are asked to pick up by themselves (Call-Info: RFC 5373's draft), as variables of
# an Originate.
AUTO_ANSWER_HEADERS = {
    "Call-Info": "<sip:dispatch>;answer-after=0",
    "Alert-Info": "<http://dispatch>;info=alert-autoanswer",
}
AUTO_ANSWER = tuple(f"PJSIP_HEADER(add,{name})={value}" for name, value in AUTO_ANSWER_HEADERS.items())

# On a caller's channel alone: the SIP Call-ID in base64, so that a look finds which INVITE the call was.
SIP_CALL = "SIP_CALL"
# On every channel of a call, inherited; told with every channel event (channelvars of manager.conf).
CALL_UUID = "CALL_UUID"  # our own call id: <systemname>-<epoch>.<n> of the caller's channel
CALL_SERVICE = "CALL_SERVICE"  # code of the first-guess service
CALL_NUMBER = "CALL_NUMBER"  # service number dialled
CALL_CARRIER = "CALL_CARRIER"  # name of the carrier that brought the call
CALL_MUTED = "CALL_MUTED"  # on a position's channel: "1" while its voice is kept from the others
CHANNEL_VARIABLES = (CALL_UUID, CALL_SERVICE, CALL_NUMBER, CALL_CARRIER, CALL_MUTED)

CALL_HELD_BY = "CALL_HELD_BY"  # on the caller's channel: unique id of the channel that holds
CALL_CALLER = "CALL_CALLER"  # on a position's channel: unique id of the caller's
STEER_NUMBER = "STEER_NUMBER"  # the outside number; only digits and '+' of it are dialled
WATCH_ON = "WATCH_ON"  # unique id of the position's channel that is listened to

CALLBACK_NUMBER = "CALLBACK_NUMBER"  # set by the Originate; only digits and '+' of it are dialled

# Global variables in which the switch remembers how its newest calls ended, for a core that was cut off meanwhile:
# "<unique id> <milliseconds since 1970> <cause, Q.850> <channel that hung up, or nothing> <service number> <carrier>
# <caller's digits> <1 where a position talked with them> <file of the recording>"; and the newest call that came.
ENDINGS = 512
NEWEST_CALL = "CALL_NEWEST"
CALL_TALKED = "CALL_TALKED"  # on a caller's channel: "1" once a position has picked up

# Global variable: until when (seconds since 1970, by the node's clock) new callers are sent on to another node. It ends
# by itself, and one that lies further ahead than DRAIN_LASTS_S does not count.
DRAIN_UNTIL = "DRAIN_UNTIL"
# The same for the last moments before the node is stopped: everybody is sent on, also who comes again.
SHUT_UNTIL = "SHUT_UNTIL"

SERVICE_QUEUE_PREFIX = "q-"  # q-<service code>
OVERFLOW_QUEUE = "q-all"  # every position; its members are never paused


def ending_variable(number: str) -> str:
    """Where the end of a call is remembered: `number` is the last part of its channel's unique id, modulo ENDINGS."""
    return f"CALL_ENDED_{number}"


def drained_variable(number: str) -> str:
    """Where it is remembered when a caller was sent on: `number` is the last digits of the caller's."""
    return f"DRAINED_{number}"


def service_queue(service: str) -> str:
    """Name of the queue in which a call waits for one service's call takers."""
    return SERVICE_QUEUE_PREFIX + service


def services_queue(services: Sequence[str]) -> str:
    """Name of the queue in which call takers of several services are called: no service has a '+' in its code."""
    return SERVICE_QUEUE_PREFIX + "+".join(services) if services else OVERFLOW_QUEUE


def nuisance_key(number: str) -> str:
    """Where a number's mark stands: never an empty key, also for a caller without a number."""
    return f"n{number}"


def position_interface(position: str) -> str:
    """What a position's phone is called in queues and Dial: the position id is the endpoint's name."""
    return f"PJSIP/{position}"
