"""confbridge.conf: the room of a call that is steered.

Guarded here: nobody hears an announcement, a beep or a menu; nothing but the position's own keys ends a room; what is
recorded is the caller's channel, never the room. Whoever is marked keeps the room open for those who are not.
"""

from __future__ import annotations

from telephony.trunk.files.ini import Value, file, section

ROOM_PROFILE = "room"
CALLER_PROFILE = "caller"
OURS_PROFILE = "ours"
GUEST_PROFILE = "guest"
ROOM_MEMBERS = 12
"""Channels in one room."""

_QUIET: dict[str, Value] = {
    "type": "user",
    "quiet": "yes",
    "announce_user_count": "no",
    "announce_join_leave": "no",
    "announce_only_user": "no",
    "music_on_hold_when_empty": "no",
    "dtmf_passthrough": "yes",
    "send_events": "no",
}


def confbridge_conf() -> str:
    """The text of confbridge.conf."""
    room: dict[str, Value] = {
        "type": "bridge",
        "max_members": ROOM_MEMBERS,
        "record_conference": "no",
        "video_mode": "none",
        "enable_events": "no",
    }
    follows: dict[str, Value] = {**_QUIET, "marked": "no", "wait_marked": "yes", "end_marked": "yes"}
    return file(
        section("general", {}),
        section(ROOM_PROFILE, room),
        section(CALLER_PROFILE, follows),
        section(GUEST_PROFILE, follows),
        section(OURS_PROFILE, {**_QUIET, "marked": "yes"}),
    )
