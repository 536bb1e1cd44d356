"""A payload of any shape, in any stream, leaves the console following or saying why not; what it dropped it says."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console_gui.door import SystemDoor
from console_gui.reading import Reading
from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.views import View
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, Reply, encode
from tests.console.local_core import LocalCore, wait_for
from tests.console.scenario import Night, busy_night
from tests.console.test_reading import Ear, Following, core, following

__all__ = ["core", "following"]  # fixtures

NIGHT = busy_night()
EVENTS, BEATS = names.stream(View.OPERATIONS).encode(), names.beat(View.OPERATIONS).encode()
REPLIES = names.replies("lan").encode()
STREAMS = (EVENTS, BEATS, REPLIES, *(stream.encode() for stream, _ in names.live_of(View.OPERATIONS)))

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=True), st.binary(max_size=20),
    st.text(max_size=20), st.just("\x00\u202e\ud7ff"), st.just("x" * 100_000),
)  # fmt: skip
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def good(night: Night) -> dict[bytes, list[bytes]]:
    """What really comes, by stream."""
    live = LiveValue(kind="trunk", key="vnpt", at=5, value={"reachable": True})
    return {
        EVENTS: [payload for _, payload in night.entries(0) if payload],
        BEATS: [night.beat()],
        REPLIES: [encode(Reply(id="0" * 32, seq=1))],
        **{stream: [encode(live)] for stream in STREAMS[3:]},
    }


GOOD, SHOT = good(NIGHT), NIGHT.snapshot()


@st.composite
def payloads(draw: st.DrawFn, stream: bytes) -> bytes:
    """A real one with something done to it, another stream's, any tree, any bytes, or nested beyond all measure."""
    real = draw(st.sampled_from(GOOD[stream]))
    match draw(st.integers(0, 7)):
        case 0:
            return real[: draw(st.integers(0, len(real)))]
        case 1:
            at = draw(st.integers(0, len(real) - 1))
            return real[:at] + draw(st.binary(min_size=1, max_size=3)) + real[at + 1 :]
        case 2:
            return draw(st.sampled_from(GOOD[draw(st.sampled_from(STREAMS))]))
        case 3:
            fields = msgspec.msgpack.decode(real)
            fields[draw(st.sampled_from(sorted(fields)))] = draw(trees)
            return msgspec.msgpack.encode(fields)
        case 4:
            fields = msgspec.msgpack.decode(real)
            if isinstance(inner := fields.get("event"), dict):
                inner[draw(st.sampled_from(sorted(inner)))] = draw(trees)
            fields.pop(draw(st.sampled_from(sorted(fields))), None)
            return msgspec.msgpack.encode(fields)
        case 5:
            return msgspec.msgpack.encode(draw(trees))
        case 6:
            deep = (b"\x91" * 20_000 + b"\xc0", b"\x81\xa1a" * 5_000, b"\xc1", b"", b"\x00" * 1000)
            return draw(st.sampled_from(deep))
        case _:
            return draw(st.binary(max_size=200))


idents = st.one_of(
    st.integers(0, 120).map(lambda seq: f"1-{seq}".encode()),
    st.sampled_from([b"18446744073709551615-18446744073709551615", b"0-1", b"9999999999999-0"]),
)
fields_ = st.sampled_from([names.EVENT_FIELD, names.BODY_FIELD, b"x", b""])


class FakeClient:
    """What Redis gives, in turn."""

    def __init__(self, reads: list[dict[bytes, Any]], snapshot: bytes, last: dict[bytes, bytes]) -> None:
        self.reads, self.snapshot, self.last = reads, snapshot, last

    def xread(self, streams: Any, count: int, block: int) -> Any:
        return list((self.reads.pop(0) if self.reads else {}).items())

    def get(self, key: str) -> bytes:
        return self.snapshot

    def hgetall(self, key: str) -> Any:
        return self.last


def follow(reading: Reading, *reads: dict[bytes, Any], snapshot: bytes, last: dict[bytes, bytes]) -> None:
    client = FakeClient(list(reads), snapshot, last)
    reading.greet(client)  # type: ignore[arg-type]
    for _ in range(len(reads) + 1):
        reading._snapshot_at = 0.0
        reading.step(client)  # type: ignore[arg-type]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_reading_survives_any_payload_and_says_what_it_dropped(data: st.DataObject) -> None:
    ear = Ear()
    reading = Reading(View.OPERATIONS, "lan", lambda: None, ear, SystemDoor())  # type: ignore[arg-type, return-value]
    in_step = data.draw(st.booleans())
    good_shot = SHOT
    odd_shot = data.draw(
        st.one_of(payloads(BEATS), st.integers(0, len(good_shot)).map(lambda cut: good_shot[:cut]), st.just(good_shot))
    )
    reads = []
    for _ in range(data.draw(st.integers(1, 3))):
        read = {}
        for stream in data.draw(st.lists(st.sampled_from(STREAMS), unique=True, min_size=1)):
            read[stream] = [
                (data.draw(idents), {data.draw(fields_): data.draw(payloads(stream))})
                for _ in range(data.draw(st.integers(1, 3)))
            ]
        reads.append(read)
    last = {b"a": data.draw(payloads(STREAMS[3]))}
    follow(reading, *reads, snapshot=good_shot if in_step else odd_shot, last=last)
    health = ear.last
    assert health.connected and len(health.last_dropped) <= 300
    replica = reading.replica
    assert replica.dropped_count == 0 or replica.dropped[-1] == health.last_dropped or health.dropped >= 1
    if not replica.in_step:
        assert replica.needs_snapshot
    # and from whatever that was, a good core is followed again
    later = busy_night()
    later.generation = "night-after"
    follow(reading, {BEATS: [(b"5-1", {names.BODY_FIELD: later.beat()})]}, snapshot=later.snapshot(), last={})
    follow(reading, snapshot=later.snapshot(), last={})
    assert reading.replica.in_step and reading.replica.checksum() == checksum(later.shown(View.OPERATIONS))


@pytest.mark.parametrize("stream", STREAMS, ids=lambda it: it.decode())
def test_what_is_dropped_is_said(stream: bytes) -> None:
    for junk in (b"\xc1", b"\x93\x01", GOOD[stream][0][:-1], b"\xff" * 50_000):
        ear = Ear()
        reading = Reading(View.OPERATIONS, "lan", lambda: None, ear, SystemDoor())  # type: ignore[arg-type, return-value]
        follow(reading, snapshot=SHOT, last={})
        field = names.EVENT_FIELD if stream == EVENTS else names.BODY_FIELD
        ident = f"1-{NIGHT.state.seq + 1}".encode()
        follow(reading, {stream: [(ident, {field: junk})]}, snapshot=SHOT, last={})
        assert reading.replica.dropped_count == 1 and reading.replica.dropped[-1]
        assert reading.replica.in_step == (stream != EVENTS), "an event that cannot be read is missed, and that is said"


def test_over_a_real_redis(core: LocalCore, following: Following) -> None:  # noqa: F811  (the fixtures)
    chance = random.Random(7)
    sent = 0
    for stream, real in GOOD.items():
        for payload in real[:12]:
            for harm in range(4):
                at = chance.randrange(len(payload))
                broken = payload[:at] + b"\xc1" + payload[at + 1 :]
                harmed = (payload[:at], broken, payload + b"\x00", b"\x91" * at)[harm]
                field = names.EVENT_FIELD if stream == EVENTS else names.BODY_FIELD
                core.client.xadd(stream, {field: harmed})
                sent += 1
    core.client.set(names.snapshot(View.OPERATIONS), b"\xc1" * 2_000_000)
    core.beat()  # with it the console says what it dropped
    wait_for(lambda: following.ear.last.dropped >= 8)
    assert sent > 60 and following.ear.last.connected and following.ear.last.last_dropped
    core.client.delete(EVENTS, names.snapshot(View.OPERATIONS))
    core.night.generation = "night-2"
    core.begin()
    core.happen(lambda night: night.ring("113", "0911"))
    core.beat()
    wait_for(lambda: following.agrees(core))
    assert following.reading.replica.checksum() == checksum(core.night.shown(View.OPERATIONS))
