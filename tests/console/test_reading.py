"""Reading from a real Redis: catching up in order, every kind of loss, any bytes, coalescing and urgency."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import redis

from console_gui.door import SystemDoor
from console_gui.reading import Health, Reading, Update
from console_gui.redis_door import connect
from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.commands import AddNote
from dispatch_core.domain.views import View
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, RedisAccess, Reply, encode
from tests.console.local_core import LocalCore, wait_for
from tests.console.scenario import busy_night

PASSWORD = "for-this-test-only"


class Ear:
    """Collects what the reading tells."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.healths: list[Health] = []
        self.replies: list[Reply] = []
        self.lives: list[LiveValue] = []

    def updated(self, update: Update) -> None:
        self.updates.append(update)

    def health(self, health: Health) -> None:
        self.healths.append(health)

    def replied(self, reply: Reply) -> None:
        self.replies.append(reply)

    def live(self, values: tuple[LiveValue, ...]) -> None:
        self.lives.extend(values)

    @property
    def last(self) -> Health:
        return self.healths[-1] if self.healths else Health()


class Following:
    """A reading in its own thread."""

    def __init__(self, access: RedisAccess, authority) -> None:  # type: ignore[no-untyped-def]
        self.ear = Ear()
        self.reading = Reading(View.OPERATIONS, "lan", lambda: connect(access, authority), self.ear, SystemDoor())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.reading.run, args=(self._stop,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def agrees(self, core: LocalCore) -> bool:
        replica = self.reading.replica
        return replica.in_step and replica.seq == core.night.state.seq


@pytest.fixture
def core(redis_server) -> Iterator[LocalCore]:  # type: ignore[no-untyped-def]
    client = redis.Redis(
        unix_socket_path=str(redis_server.socket), username=redis_server.user, password=redis_server.password
    )
    keys = [f"%R~{key}" for key in names.readable_keys(View.OPERATIONS)]
    client.execute_command(
        "ACL", "SETUSER", "lan", "on", f">{PASSWORD}", *keys, "%R~rep:lan", "%W~cmd:lan", "-@all", "+xread", "+xadd",
        "+get", "+hgetall",
    )  # fmt: skip
    yield LocalCore(busy_night(), client)
    client.close()


@pytest.fixture
def following(core: LocalCore, redis_server) -> Iterator[Following]:  # type: ignore[no-untyped-def]
    core.begin()
    access = RedisAccess(host="127.0.0.1", port=redis_server.tls_port, user="lan", password=PASSWORD, tls=True)
    console = Following(access, redis_server.authority)
    wait_for(lambda: console.agrees(core))
    yield console
    console.stop()


def test_it_starts_from_the_snapshot_and_follows(core: LocalCore, following: Following) -> None:
    call: list[str] = []
    core.happen(lambda night: call.append(night.ring("115", "0909000111")))
    wait_for(lambda: following.agrees(core) and call[0] in following.ear.updates[-1].state.calls)
    assert call[0] in following.ear.updates[-1].changes.of("calls").changed
    assert following.reading.replica.checksum() == checksum(core.night.shown(View.OPERATIONS))
    assert following.ear.last.connected


def test_a_lost_entry_is_repaired_by_the_next_snapshot(core: LocalCore, following: Following) -> None:
    core.night.ring("113", "0911")
    lost = core.night.state.seq
    core.night.ring("113", "0912")
    core.publish(skip=lambda seq: seq == lost)
    core.beat()
    wait_for(lambda: following.ear.last.needs_snapshot == "gap")
    core.snapshot()
    wait_for(lambda: following.agrees(core))
    assert following.reading.replica.checksum() == checksum(core.night.shown(View.OPERATIONS))


def test_a_flushed_redis_and_a_new_generation(core: LocalCore, following: Following) -> None:
    core.client.flushall()
    core.night.generation = "night-2"
    core.night.ring("113", "0911")
    core.begin()
    wait_for(lambda: following.agrees(core) and following.reading.replica.generation == "night-2")
    core.happen(lambda night: night.ring("113", "0912"))
    wait_for(lambda: following.agrees(core))


def test_a_killed_redis_is_told_and_caught_up_with(core: LocalCore, following: Following, redis_server) -> None:  # type: ignore[no-untyped-def]
    server = redis_server.server
    server.kill9()
    wait_for(lambda: not following.ear.last.connected)
    server.start()
    keys = [f"%R~{key}" for key in names.readable_keys(View.OPERATIONS)]
    core.client.execute_command(
        "ACL", "SETUSER", "lan", "on", f">{PASSWORD}", *keys, "%R~rep:lan", "-@all", "+xread", "+get", "+hgetall"
    )
    core.night.generation = "night-2"
    core.night.ring("113", "0911")
    core.begin()
    wait_for(lambda: following.agrees(core) and following.ear.last.connected, 10)


def test_a_user_that_is_not_accepted_is_told(core: LocalCore, following: Following) -> None:
    core.client.execute_command("ACL", "SETUSER", "lan", "off")
    core.client.execute_command("CLIENT", "KILL", "USER", "lan")
    wait_for(lambda: following.ear.last.problem == "denied")


@pytest.mark.parametrize("field", [b"e", b"b", b"x"])
def test_any_bytes_leave_it_running(core: LocalCore, following: Following, field: bytes) -> None:
    junk = [b"", b"\x00", b"\xff" * 50, b"\x81\xa1t\xa3abc", encode(Reply(id="x")), b"\xc1" * 5000]
    for data in junk:
        for key in (names.beat(View.OPERATIONS), names.LIVE_STREAM, names.replies("lan")):
            core.client.xadd(key, {field: data})
        core.client.xadd(names.stream(View.OPERATIONS), {field: data})  # an id of Redis's own, far ahead of ours
        core.client.set(names.snapshot(View.OPERATIONS), data)
    wait_for(lambda: following.ear.last.dropped > 0)
    assert following.ear.last.last_dropped
    core.client.delete(names.stream(View.OPERATIONS), names.snapshot(View.OPERATIONS))
    core.night.generation = "night-2"
    core.night.ring("113", "0911")
    core.begin()
    core.beat()
    wait_for(lambda: following.agrees(core), 10)


def test_quiet_changes_are_gathered_and_rings_are_not(core: LocalCore, following: Following) -> None:
    incident = next(iter(core.night.state.incidents))
    before = len(following.ear.updates)
    minh = core.night.person("minh")
    for n in range(300):
        core.happen(lambda night, n=n: night.must(minh, AddNote(incident=incident, text=f"dòng {n}")))
    wait_for(lambda: following.agrees(core) and following.ear.updates[-1].state.seq == core.night.state.seq)
    quiet = len(following.ear.updates) - before
    assert quiet < 100, "300 notes made more updates than ten a second can"
    before = len(following.ear.updates)
    for n in range(5):
        core.happen(lambda night, n=n: night.ring("115", f"0900{n}"))
        wait_for(lambda: following.ear.updates[-1].state.seq == core.night.state.seq)
    assert len(following.ear.updates) - before >= 5


@pytest.mark.parametrize("kind", ["trunk", "positions"])
def test_live_values_come_from_the_last_ones_and_the_stream(
    core: LocalCore, following: Following, kind: str
) -> None:
    core.live(LiveValue(kind=kind, key="vnpt", at=5, value={"reachable": True}))
    wait_for(lambda: bool(following.ear.lives))
    core.live(LiveValue(kind=kind, key="vnpt", at=4, value={"reachable": False}))
    core.live(LiveValue(kind=kind, key="vnpt", at=6, value={"reachable": False}))
    wait_for(lambda: len(following.ear.lives) == 2)
    assert [value.at for value in following.ear.lives] == [5, 6]


def test_an_accepted_reply_comes_after_its_events(core: LocalCore, following: Following) -> None:
    core.run("lan")
    try:
        incident = next(iter(core.night.state.incidents))
        core.night.must(core.night.person("lan"), AddNote(incident=incident, text="trước"))
        seq = core.night.state.seq
        core.client.xadd(names.replies("lan"), {names.BODY_FIELD: encode(Reply(id="early", seq=seq))})
        core.publish()
        wait_for(lambda: bool(following.ear.replies))
        assert following.ear.updates[-1].state.seq >= seq
    finally:
        core.stop()
