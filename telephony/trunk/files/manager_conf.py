"""manager.conf: AMI on the loopback address, for one user with what `telephony.link` reads and does.

Guarded here: the class `dialplan`, whose VarSet and Newexten print raw what a caller sent, is not granted, and
is filtered besides; nothing outside this machine can connect. `system` is granted for PJSIPShowEndpoint and
Reload; what it could otherwise start (System, AGI, shells) is not among the modules that are loaded.
"""

from __future__ import annotations

from telephony.dialplan_contexts import CHANNEL_VARIABLES
from telephony.trunk.files.ini import Value, file, section
from telephony.trunk.secrets import AMI_USER, Secrets
from telephony.trunk.site import Site

READ = ("system", "call", "agent", "user", "dtmf")
WRITE = ("system", "call", "agent", "originate", "reporting", "message")
# Never consumed; together nine tenths of the bytes of an answered call. QueueMemberStatus says of every queue what
# DeviceStateChange says of the phone once; a pause has an event of its own.
NOISE = (
    "VarSet",
    "Newexten",
    "TestEvent",
    "DTMFBegin",
    "RTCPSent",
    "RTCPReceived",
    "NewConnectedLine",
    "NewCallerid",
    "LocalBridge",
    "SoftHangupRequest",
    "HangupHandlerPush",
    "HangupHandlerRun",
    "HangupHandlerPop",
    "MusicOnHoldStart",
    "MusicOnHoldStop",
    "ExtensionStatus",
    "PresenceStatus",
    "SuccessfulAuth",
    "ChallengeSent",
    "QueueMemberStatus",
)

# Event, header and how it begins: states of what is no phone, the channels that whisper the prompt, and how far the
# dialling of a channel is (that of an order of ours has no channel that dials)
NOBODY = (
    ("DialState", "Channel", "PJSIP/"),
    ("DeviceStateChange", "Device", "Queue:"),
    ("DeviceStateChange", "Device", "Local/"),
    ("ChanSpyStart", "SpyerChannel", "Local/"),
    ("ChanSpyStop", "SpyerChannel", "Local/"),
)


def manager_conf(site: Site, secrets: Secrets) -> str:
    """The text of manager.conf."""
    general: dict[str, Value] = {
        "enabled": "yes",
        "webenabled": "no",
        "bindaddr": "127.0.0.1",
        "port": site.ports.ami,
        "timestampevents": "yes",
        "displayconnects": "no",
        "authtimeout": 10,
        "authlimit": 10,
        "channelvars": ",".join(CHANNEL_VARIABLES),
    }
    user: list[tuple[str, Value]] = [
        ("secret", secrets.ami),
        ("deny", "0.0.0.0/0.0.0.0"),
        ("permit", "127.0.0.1/255.255.255.255"),
        ("read", ",".join(READ)),
        ("write", ",".join(WRITE)),
        ("writetimeout", 5000),  # milliseconds that a reader may be slow before it is cut
    ]
    user += [(f"eventfilter(action(exclude),name({name}))", "") for name in NOISE]
    user += [
        (f"eventfilter(action(exclude),name({name}),header({header}),method(starts_with))", begins)
        for name, header, begins in NOBODY
    ]
    return file(section("general", general), section(AMI_USER, user))
