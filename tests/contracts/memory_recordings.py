"""Recordings that lie in memory, for tests of what uses them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from msgspec.structs import replace

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import RecordingFaulty, RecordingKept, RecordingRemoved, RecordingStarted
from dispatch_core.domain.recorded import RecordedFile, held
from dispatch_core.domain.state import State
from dispatch_core.ports import Batch, KeptRecording, NumberCall, RecordingUnreadable, Sound
from scripts.simulation.site import NODE
from telephony.recordings.wav import Head, milliseconds, read_head, silences, sound_in


def header(sound: int, rate: int = 8_000) -> bytes:
    """44 bytes as Asterisk writes them; ``sound`` 0 while it still records."""
    size = (36 + sound if sound else 0).to_bytes(4, "little")
    form = b"".join(
        value.to_bytes(width, "little")
        for value, width in ((16, 4), (1, 2), (1, 2), (rate, 4), (2 * rate, 4), (2, 2), (16, 2))
    )
    return b"RIFF" + size + b"WAVEfmt " + form + b"data" + sound.to_bytes(4, "little")


class MemoryRecordings:
    def __init__(self) -> None:
        self.files: dict[tuple[str, str], bytes] = {}

    def put(self, node: str, file: str, data: bytes) -> None:
        self.files[node, file] = data

    def reaches(self, node: str) -> bool:
        return any(node == known for known, _ in self.files)

    def look(self, node: str, file: str) -> Sound | None:
        found = self._found(node, file)
        if found is None:
            return None
        head = self._head(found, file)
        sound, final = sound_in(head, len(found))
        return Sound(rate=head.rate, channels=head.channels, width=head.width, bytes=sound, final=final)

    def read(self, node: str, file: str, start: int, length: int) -> bytes:
        found = self._found(node, file)
        if found is None:
            raise RecordingUnreadable(file, "không còn", "gone")
        head = self._head(found, file)
        sound = found[head.data_at :][: sound_in(head, len(found))[0]]
        return sound[max(0, start) : max(0, start) + max(0, length)]

    def sum(self, node: str, file: str) -> RecordedFile:
        name, found = file.rpartition("/")[2], self._found(node, file)
        if found is None:
            return RecordedFile(file=name, found=False)
        told = {"file": name, "bytes": len(found), "sha256": hashlib.sha256(found).hexdigest()}
        head = read_head(found)
        if head is None:
            return RecordedFile(**told, readable=False)  # type: ignore[arg-type]
        sound, final = sound_in(head, len(found))
        quiet = silences(head, [found[head.data_at :]])
        return RecordedFile(**told, ms=milliseconds(head, sound), final=final, silences=quiet)  # type: ignore[arg-type]

    def pieces(self, node: str, file: str) -> Iterator[bytes]:
        found = self._found(node, file)
        yield from () if found is None else (found[:1000], found[1000:])

    def remove(self, node: str, file: str) -> bool:
        return self.files.pop((node, file.rpartition("/")[2]), None) is not None

    def _found(self, node: str, file: str) -> bytes | None:
        return self.files.get((node, file.rpartition("/")[2]))

    @staticmethod
    def _head(found: bytes, file: str) -> Head:
        head = read_head(found)
        if head is None:
            raise RecordingUnreadable(file, "không phải WAV", "no WAV")
        return head


class MemoryIndex:
    """What a store would know, gathered from the batches that it hears."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], KeptRecording] = {}
        self.state = State()
        self.asked: dict[int, tuple[int, int] | None] = {}
        self.down = False

    def heard(self, batch: Batch) -> None:
        self.state = batch.after
        for recorded in (event for entry in batch.entries for event in entry.events):
            match recorded.event:
                case RecordingStarted(call=call, file=file):
                    self.put(call, file.rpartition("/")[2], began_at=recorded.at)
                case RecordingKept(call=call, files=files) | RecordingFaulty(call=call, files=files):
                    state = "kept" if isinstance(recorded.event, RecordingKept) else "faulty"
                    for file in files:
                        self.put(call, file.file, state=state, ms=file.ms, sha256=file.sha256)
                case RecordingRemoved(call=call, file=file):
                    self.put(call, file, state="removed", removed_at=recorded.at)
                case _:
                    pass

    def put(self, call: str, file: str, **changes: object) -> None:
        known = self.rows.get((call, file)) or KeptRecording(
            call=call, file=file, node=NODE, incident="", state="running", began_at=0, ended_at=0
        )
        self.rows[call, file] = replace(known, **changes)

    def _all(self) -> list[KeptRecording]:
        if self.down:
            raise DispatchError("database_down", "mất cơ sở dữ liệu", "no database")
        shown = []
        for row in self.rows.values():
            call = self.state.calls.get(row.call)
            incident = row.incident or (call.incident if call is not None else "")
            ended = row.ended_at or (call.ended_at if call is not None else 0)
            shown.append(
                replace(row, incident=incident, ended_at=ended, held=held(self.state, row.call, incident))
            )
        return shown

    def of_call(self, call: str) -> list[KeptRecording]:
        return [row for row in self._all() if row.call == call]

    def of_incident(self, incident: str) -> list[KeptRecording]:
        return [row for row in self._all() if row.incident == incident]

    def of_number(self, number: str, since: int) -> list[KeptRecording]:
        mine = {call.id for call in self.calls_of(number, since, 10**9)}
        return [row for row in self._all() if row.call in mine]

    def calls_of(self, number: str, since: int, limit: int) -> list[NumberCall]:
        found = [
            NumberCall(
                id=call.id, node=call.node, direction=call.direction.value, dialled=call.dialled, number=call.number,
                state=call.state.value, arrived_at=call.arrived_at, answered_at=call.answered_at,
                ended_at=call.ended_at, ended_by=call.ended_by or "", positions=call.positions, incident=call.incident,
                type="", disposition=self.state.incidents[call.incident].disposition, closed_at=0,
            )
            for call in self.state.calls.values()
            if call.number == number and call.arrived_at >= since
        ]  # fmt: skip
        return sorted(found, key=lambda call: call.arrived_at)[-limit:]

    def past(self, ended_before: int, limit: int) -> list[KeptRecording]:
        rows = [row for row in self._all() if row.state != "removed" and row.ended_at < ended_before and not row.held]
        return rows[:limit]

    def removed_since(self, at: int) -> list[KeptRecording]:
        return [row for row in self._all() if row.state == "removed" and row.removed_at >= at]

    def sweeps_asked(self) -> list[int]:
        return [number for number, done in self.asked.items() if done is None]

    def sweep_done(self, number: int, at: int, removed: int, refused: int) -> None:
        self.asked[number] = (removed, refused)
