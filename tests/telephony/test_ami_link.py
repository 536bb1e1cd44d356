"""The link against a server that misbehaves in every way in which panoramisk alone was seen to fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from ami_double import SECRET, AmiDouble, CountedIds, listing, refusal, success
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch_core.ports import ActionFailed
from dispatch_core.settings import AMI_PENDING, AMI_PING_EVERY_S, AMI_PINGS_MISSED
from telephony.link import AmiEvent, AmiLink, Forgery, LinkState, Parked
from telephony.link.asking import Ask
from telephony.translate import WANTED
from tests.lateness import Lateness

HANGUP = (
    b"Event: Hangup\r\nPrivilege: call,all\r\nTimestamp: 1795444500.%06d\r\nSystemName: psap1\r\n"
    b"Channel: PJSIP/trunk1-00000001\r\nCallerIDName: Nguy\xe1\xbb\x85n V\xc4\x83n An\r\n"
    b"Uniqueid: psap1-1.%d\r\nCause: 16\r\n\r\n"
)


@dataclass
class Heard:
    events: list[AmiEvent] = field(default_factory=list)
    states: list[LinkState] = field(default_factory=list)
    forgeries: list[Forgery] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)


def link_to(double: AmiDouble, heard: Heard, secret: str = SECRET, on_event: object = None) -> AmiLink:
    return AmiLink(
        host="127.0.0.1",
        port=double.port,
        user="dispatch",
        secret=secret,
        wanted=WANTED,
        ids=CountedIds(),
        on_event=on_event or heard.events.append,
        on_state=heard.states.append,
        on_forgery=heard.forgeries.append,
        on_parked=heard.parked.append,
    )


PING_S = 0.2


async def until(true: Callable[[], object], within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.002)


def scenario(play: Callable[[AmiDouble, Heard, AmiLink], Awaitable[None]], **how: object) -> Heard:
    """Play against a fresh double and a link that is up (or is trying)."""

    async def all_of_it() -> Heard:
        heard = Heard()
        async with AmiDouble() as double:
            link = link_to(double, heard, **how)
            await link.start()
            try:
                await play(double, heard, link)
            finally:
                await link.stop()
        return heard

    return asyncio.run(all_of_it())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same machinery, ten times as fast."""
    for module in ("telephony.link.link",):
        for name, value in {
            "AMI_ACTION_S": 0.45,
            "AMI_CONNECT_S": 0.6,
            "AMI_PING_EVERY_S": PING_S,
            "AMI_RETRY_FIRST_S": 0.01,
            "AMI_RETRY_MOST_S": 0.05,
            "AMI_REFUSED_RETRY_FIRST_S": 0.05,
            "AMI_REFUSED_RETRY_MOST_S": 0.1,
        }.items():
            monkeypatch.setattr(f"{module}.{name}", value)


def test_a_dead_link_is_noticed_in_six_seconds():
    assert AMI_PING_EVERY_S * AMI_PINGS_MISSED <= 6.0


def test_logs_in_and_answers_an_action_once():
    async def play(double, heard, link):
        double.answers["QueueAdd"] = success("Added interface to queue")
        await until(lambda: link.up)
        answer = await link.action("QueueAdd", Queue="q-fire", Interface="PJSIP/B01")
        assert answer.get("Message") == "Added interface to queue"
        (asked,) = double.asked("QueueAdd")
        assert (asked["Queue"], asked["Interface"]) == ("q-fire", "PJSIP/B01")

    heard = scenario(play)
    assert heard.states == [LinkState(True), LinkState(False, "stopped")]


def test_the_answer_to_a_list_is_all_of_it():
    items = [f"Event: CoreShowChannel\r\nChannel: PJSIP/B{number:02d}-00000001" for number in range(300)]

    async def play(double, heard, link):
        double.answers["CoreShowChannels"] = listing(items, "CoreShowChannelsComplete")
        await until(lambda: link.up)
        answer = await link.action("CoreShowChannels")
        assert [item.get("Channel") for item in answer.items] == [item.partition("Channel: ")[2] for item in items]

    scenario(play)


def test_entries_that_name_their_action_last_are_taken():
    """QueueStatus and Status put ActionID at the end."""

    async def play(double, heard, link):
        def answer(action):
            ident = action["ActionID"]
            return [
                "Response: Success\r\nEventList: start",
                f"Event: QueueMember\r\nQueue: q-fire\r\nActionID: {ident}",
                f"Event: Status\r\nPrivilege: Call\r\nChannel: PJSIP/B01-00000001\r\nActionID: {ident}",
                "Event: QueueStatusComplete\r\nEventList: Complete",
            ]

        double.answers["QueueStatus"] = answer
        await until(lambda: link.up)
        assert [item.name for item in (await link.action("QueueStatus")).items] == ["QueueMember", "Status"]
        assert heard.forgeries == []

    scenario(play)


def test_a_refused_action_is_known_to_be_refused():
    async def play(double, heard, link):
        double.answers["Redirect"] = refusal("Channel does not exist")
        await until(lambda: link.up)
        with pytest.raises(ActionFailed, match="Channel does not exist") as problem:
            await link.action("Redirect", Channel="x")
        assert problem.value.unknown is False

    scenario(play)


def test_nothing_is_sent_again_after_a_reconnection(quick):
    async def play(double, heard, link):
        await until(lambda: link.up)
        double.hangs_up_on = {"Originate"}
        with pytest.raises(ActionFailed, match="the connection broke") as problem:
            await link.action("Originate", Channel="PJSIP/B01", Async="true")
        assert problem.value.unknown is True
        double.hangs_up_on = set()
        await until(lambda: double.connections >= 2 and link.up)
        await asyncio.sleep(0.2)
        assert len(double.asked("Originate")) == 1

    heard = scenario(play)
    assert heard.states[:3] == [LinkState(True), LinkState(False, "closed"), LinkState(True)]


def test_an_action_without_an_answer_fails_in_time_and_leaves_nothing_behind(quick):
    async def play(double, heard, link):
        await until(lambda: link.up)
        double.answers["Redirect"] = lambda action: []
        with pytest.raises(ActionFailed, match="no answer") as problem:
            await link.action("Redirect", Channel="x")
        assert problem.value.unknown is True
        assert len(double.asked("Redirect")) == 1
        late = double.asked("Redirect")[0]["ActionID"]
        double.say(f"Response: Success\r\nActionID: {late}\r\n\r\n".encode())
        double.answers["Hangup"] = success("hung up")
        assert (await link.action("Hangup", Channel="x")).get("Message") == "hung up"
        assert link._session is not None and not link._session.pending

    scenario(play)


def test_the_table_of_pending_actions_is_bounded():
    async def play(double, heard, link):
        await until(lambda: link.up)
        double.mute = True
        asked = [asyncio.ensure_future(link.action("Redirect", Channel=str(n))) for n in range(AMI_PENDING + 20)]
        await asyncio.sleep(0.1)
        refused = [one for one in asked if one.done()]
        assert len(refused) >= 20
        assert all(one.exception().unknown is False for one in refused)
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        assert not link._session.pending

    scenario(play)


def test_a_half_open_link_is_declared_dead(quick):
    async def play(double, heard, link):
        await until(lambda: link.up)
        double.mute = True
        began = asyncio.get_running_loop().time()
        with Lateness() as machine:
            await until(lambda: len(heard.states) >= 2)
            took = asyncio.get_running_loop().time() - began
        assert heard.states[1] == LinkState(False, "silent")
        assert took < 3 * PING_S + 0.1 + machine.lost

    scenario(play)


def test_a_server_that_never_answers_the_login_is_given_up(quick):
    async def play(double, heard, link):
        await until(lambda: double.connections >= 3)
        assert heard.states == [LinkState(False, "login")]

    async def muted() -> None:
        heard = Heard()
        async with AmiDouble() as double:
            double.mute = True
            link = link_to(double, heard)
            await link.start()
            await play(double, heard, link)
            await link.stop()

    asyncio.run(muted())


def test_a_wrong_password_is_told_once_and_tried_less_and_less(quick):
    async def play(double, heard, link):
        await asyncio.sleep(0.5)
        assert len(double.asked("Login")) <= 14
        await until(lambda: len(double.asked("Login")) >= 3)
        assert heard.states == [LinkState(False, "refused")]
        double.secret = "wrong"
        await until(lambda: link.up)

    scenario(play, secret="wrong")


def test_after_stop_nothing_is_tried_or_heard(quick):
    async def all_of_it() -> None:
        heard = Heard()
        async with AmiDouble() as double:
            link = link_to(double, heard, secret="wrong")
            await link.start()
            await until(lambda: double.connections >= 2)
            await link.stop()
            known, told = double.connections, list(heard.states)
            await asyncio.sleep(0.3)
            double.say(HANGUP % (1, 1))
            assert (double.connections, heard.states, heard.events) == (known, told, [])
            assert told == [LinkState(False, "refused")]
            with pytest.raises(ActionFailed):
                await link.action("Ping")

    asyncio.run(all_of_it())


def test_a_server_that_is_not_there_is_found_when_it_comes(quick):
    async def all_of_it() -> None:
        heard = Heard()
        double = AmiDouble()
        await double.open()
        await double.close()
        link = link_to(double, heard)
        await link.start()
        await until(lambda: heard.states)
        assert heard.states == [LinkState(False, "connect")]
        await asyncio.sleep(0.1)
        await double.open()
        await until(lambda: link.up)
        await link.stop()
        await double.close()

    asyncio.run(all_of_it())


def test_a_message_that_cannot_be_taken_is_kept_and_the_next_goes_on():
    taken: list[str] = []

    def picky(event: AmiEvent) -> None:
        if event.get("Uniqueid") == "psap1-1.2":
            raise RuntimeError("cannot")
        taken.append(event.get("Uniqueid"))

    async def play(double, heard, link):
        await until(lambda: link.up)
        taken.clear()
        double.say(b"".join(HANGUP % (n, n) for n in (1, 2, 3)))
        await until(lambda: len(taken) == 2)
        assert taken == ["psap1-1.1", "psap1-1.3"]
        assert [parked.raw for parked in heard.parked] == [(HANGUP % (2, 2)).removesuffix(b"\r\n\r\n")]
        assert list(link.parked) == heard.parked
        assert link.up

    scenario(play, on_event=picky)


def test_text_is_whole_wherever_the_network_cuts_it():
    async def play(double, heard, link):
        await until(lambda: link.up)
        heard.events.clear()
        for place in range(len(HANGUP % (1, 1))):
            double.say((HANGUP % (1, 1))[place : place + 1])
            if place % 20 == 0:
                await asyncio.sleep(0.001)
        await until(lambda: heard.events)
        assert heard.events[0].get("CallerIDName") == "Nguyễn Văn An"

    scenario(play)


def test_events_of_another_system_name_are_forged():
    async def play(double, heard, link):
        await until(lambda: link.up)
        heard.events.clear()
        double.say((HANGUP % (1, 1)).replace(b"SystemName: psap1", b"SystemName: other"))
        double.say((HANGUP % (2, 2)).replace(b"SystemName: psap1\r\n", b""))
        double.say(HANGUP % (3, 3))
        await until(lambda: heard.events)
        assert [event.get("Uniqueid") for event in heard.events] == ["psap1-1.3"]
        assert len(heard.forgeries) == 2

    scenario(play)


def test_a_flood_of_cut_connections_never_raises(quick):
    """The stream ends in the middle of every message."""
    data = HANGUP % (1, 1)

    async def play(double, heard, link):
        for cut in range(1, len(data), 23):
            await until(lambda: link.up)
            known = double.connections
            double.say(data[:cut])
            await asyncio.sleep(0.001)
            double.hang_up()
            await until(lambda known=known: double.connections > known)
        assert not [event for event in heard.events if event.name == "Hangup"]
        assert heard.parked == []

    scenario(play)


VALUES = st.text(max_size=60) | st.sampled_from(["a\r\nAction: Hangup", "a\nb", "a\rb", "a\0b", "\ud800", " ", "Đ"])


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(VALUES | st.sampled_from(["Channel", "Exten"]), VALUES, max_size=4))
def test_one_action_in_one_action_out(headers):
    """Whatever the keys and values are: nothing at all, or one action with exactly them."""
    loop = asyncio.new_event_loop()
    try:
        ask = Ask("Redirect", "id-1", headers, loop)
    except ActionFailed as problem:
        assert problem.unknown is False
        return
    finally:
        loop.close()
    sent = str(ask).encode("utf-8")
    assert sent.endswith(b"\r\n\r\n") and sent.count(b"\r\n\r\n") == 1
    lines = sent.removesuffix(b"\r\n\r\n").decode("utf-8").split("\r\n")
    assert not any("\r" in line or "\n" in line or "\0" in line for line in lines)
    assert {line.partition(": ")[0]: line.partition(": ")[2] for line in lines} == {
        "Action": "Redirect",
        "ActionID": "id-1",
        **headers,
    }


@pytest.mark.parametrize("value", ["x\r\nAction: Hangup", "x\n", "x\r", "x\0", "x" * 1200])
def test_what_could_become_a_second_action_is_refused_before_anything_is_sent(value):
    async def play(double, heard, link):
        await until(lambda: link.up)
        known = double.received
        with pytest.raises(ActionFailed) as problem:
            await link.action("Originate", CallerID=value)
        assert problem.value.unknown is False
        await asyncio.sleep(0.02)
        assert double.received == known

    scenario(play)


def test_the_secret_is_shown_nowhere():
    loop = asyncio.new_event_loop()
    assert SECRET not in repr(Ask("Login", "id", {"Secret": SECRET}, loop))
    loop.close()
