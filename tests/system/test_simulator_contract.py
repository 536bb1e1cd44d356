"""The same calls at a real Asterisk and at the simulator: the same events, with the same headers, in the same order.

The order is compared for each channel, for what is told of it being called, and for each phone's state: between these
it differs from run to run at the real one too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.phones import WAITS, Habit
from telephony.dialplan_contexts import ANSWER_AT
from telephony.dialplan_events import ARRIVED
from telephony.translate.naming import LOCAL, endpoint_of
from tests.system.simulator_stage import SimulatedVoice, caller
from tests.system.voice_stage import Ear, Voice

PHONES = ("B01", "B02", "B06")  # of police
CALLS = ("abandoned", "at the phone", "from the console", "the position hangs up", "we hang up")
# Of things outside the calls, which come when they come.
ELSEWHERE = ("PeerStatus", "ContactStatus", "QueueMemberStatus", "SuccessfulAuth", "QueueMemberPause")
LISTS = ("CoreShowChannels", "Status", "QueueStatus", "PJSIPShowEndpoints")

FOR_EVER_S = 600.0

Said = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Story:
    """What one switch told. `order`: channel's endpoint or "bridge" to kinds of events; `states`: of each phone;
    `headers`: kind to the header names of its first one."""

    order: Mapping[str, list[str]]
    states: Mapping[str, list[str]]
    headers: Mapping[str, tuple[str, ...]]


def told(raw: bytes) -> Story:
    order: dict[str, list[str]] = {}
    states: dict[str, list[str]] = {}
    headers: dict[str, tuple[str, ...]] = {}
    for message in raw.split(b"\r\n\r\n"):
        lines = message.decode("utf-8").split("\r\n")
        names = tuple(line.partition(":")[0] for line in lines if line)
        values = {key: value for key, _, value in (line.partition(": ") for line in lines)}
        name = values.get("Event", "")
        if not name or name in ELSEWHERE or "Timestamp" not in values or _beside(values):
            continue
        kind = f"{name} {values.get('UserEvent', '')}{values.get('DialStatus', '')}".strip()
        if name == "DeviceStateChange" and endpoint_of(values["Device"]) in PHONES:
            states.setdefault(endpoint_of(values["Device"]), []).append(values["State"])
        elif name != "DeviceStateChange":
            called = endpoint_of(values.get("DestChannel", ""))
            whose = f"{called} is called" if called else endpoint_of(values.get("Channel", "")) or "bridge"
            order.setdefault(whose, []).append(kind)
        headers.setdefault(kind, names)
    return Story(order, states, headers)


def _beside(values: Mapping[str, str]) -> bool:
    """Whether the message is of a Local channel: what asks a silent caller runs beside the call, and the simulator's
    callers are not asked."""
    return any(values.get(key, "").startswith(LOCAL) for key in ("Channel", "DestChannel"))


class RealSteps:
    """The calls at a real Asterisk, one after the other."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice

    def play(self, name: str, ear: Ear) -> None:
        habits = {"the position hangs up": Habit(talk=0.6), "at the phone": Habit(lift_after=0.4)}
        with self.voice.phones.habit("B01", habits.get(name, WAITS)), self.voice.callers() as carrier:
            since = len(ear.heard)
            call = carrier.dial("113", sender="<sip:0912345678@carrier>")
            _steps(name, ear, since, lambda: call.wait("up").hang_up())


class SimulatedSteps:
    def __init__(self, voice: SimulatedVoice) -> None:
        self.voice = voice

    def play(self, name: str, ear: Ear) -> None:
        since = len(ear.heard)
        patience = 0.7 if name == "abandoned" else FOR_EVER_S
        ends = "position" if name == "the position hangs up" else "caller"
        talk = FOR_EVER_S if name == "we hang up" else 0.5
        self.voice.call(caller("113", "0912345678", patience=patience, talk=talk, ends=ends))
        if name == "at the phone":
            _ringing(ear, since)
            assert self.voice.lift("B01")
        _steps(name, ear, since, lambda: None)  # he does so by himself


def _ringing(ear: Ear, since: int) -> str:
    """Until all three phones ring; the caller's unique id."""
    arrived = ear.told(ARRIVED, since=since)
    for phone in PHONES:
        ear.wait(
            lambda one, phone=phone: one.name == "DeviceStateChange"  # type: ignore[misc]
            and (one.headers["Device"], one.headers["State"]) == (f"PJSIP/{phone}", "RINGING"),
            since=since,
        )
    return arrived.headers["Uniqueid"]


def _steps(name: str, ear: Ear, since: int, caller_hangs_up: Callable[[], object]) -> None:
    uid = _ringing(ear, since)
    if name == "abandoned":
        caller_hangs_up()
    if name not in ("abandoned", "at the phone"):
        said = ear.act("Redirect", Channel=uid, Context=ANSWER_AT, Exten="B01", Priority="1")
        assert (said["Response"], said["Message"]) == ("Success", "Redirect successful")
        ear.wait(lambda one: one.name == "BridgeEnter" and one.headers["Uniqueid"] == uid, since=since)
    if name in ("at the phone", "from the console"):
        for who in (lambda one: one.headers["Uniqueid"] == uid, lambda one: "/B01-" in one.headers["Channel"]):
            ear.wait(lambda one, who=who: one.name == "BridgeEnter" and who(one), since=since)
        caller_hangs_up()
    if name == "we hang up":
        said = ear.act("Hangup", Channel=uid, Cause="16")
        assert (said["Response"], said["Message"]) == ("Success", "Channel Hungup")
    ear.wait(lambda one: one.name == "Hangup" and one.headers["Uniqueid"] == uid, since=since)
    ear.wait(
        lambda one: one.name == "DeviceStateChange" and one.headers["State"] == "NOT_INUSE"
        and endpoint_of(one.headers["Device"]) == "viettel",
        since=since,
    )  # fmt: skip


@pytest.fixture(scope="module")
def both(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ear, ...]]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as voice, SimulatedVoice(voice.site) as simulated:
        global _steps_of
        _steps_of = (RealSteps(voice).play, SimulatedSteps(simulated).play)
        yield voice.listen(), simulated.listen()


_steps_of: tuple[Callable[[str, Ear], None], ...] = ()


@pytest.mark.parametrize("name", CALLS)
def test_the_same_call_is_told_in_the_same_words(both: tuple[Ear, ...], name: str):
    stories = []
    for ear, play in zip(both, _steps_of, strict=True):
        since = len(ear.raw)
        play(name, ear)
        stories.append(told(ear.raw[since:]))
    real, simulated = stories
    assert simulated.headers == {kind: real.headers.get(kind) for kind in simulated.headers}
    assert simulated.order == real.order
    assert simulated.states == real.states


@pytest.mark.parametrize(
    ("action", "headers"),
    [
        ("Ping", {}),
        ("CoreSettings", {}),
        ("CoreStatus", {}),
        ("Redirect", {"Channel": "nobody-1.1", "Context": "answer-at", "Exten": "B01", "Priority": "1"}),
        ("Hangup", {"Channel": "nobody-1.1"}),
        ("QueuePause", {"Queue": "q-police", "Interface": "PJSIP/B01", "Paused": "true"}),
        ("QueuePause", {"Queue": "q-police", "Interface": "PJSIP/B01", "Paused": "false"}),
        ("DBDelTree", {"Family": "surge"}),
        ("DBDel", {"Family": "surge", "Key": "fire"}),
        ("DBPut", {"Family": "surge", "Key": "fire", "Val": "1:20261128-00042:surge"}),
        ("DBDel", {"Family": "surge", "Key": "fire"}),
        ("DBPut", {"Family": "surge", "Key": "fire", "Val": "1:20261128-00042:surge"}),
        ("DBDelTree", {"Family": "surge"}),
        ("QueuePause", {"Queue": "q-nothing", "Interface": "PJSIP/B01", "Paused": "true"}),
        ("PJSIPShowEndpoint", {"Endpoint": "nobody"}),
        ("Getvar", {"Variable": "CALL_ENDED_511"}),
        ("Nonsense", {}),
    ],
)
def test_the_same_action_is_answered_in_the_same_words(both: tuple[Ear, ...], action: str, headers: dict[str, str]):
    real, simulated = (ear.act(action, **headers) for ear in both)
    assert list(simulated) == list(real)
    for header in ("Response", "Message"):
        assert simulated.get(header, "").strip() == real.get(header, "").strip()


def test_the_same_lists_have_the_same_entries(both: tuple[Ear, ...]):
    """While a call waits. The simulator's phones all have a contact, as not all of the real ones do."""
    since = [len(ear.heard) for ear in both]
    real, simulated = (play.__self__.voice for play in _steps_of)  # type: ignore[attr-defined]
    with real.callers() as carrier:
        call = carrier.dial("113")
        simulated.call(caller("113", "0912345678", patience=5.0))
        for ear, heard in zip(both, since, strict=True):
            _ringing(ear, heard)
        for action in LISTS:
            of_real, of_simulated = (_listed(ear, action) for ear in both)
            assert of_simulated <= of_real, action
            assert {it[0] for it in of_simulated} == {it[0] for it in of_real}, action
        call.wait("up").hang_up()
        for ear, heard in zip(both, since, strict=True):
            ear.wait(lambda one: one.name == "Hangup" and "viettel" in one.headers["Channel"], since=heard)


def _listed(ear: Ear, action: str) -> set[tuple[str, ...]]:
    """Each kind of message of a list: its name, then its header names."""
    start = len(ear.heard)
    ear.act(action)
    ear.wait(lambda one: one.headers.get("EventList") == "Complete", since=start)
    return {(one.name, *one.headers) for one in ear.heard[start:] if "Timestamp" not in one.headers}
