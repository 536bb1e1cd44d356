"""The recorded streams as bytes and moments, and what the product makes of them: reader, translator and rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command
from dispatch_core.domain.decide import decide
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Call, State
from telephony.last_values import LastValues
from telephony.link.messages import AmiEvent, Forgery, Parked, Reply
from telephony.link.reading import Reader
from telephony.simulator.streams import Piece, read_stream
from telephony.translate import WANTED, Naming, Tracker, Translator

TRACES = Path(__file__).parent / "traces"
STREAMS = sorted(path.stem for path in TRACES.glob("*.txt") if not path.stem.startswith("14"))
NAMING = Naming(
    frozenset({"trunk1", "trunk2"}), {"113": ("police",), "114": ("fire",), "115": ("ambulance",)}
)
NODE = "psap1"


def pieces(name: str) -> list[Piece]:
    """The messages of the recording whose file name begins so."""
    path = next(path for path in sorted(TRACES.glob("*.txt")) if path.stem.split("_")[0] == name or path.stem == name)
    return read_stream(path)


def stream(name: str) -> bytes:
    return b"".join(piece.data for piece in pieces(name))


def began(name: str) -> int:
    """The moment of the recording's start, milliseconds since 1970, from its first message that has a time."""
    for piece in pieces(name):
        stamp = re.search(rb"\r\nTimestamp: (\d+)\.(\d{3})", piece.data)
        if stamp is not None:
            return int(stamp[1]) * 1000 + int(stamp[2]) - round(piece.seconds * 1000)
    raise ValueError(f"{name} has no time")


def read_all(data: bytes | Iterable[bytes]) -> list[AmiEvent | Forgery | Parked | Reply]:
    reader = Reader(WANTED, {})
    chunks = [data] if isinstance(data, bytes) else data
    return [read for chunk in chunks for read in reader.feed(chunk)]


@dataclass
class Outcome:
    """Where a stream ended: the state, every event on the way, the facts, the last values."""

    state: State = State()
    story: list[Recorded] = field(default_factory=list)
    facts: list[Command] = field(default_factory=list)
    values: list[tuple[int, str, str, dict[str, object]]] = field(default_factory=list)
    start: int = 0
    tracker: Tracker | None = None

    @property
    def calls(self) -> list[Call]:
        return list(self.state.calls.values())

    @property
    def call(self) -> Call:
        (only,) = self.state.calls.values()
        return only

    def seconds(self, at: int) -> float:
        """From the start of the stream, to 0.1."""
        return round((at - self.start) / 1000, 1)

    def told(self, kind: type) -> list[Command]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def decide(self, fact: Command, now: int) -> None:
        self.facts.append(fact)
        asked = Asked(id=f"fact-{len(self.facts)}", actor=Actor(ActorKind.SWITCH, NODE), body=fact)
        decision = decide(self.state, asked, now)
        if isinstance(decision, Refusal):
            assert decision.code == "nothing_new", decision
        else:
            self.state = decision.state
            self.story += decision.events


def run(reads: Iterable[AmiEvent | Forgery | Parked | Reply], start: int) -> Outcome:
    """Translate and decide one after the other, at the moment that the switch gave."""
    translator, values = Translator(NODE, NAMING), LastValues(NAMING, NODE)
    outcome = Outcome(start=start, tracker=translator.tracker)
    now = start
    for read in reads:
        if isinstance(read, AmiEvent):
            now = max(now, read.at)
            facts = translator.event(read)
            outcome.values += [(now, *value) for value in values.event(read)]
        elif isinstance(read, Forgery):
            facts = translator.forged(read, now / 1000)
        elif isinstance(read, Parked):
            facts = translator.parked(read, now / 1000)
        else:
            facts = []
        for fact in facts:
            outcome.decide(fact, now)
    return outcome


def replay(name: str) -> Outcome:
    """The whole stream, message by message."""
    return run(read_all(piece.data for piece in pieces(name)), began(name))


def whole_events(name: str) -> list[AmiEvent]:
    """The stream's wanted events."""
    return [read for read in read_all(stream(name)) if isinstance(read, AmiEvent)]


def in_pieces(data: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    last = 0
    for cut in sorted(cuts):
        yield data[last:cut]
        last = cut
    yield data[last:]


def ami_event(name: str, stamp: int, **headers: str) -> AmiEvent:
    """An event made up for a test; CALL_UUID and DestCALL_UUID are channel variables."""
    variables = {key: headers.pop(key) for key in ("CALL_UUID", "DestCALL_UUID") if key in headers}
    return AmiEvent(name, stamp, {"Event": name, **headers}, variables)
