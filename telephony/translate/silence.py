"""What Asterisk tells of a caller's sounds (TALK_DETECT) and keys (RFC 4733 and INFO alike)."""

from __future__ import annotations

from dispatch_core.domain.commands import Command
from telephony.link.messages import AmiEvent
from telephony.translate.followed_call import FollowedCall
from telephony.translate.tracker import Tracker, reads


def _callers_own(tracker: Tracker, event: AmiEvent) -> FollowedCall | None:
    """The call of which the event's channel is the caller's."""
    leg = tracker.leg(event)
    call = tracker.of(leg)
    return call if leg is not None and call is not None and leg.uid == call.caller and not call.outgoing else None


@reads("ChannelTalkingStart", "ChannelTalkingStop")
def sounds(tracker: Tracker, event: AmiEvent) -> list[Command]:
    call = _callers_own(tracker, event)
    if call is None:
        return []
    if event.name == "ChannelTalkingStart":
        call.heard.sounds_at = max(call.heard.sounds_at, tracker.at(call))
    else:
        call.heard.quiet_at = max(call.heard.quiet_at, tracker.at(call))
    return tracker.settle([call.id])


@reads("DTMFEnd")
def pressed(tracker: Tracker, event: AmiEvent) -> list[Command]:
    call = _callers_own(tracker, event)
    if call is None or event.get("Direction") != "Received":
        return []
    call.heard.press(tracker.order, event.get("Digit"), tracker.at(call))
    return tracker.settle([call.id])
