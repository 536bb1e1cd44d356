"""The simulator: the same seed gives the same bytes, our switchboard and stock panoramisk take it for an Asterisk, and
nobody can make it hold too much."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from panoramisk import Manager

import telephony.simulator
from dispatch_core.domain.vocabulary import SIMULATED, CallState, EndedBy
from telephony.link.messages import AmiEvent
from telephony.link.reading import Reader
from telephony.simulator.chance import Chance
from telephony.simulator.framing import ACTION_BYTES, ActionReader, TooLong, event, message
from telephony.simulator.server import go_by
from telephony.simulator.shift import NO_CONTENT, PlannedCall, shift
from telephony.simulator.simulation import Settings, Simulation
from telephony.simulator.streams import Recording
from telephony.simulator.timeline import DUE_AT_MOST, Timeline
from telephony.translate import WANTED
from telephony.trunk.site import load_site
from tests.system.simulator_stage import SimulatedVoice, caller
from tests.system.switch_stage import Board
from tests.system.voice_stage import SAMPLE
from tests.system.voice_stage import SECRET as VOICE_SECRET
from tests.telephony.ami_double import CountedIds, StoppedClock

BEGAN = 1_800_000_000_000_000
SITE = load_site(SAMPLE)
DIALS = [number.dial for number in SITE.numbers]
SECRET = "only-for-this-test"
OWN = Path(telephony.simulator.__file__).parent / "recordings"


def simulation(*calls: PlannedCall, seed: str = "seed", lifts: float = 4.0, speed: float = 1.0) -> Simulation:
    made = Simulation(Settings(0, "dispatch", SECRET, speed, lifts), "pbx1", BEGAN, CountedIds())
    made.plan_shift(SITE, calls or shift(seed, 1.0, 60.0, DIALS), seed)
    return made


# --- chance, time, shifts ---------------------------------------------------------------------------------------------


def test_chance_is_the_seeds():
    assert [Chance("a").number(1, 6) for _ in range(3)] == [Chance("a").number(1, 6) for _ in range(3)]
    first, second = Chance("a"), Chance("b")
    assert [first.unit() for _ in range(5)] != [second.unit() for _ in range(5)]
    many = [Chance("mean").of("x")] * 1
    values = [many[0].around(10.0) for _ in range(4000)]
    assert 9.0 < sum(values) / len(values) < 11.0
    assert {first.number(1, 3) for _ in range(200)} == {1, 2, 3}


def test_what_is_due_comes_in_order_and_there_is_a_bound():
    timeline, done = Timeline(), []
    for seconds, what in ((2.0, "c"), (1.0, "a"), (1.0, "b")):
        timeline.after(seconds, done.append, what)
    timeline.run_until(1_500_000)
    assert (done, timeline.now, timeline.next) == (["a", "b"], 1_500_000, 2_000_000)
    timeline.run_out(10_000_000)
    assert done == ["a", "b", "c"]
    with pytest.raises(OverflowError):
        for _ in range(DUE_AT_MOST + 1):
            timeline.after(1.0, done.append, "")


def test_a_shift_is_the_same_for_the_same_seed_and_looks_like_one():
    calls = shift("quiet night", 12.0, 200.0, DIALS, first_hour=0)
    assert calls == shift("quiet night", 12.0, 200.0, DIALS, first_hour=0)
    assert calls != shift("another", 12.0, 200.0, DIALS, first_hour=0)
    assert [call.at for call in calls] == sorted(call.at for call in calls)
    share = sum(not call.content for call in calls) / len(calls)
    assert abs(share - NO_CONTENT) < 0.1
    by_hour = [sum(int(call.at // 3600) == hour for call in calls) for hour in range(12)]
    assert by_hour[3] < by_hour[8] / 2, "before dawn it is quiet"
    assert len({call.number for call in calls}) < len(calls), "somebody calls again"
    assert {call.dial for call in calls} == set(DIALS)
    assert any(call.silent for call in calls) and any(call.held for call in calls)
    places = [call.location for call in calls if call.location]
    assert len(places) > len(calls) / 4 and all(10.6 < lat < 11 and 106.5 < lon < 107 for lat, lon, _ in places)


@pytest.mark.parametrize(("hours", "rate", "dials"), [(0, 60, DIALS), (8, 0, DIALS), (8, 60, []), (100, 90_000, DIALS)])
def test_an_impossible_shift_is_refused(hours, rate, dials):
    with pytest.raises(ValueError, match="shift|calls"):
        shift("x", hours, rate, dials)


# --- what it tells ----------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes():
    assert simulation().run_out() == simulation().run_out()
    assert simulation().run_out() != simulation(seed="other").run_out()


def test_a_shift_is_read_without_a_word_set_aside_and_leaves_nothing_behind():
    made = simulation()
    reader = Reader(WANTED, {})
    reader.name_system("sim-pbx1")
    read = reader.feed(made.run_out())
    assert read and all(isinstance(one, AmiEvent) for one in read)
    stamps = [one.stamp for one in read if isinstance(one, AmiEvent)]
    assert stamps == sorted(stamps) and len(set(stamps)) == len(stamps)
    assert made.centre is not None and made.centre.calls == {} and made.switch.channels == {}
    assert made.switch.waiting == {} and set(made.switch.devices.values()) == {"NOT_INUSE"}


def test_time_that_goes_faster_is_shorter_on_the_worlds_clock():
    plain, fast = simulation(), simulation(speed=20.0)

    def last(data: bytes) -> float:
        return float(data.rpartition(b"Timestamp: ")[2].partition(b"\r\n")[0]) - BEGAN / 1e6

    assert last(plain.run_out()) == pytest.approx(20 * last(fast.run_out()), abs=0.1)


@pytest.mark.parametrize("headers", [[("X", "a\r\nEvent: Hangup")], [("X", "a\0")]])
def test_nothing_it_tells_can_break_out_of_its_line(headers):
    with pytest.raises(ValueError, match="line break"):
        event("UserEvent", "user,all", BEGAN, "sim-x", headers)


def test_actions_are_read_wherever_they_are_cut_and_not_without_end():
    data = message([("Action", "Ping"), ("ActionID", "1"), ("Variable", "A=1"), ("Variable", "B=2")]) * 3
    for size in (1, 7, 1000):
        reader = ActionReader()
        read = [one for at in range(0, len(data), size) for one in reader.feed(data[at : at + size])]
        assert [(one.name, one.get("ACTIONID"), one.variables) for one in read] == [("Ping", "1", ("A=1", "B=2"))] * 3
    with pytest.raises(TooLong):
        ActionReader().feed(b"x" * (ACTION_BYTES + 1))


# --- over TCP ---------------------------------------------------------------------------------------------------------


class Client:
    """A plain client that keeps what it is sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, **headers: object) -> dict[str, str]:
        self.writer.write(message((name.replace("_", "-"), value) for name, value in headers.items()))
        data = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        lines = data.decode().strip().split("\r\n")
        return {key: value for key, _, value in (line.partition(": ") for line in lines)}


@asynccontextmanager
async def served(made: Simulation) -> AsyncIterator[Callable[[], object]]:
    port = await made.open()

    async def connect() -> Client:
        client = Client(*await asyncio.open_connection("127.0.0.1", port))
        assert (await client.reader.readline()).startswith(b"Asterisk Call Manager/")
        return client

    try:
        yield connect
    finally:
        await made.close()


def test_who_does_not_know_the_secret_is_told_and_let_go():
    async def go() -> None:
        async with served(simulation()) as connect:
            client = await connect()
            assert (await client.ask(Action="Ping", ActionID=1))["Message"] == "Permission denied"
            assert (await client.ask(X=1))["Message"] == "Missing action in request"
            said = await client.ask(Action="Login", Username="dispatch", Secret="wrong", ActionID=2)
            assert (said["Response"], said["Message"], said["ActionID"]) == ("Error", "Authentication failed", "2")
            assert await client.reader.read() == b""

    asyncio.run(go())


def test_a_challenge_is_taken_in_place_of_the_secret():
    async def go() -> None:
        async with served(simulation()) as connect:
            client = await connect()
            challenge = (await client.ask(Action="Challenge", AuthType="MD5"))["Challenge"]
            key = hashlib.md5((challenge + SECRET).encode()).hexdigest()
            said = await client.ask(Action="Login", AuthType="MD5", Username="dispatch", Key=key)
            assert said["Message"] == "Authentication accepted"
            await client.reader.readuntil(b"Fully Booted\r\n\r\n")
            assert (await client.ask(Action="Logoff"))["Response"] == "Goodbye"

    asyncio.run(go())


def test_a_client_that_asks_without_end_is_let_go_and_the_others_are_served():
    async def go() -> None:
        async with served(simulation()) as connect:
            greedy, other = await connect(), await connect()
            greedy.writer.write(b"x" * (ACTION_BYTES + 1))
            assert await asyncio.wait_for(greedy.reader.read(), 5) == b""
            assert (await other.ask(Action="Ping"))["Message"] == "Permission denied"

    asyncio.run(go())


def test_stock_panoramisk_logs_in_and_hears_every_event_of_a_recording():
    recording = Recording.of(OWN / "answered_from_console.txt")

    async def go() -> list[str]:
        made = Simulation(Settings(0, "dispatch", SECRET, 100.0), recording.system, BEGAN, CountedIds())
        made.plan_recording(recording)
        heard: list[str] = []
        async with served(made):
            assert made.server is not None
            manager = Manager(
                loop=asyncio.get_running_loop(), host="127.0.0.1", port=made.server.port, username="dispatch",
                secret=SECRET,
            )  # fmt: skip
            manager.register_event("*", lambda _, told: heard.append(told.event))
            await manager.connect()
            await asyncio.wait_for(made.server.first.wait(), 5)
            clock = StoppedClock()
            running = asyncio.ensure_future(go_by(made.timeline, clock, 100.0, 1 << 60))
            await asyncio.sleep(0)  # it takes the clock as it stands first
            clock.seconds = 60.0
            await asyncio.wait_for(running, 5)
            channels = await manager.send_action({"Action": "CoreShowChannels"}, as_list=True)
            assert channels[0].response == "Success"
            manager.connection_lost = lambda _: None
            manager.close()
        return heard

    heard = asyncio.run(go())
    assert [name for name in heard if name != "FullyBooted"][: len(recording.pieces)] == [
        piece.name.decode() for piece in recording.pieces
    ]


# --- our own switchboard ----------------------------------------------------------------------------------------------


def test_our_switchboard_answers_a_call_and_finds_it_again_after_it_was_cut_off():
    with SimulatedVoice(SITE) as voice:
        with Board(SITE, VOICE_SECRET, voice.port) as board:
            board.wait(lambda: board.up)
            assert all(node.simulated and node.booted.startswith(SIMULATED) for node in board.state.nodes.values())
            voice.call(caller("115", "0912345678", talk=60.0))
            board.wait(lambda: board.live and board.live[0].ringing)
            call = board.live[0]
            assert (call.number, call.dialled, call.services) == ("0912345678", "115", ("ambulance",))
            board.answer(call.id, "B05")
            board.wait(lambda: board.state.calls[call.id].position == "B05")
        with Board(SITE, VOICE_SECRET, voice.port) as board:
            board.wait(lambda: board.live and board.live[0].position == "B05")
            again = board.live[0]
            assert (again.id, again.number, again.recording) == (call.id, call.number, call.recording)
            board.hang_up(call.id)
            board.wait(lambda: not board.live)
            assert board.problems == []
            assert (board.calls[0].state, board.calls[0].ended_by) == (CallState.ENDED, EndedBy.US)


def test_a_synthetic_call_comes_through():
    with SimulatedVoice(SITE) as voice, Board(SITE, VOICE_SECRET, voice.port) as board:
        board.wait(lambda: board.up)
        probed = board.run(board.board._probing.call("114", "0123456789abcdef"))
        assert (probed.number, probed.ready) == ("114", 3)


def test_a_call_that_ends_while_nobody_listens_is_known_to_have_ended_by_the_caller():
    with SimulatedVoice(SITE) as voice, Board(SITE, VOICE_SECRET, voice.port) as board:
        board.wait(lambda: board.up)
        voice.call(caller("113", "0912345678", patience=0.6))
        board.wait(lambda: board.live)
        board.run(_dropped(board))
        board.wait(lambda: board.calls and not board.live)
        assert (board.calls[0].state, board.calls[0].ended_by) == (CallState.ABANDONED, EndedBy.CALLER)


async def _dropped(board: Board) -> None:
    board.board._link.drop("test")
