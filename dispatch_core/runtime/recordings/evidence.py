"""The evidence of a number's calls in one file: a zip that explains itself, in Vietnamese and in English.

Guards: nothing in it can act as a formula when a spreadsheet opens the table; every file's SHA-256 is in the manifest,
beside the one that was kept when the recording's call ended; what is missing is named, never left out in silence.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import IO

import msgspec
from msgspec import Struct

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.ports import KeptRecording, NumberCall, RecordingFiles, RecordingIndex
from dispatch_core.settings import EVIDENCE_BYTES_MOST, EVIDENCE_CALLS_MOST

TABLE, SUMMARY, MANIFEST, SUMS, FOLDER = "calls.csv", "summary.txt", "manifest.json", "SHA256SUMS", "recordings/"
NO_CONTENT = "no_content"
_DANGEROUS = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "'", '"', "＝", "＋", "－", "＠")

COLUMNS = (
    "no", "call", "incident", "direction", "service_number", "number", "arrived", "answered", "ended", "waited_s",
    "talked_s", "state", "ended_by", "positions", "incident_type", "disposition", "recordings", "recording_faults",
)  # fmt: skip


class EvidenceRefused(DispatchError):
    """Why no evidence can be made."""


class EvidenceFile(Struct, frozen=True, kw_only=True):
    """One file of the zip. ``kept_sha256``: what was kept when its call ended, "" where nothing was."""

    name: str
    bytes: int
    sha256: str
    kept_sha256: str = ""
    call: str = ""


class Evidence(Struct, frozen=True, kw_only=True):
    """What is in the zip. ``missing``: (call, file, why) of recordings that are not."""

    number: str
    since: Instant
    made_at: Instant
    made_by: str
    calls: int
    cut: bool
    newest_call: str
    files: tuple[EvidenceFile, ...]
    missing: tuple[tuple[str, str, str], ...]

    @property
    def recordings(self) -> int:
        return sum(1 for file in self.files if file.name.startswith(FOLDER))


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: it gets an apostrophe in front."""
    text = text.replace("\x00", "\ufffd")
    return f"'{text}" if text.lstrip().startswith(_DANGEROUS) or text.startswith(_DANGEROUS) else text


def write_evidence(
    out: IO[bytes],
    index: RecordingIndex,
    files: RecordingFiles,
    *,
    number: str,
    since: Instant,
    now: Instant,
    by: str,
    utc_offset_min: int,
) -> Evidence:
    """Write the zip to ``out``. Blocks, for long. Raises EvidenceRefused, and DispatchError where a store is away."""
    calls = index.calls_of(number, since, EVIDENCE_CALLS_MOST + 1)
    cut = len(calls) > EVIDENCE_CALLS_MOST
    calls = calls[-EVIDENCE_CALLS_MOST:]
    if not calls:
        raise EvidenceRefused(
            "no_calls", f"Không có cuộc gọi nào của số {number}.", f"There are no calls of the number {number}."
        )
    kept: dict[str, list[KeptRecording]] = {call.id: [] for call in calls}
    for row in index.of_number(number, calls[0].arrived_at):
        if row.file and row.call in kept:
            kept[row.call].append(row)
    clock = _Clock(utc_offset_min)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        recordings, missing = _add_recordings(archive, files, kept)
        table = _table(calls, kept, clock)
        told = Evidence(
            number=number, since=since, made_at=now, made_by=by, calls=len(calls), cut=cut, newest_call=calls[-1].id,
            files=recordings, missing=missing,
        )  # fmt: skip
        summary = _summary(told, calls, clock).encode()
        listed = [*recordings, _add(archive, TABLE, table), _add(archive, SUMMARY, summary)]
        told = msgspec.structs.replace(told, files=tuple(listed))
        manifest = msgspec.json.format(msgspec.json.encode(told), indent=2)
        listed.append(_add(archive, MANIFEST, manifest))
        _add(archive, SUMS, "".join(f"{file.sha256}  {file.name}\n" for file in listed).encode())
    return told


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> EvidenceFile:
    archive.writestr(name, data)
    return EvidenceFile(name=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _add_recordings(
    archive: zipfile.ZipFile, files: RecordingFiles, kept: dict[str, list[KeptRecording]]
) -> tuple[tuple[EvidenceFile, ...], tuple[tuple[str, str, str], ...]]:
    added: list[EvidenceFile] = []
    missing: list[tuple[str, str, str]] = []
    room = EVIDENCE_BYTES_MOST
    for call, rows in kept.items():
        for row in rows:
            if row.state == "removed":
                missing.append((call, row.file, "removed"))
                continue
            one = _add_recording(archive, files, row, room)
            if one is None:
                missing.append((call, row.file, "not_found"))
            else:
                added.append(one)
                room -= one.bytes
    return tuple(added), tuple(missing)


def _add_recording(
    archive: zipfile.ZipFile, files: RecordingFiles, row: KeptRecording, room: int
) -> EvidenceFile | None:
    name, digest, size = FOLDER + row.file, hashlib.sha256(), 0
    pieces = files.pieces(row.node, row.file)
    first = next(pieces, None)
    if first is None:
        return None
    with archive.open(name, "w", force_zip64=True) as entry:
        for piece in _chained(first, pieces):
            size += len(piece)
            if size > room:
                raise EvidenceRefused(
                    "evidence_too_large",
                    "Chứng cứ quá lớn cho một tệp; hãy nêu ngày bắt đầu muộn hơn.",
                    "The evidence is too large for one file; name a later date to begin with.",
                )
            digest.update(piece)
            entry.write(piece)
    return EvidenceFile(name=name, bytes=size, sha256=digest.hexdigest(), kept_sha256=row.sha256, call=row.call)


def _chained(first: bytes, rest: Iterable[bytes]) -> Iterable[bytes]:
    yield first
    yield from rest


class _Clock:
    """The site's wall clock as people write it."""

    def __init__(self, utc_offset_min: int) -> None:
        self._zone = timezone(timedelta(minutes=utc_offset_min))

    def at(self, at: Instant) -> str:
        return datetime.fromtimestamp(at / 1000, self._zone).strftime("%Y-%m-%d %H:%M:%S %z") if at else ""


def _seconds(first: Instant, last: Instant) -> str:
    return f"{(last - first) / 1000:.1f}" if first and last >= first else ""


def _table(calls: Sequence[NumberCall], kept: dict[str, list[KeptRecording]], clock: _Clock) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for at, call in enumerate(calls, 1):
        rows = kept[call.id]
        cells = (
            str(at), call.id, call.incident, call.direction, call.dialled, call.number, clock.at(call.arrived_at),
            clock.at(call.answered_at), clock.at(call.ended_at),
            _seconds(call.arrived_at, call.answered_at or call.ended_at), _seconds(call.answered_at, call.ended_at),
            call.state, call.ended_by, " ".join(call.positions), call.type, call.disposition,
            " ".join(row.file for row in rows), " ".join(sorted({fault for row in rows for fault in row.faults})),
        )  # fmt: skip
        writer.writerow([safe_cell(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _summary(told: Evidence, calls: Sequence[NumberCall], clock: _Clock) -> str:
    ended = Counter(call.disposition or "-" for call in calls)
    talked = sum(max(0, call.ended_at - call.answered_at) for call in calls if call.answered_at and call.ended_at)
    altered = [file.name for file in told.files if file.kept_sha256 and file.kept_sha256 != file.sha256]
    by_result = "".join(f"   {name}: {count}\n" for name, count in ended.most_common())
    lost = "".join(f"   {call} {file}: {why}\n" for call, file, why in told.missing)
    first, last = clock.at(calls[0].arrived_at), clock.at(calls[-1].arrived_at)
    empty, answered = ended[NO_CONTENT], sum(1 for call in calls if call.answered_at)
    return (
        f"CHỨNG CỨ CÁC CUỘC GỌI CỦA SỐ {told.number}\n\n"
        f"Lập lúc: {clock.at(told.made_at)}, người lập: {told.made_by}\n"
        f"Thời gian: {first} đến {last}\n"
        f"Số cuộc gọi: {told.calls}{' (chỉ những cuộc mới nhất)' if told.cut else ''}, đã trả lời: {answered}, "
        f"không nội dung: {empty}\n"
        f"Tổng thời gian nói: {talked / 1000:.0f} giây\n"
        f"Kết quả các vụ việc:\n{by_result}"
        f"Tệp ghi âm kèm theo: {told.recordings}; không có: {len(told.missing)}\n{lost}"
        f"Tệp khác với lúc kết thúc cuộc gọi: {', '.join(altered) or 'không có'}\n"
        f"Bảng các cuộc gọi: {TABLE}. Mã kiểm tra SHA-256 của từng tệp: {SUMS} (sha256sum -c {SUMS}).\n"
        "\n----------------------------------------\n\n"
        f"EVIDENCE OF THE CALLS OF {told.number}\n\n"
        f"Made: {clock.at(told.made_at)}, by: {told.made_by}\n"
        f"Period: {first} to {last}\n"
        f"Calls: {told.calls}{' (the newest only)' if told.cut else ''}, answered: {answered}, "
        f"without content: {empty}\n"
        f"Talked in all: {talked / 1000:.0f} seconds\n"
        f"Dispositions of the incidents:\n{by_result}"
        f"Recordings enclosed: {told.recordings}; not there: {len(told.missing)}\n{lost}"
        f"Files that differ from when their call ended: {', '.join(altered) or 'none'}\n"
        f"Table of the calls: {TABLE}. SHA-256 of every file: {SUMS} (sha256sum -c {SUMS}).\n"
    )
