"""How much sound passed through a recorded channel: told once it ends, also after its call was put away."""

from __future__ import annotations

import pytest
from recorded_streams import NAMING, NODE, ami_event, whole_events

from dispatch_core.domain.commands import CallCame, Command, SoundCounted
from telephony.dialplan_events import SOUNDED
from telephony.translate import Tracker
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import Site, load_site, parse_site
from telephony.trunk.site_errors import SiteError
from tests.system.voice_stage import SAMPLE


def told(values: dict[str, str], call: str = "", *, over: bool = True) -> tuple[str, list[Command]]:
    """What the tracker tells when a channel of a recorded call (or of another) says how much it carried."""
    tracker, ident, channel = Tracker(NODE, NAMING), "", ""
    events = list(whole_events("01"))
    for one in events if over else events[: len(events) // 2]:
        for fact in tracker.apply(one):
            if isinstance(fact, CallCame):
                ident, channel = fact.call, one.get("Channel")
    headers = {"UserEvent": SOUNDED.name, "Channel": channel, "Uniqueid": call or ident, **values}
    return ident, tracker.apply(ami_event("UserEvent", events[-1].stamp, **headers))


@pytest.mark.parametrize("over", [True, False])
def test_it_is_told_in_milliseconds(over: bool) -> None:
    ident, facts = told({"Received": "333", "Sent": "50"}, over=over)
    assert SoundCounted(call=ident, heard_ms=6_660, played_ms=1_000) in facts


@pytest.mark.parametrize("values", [{}, {"Received": "", "Sent": "1"}, {"Received": "-1", "Sent": "1"}, {"Sent": "x"}])
def test_what_is_no_count_is_not_told(values: dict[str, str]) -> None:
    assert told(values)[1] == []


def test_of_a_call_that_nobody_told_it_says_nothing() -> None:
    assert told({"Received": "1", "Sent": "1"}, "pbx1-9.9")[1] == []


def rendered(site: Site) -> str:
    return render(site, Secrets("s"), Paths("/rec"))["extensions.conf"]


def test_whatever_is_recorded_is_counted() -> None:
    text = rendered(load_site(SAMPLE))
    assert "CHANNEL(hangup_handler_push)=sounded,s,1" in text
    assert "UserEvent(DispatchSounded,Received: ${CHANNEL(rtcp,rxcount)},Sent: ${CHANNEL(rtcp,txcount)})" in text


@pytest.mark.parametrize("days", ["0", "40000", '"1"'])
def test_how_long_recordings_are_kept(days: str) -> None:
    text = SAMPLE.read_text("utf-8")
    assert parse_site(text).recording.keep_days == 365
    assert parse_site(text.replace("keep_days = 365", "keep_days = 30")).recording.keep_days == 30
    with pytest.raises(SiteError) as no:
        parse_site(text.replace("keep_days = 365", f"keep_days = {days}"))
    assert "recording.keep_days" in no.value.en and "36500" in no.value.vi
