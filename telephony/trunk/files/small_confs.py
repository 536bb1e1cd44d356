"""The files of a few lines each: asterisk.conf without its directories, RTP, logs, tones, what the core hears.

Guarded here: everything that Asterisk would otherwise complain to miss or fill with defaults of its own is
said, so that a line in its log means something. Logs hold no dialplan and no SIP traces: callers' data.
"""

from __future__ import annotations

from collections.abc import Mapping

from telephony.trunk.files.ini import Value, file, section
from telephony.trunk.secrets import Secrets, capture_key
from telephony.trunk.site import Site

HELD_TONE = "held"

# What a caller hears while phones ring: the ring-back tone of Viet Nam (ITU-T E.180 supplement 2: 425 Hz,
# 1 s on, 4 s off).
TONES: Mapping[str, Value] = {
    "description": "Viet Nam",
    "ringcadence": "1000,4000",
    "dial": "425",
    "busy": "425/500,0/500",
    "ring": "425/1000,0/4000",
    "congestion": "425/250,0/250",
    HELD_TONE: "!0/400,350/150,0/100,440/150,0/4600",  # soft, so that a caller on hold knows that the line is alive
}


def asterisk_conf(node: str) -> str:
    """The sections of asterisk.conf that follow from the site; the machine adds its [directories]."""
    options: dict[str, Value] = {
        "systemname": node,  # begins every unique id, and with it every call id
        "nocolor": "yes",
        "hideconnect": "yes",
        "live_dangerously": "no",
        "defaultlanguage": "en",
        "documentation_language": "en_US",
    }
    return section("options", options)


def small_confs(site: Site) -> Mapping[str, str]:
    """File name to text."""
    first, last = site.ports.rtp
    told = "notice,warning,error"
    logs: dict[str, Value] = {"console": told, "messages.log": told, "security.log": "security"}
    rtp: dict[str, Value] = {"rtpstart": first, "rtpend": last, "strictrtp": "yes", "icesupport": "no"}
    return {
        "rtp.conf": file(section("general", rtp)),
        "logger.conf": file(
            section("general", {"dateformat": "%F %T.%3q", "queue_log": "no"}), section("logfiles", logs)
        ),
        "indications.conf": file(section("general", {"country": "vn"}), section("vn", TONES)),
        "cdr.conf": file(section("general", {"enable": "no"})),
        "cel.conf": file(section("general", {"enable": "no"})),
        "http.conf": file(section("general", {"enabled": "no"})),
        "features.conf": file(section("general", {"pickupexten": ""})),
        "acl.conf": file(),
        "ccss.conf": file(section("general", {})),
        "udptl.conf": file(section("general", {})),
        "statsd.conf": file(section("general", {"enabled": "no"})),
        "stasis.conf": file(section("threadpool", {})),
        "codecs.conf": file(),
        "queuerules.conf": file(),
        "pjproject.conf": file(),
    }


def hep_conf(site: Site, secrets: Secrets) -> str:
    """A copy of every SIP message goes to the core, which reads in it where callers are (`telephony.sip_capture`).

    Sent from a queue of its own and by UDP, so that no call ever waits for whoever listens, or does not.
    """
    heard: dict[str, Value] = {
        "enabled": "yes" if site.locations.listen else "no",
        "capture_address": site.locations.listen or "127.0.0.1:9",
        "capture_password": capture_key(secrets.ami),
        "uuid_type": "call-id",
    }
    return file(section("general", heard))
