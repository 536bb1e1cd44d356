"""The evidence of a number: complete, safe to open, and its sums verify."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.ports import KeptRecording, NumberCall
from dispatch_core.runtime.recordings import evidence
from dispatch_core.runtime.recordings.evidence import (
    MANIFEST,
    SUMMARY,
    SUMS,
    TABLE,
    Evidence,
    EvidenceRefused,
    safe_cell,
    write_evidence,
)
from scripts.simulation.site import NODE
from tests.contracts.memory_recordings import MemoryIndex, MemoryRecordings, header
from tests.domain.examples import tries

SOUND = b"\1\2" * 8_000
NUMBER = "0912345678"
DAY = 1_795_442_400_000  # 2026-11-23 21:00 in Ho Chi Minh City


class Calls(MemoryIndex):
    """A store with these calls."""

    def __init__(self, *calls: NumberCall) -> None:
        super().__init__()
        self.known = calls

    def calls_of(self, number: str, since: int, limit: int) -> list[NumberCall]:
        return [it for it in self.known if it.number == number and it.arrived_at >= since][-limit:]


def call(ident: str, at: int = DAY, **more: object) -> NumberCall:
    values: dict[str, object] = {
        "node": NODE, "direction": "incoming", "dialled": "113", "number": NUMBER, "state": "ended", "arrived_at": at,
        "answered_at": at + 5_000, "ended_at": at + 20_000, "ended_by": "caller", "positions": ("B01",),
        "incident": "20261123-00001", "type": "", "disposition": "no_content", "closed_at": at + 30_000,
    }  # fmt: skip
    return NumberCall(id=ident, **{**values, **more})  # type: ignore[arg-type]


def made(index: MemoryIndex, files: MemoryRecordings, since: int = 0) -> tuple[Evidence, zipfile.ZipFile]:
    out = io.BytesIO()
    told = write_evidence(
        out, index, files, number=NUMBER, since=since, now=DAY + 86_400_000, by="hoa", utc_offset_min=420
    )
    return told, zipfile.ZipFile(out)


@pytest.fixture
def three() -> tuple[Calls, MemoryRecordings]:
    """Three calls: one recorded, one whose recording was altered, one whose recordings are gone."""
    index, files = Calls(call("c1"), call("c2", DAY + 60_000), call("c3", DAY + 90_000)), MemoryRecordings()
    data = header(len(SOUND)) + SOUND
    kept = hashlib.sha256(data).hexdigest()
    files.put(NODE, "c1.wav", data)
    files.put(NODE, "c2.wav", data[:-2] + b"xx")
    for ident in ("c1", "c2"):
        index.put(ident, f"{ident}.wav", state="kept", sha256=kept)
    index.put("c3", "c3.wav", state="removed")
    index.put("c3", "c3-2.wav", state="kept")
    index.put("c3", "")
    index.put("other", "other.wav")
    return index, files


def test_everything_is_in_it_and_the_sums_verify(three: tuple[Calls, MemoryRecordings], tmp_path: Path) -> None:
    told, archive = made(*three)
    names = ["recordings/c1.wav", "recordings/c2.wav", TABLE, SUMMARY, MANIFEST, SUMS]
    assert archive.namelist() == names and archive.testzip() is None
    sums = dict(reversed(line.split("  ", 1)) for line in archive.read(SUMS).decode().splitlines())
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names[:-1]} == sums
    manifest = msgspec.json.decode(archive.read(MANIFEST))
    assert {it["name"]: it["sha256"] for it in manifest["files"]} == {name: sums[name] for name in names[:-2]}
    assert (told.calls, told.recordings, told.newest_call) == (3, 2, "c3")
    assert told.missing == (("c3", "c3.wav", "removed"), ("c3", "c3-2.wav", "not_found"))
    assert archive.read("recordings/c1.wav") == three[1].files[NODE, "c1.wav"]


def test_the_summary_is_read_in_both_languages(three: tuple[Calls, MemoryRecordings]) -> None:
    _, archive = made(*three)
    text = archive.read(SUMMARY).decode()
    for words in (
        f"CHỨNG CỨ CÁC CUỘC GỌI CỦA SỐ {NUMBER}", "Số cuộc gọi: 3", "2026-11-23 21:00:00 +0700",
        f"EVIDENCE OF THE CALLS OF {NUMBER}", "Calls: 3, answered: 3, without content: 3", "c3 c3.wav: removed",
        "Files that differ from when their call ended: recordings/c2.wav", "Talked in all: 45 seconds",
    ):  # fmt: skip
        assert words in text, words


def test_the_table(three: tuple[Calls, MemoryRecordings]) -> None:
    _, archive = made(*three)
    raw = archive.read(TABLE)
    assert raw.startswith(b"\xef\xbb\xbf"), "or a spreadsheet reads Vietnamese as Latin"
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [row["call"] for row in rows] == ["c1", "c2", "c3"]
    first = rows[0]
    assert (first["waited_s"], first["talked_s"], first["disposition"]) == ("5.0", "15.0", "no_content")
    assert (first["arrived"], first["recordings"]) == ("2026-11-23 21:00:00 +0700", "c1.wav")


def test_what_a_caller_or_a_clerk_wrote_is_no_formula() -> None:
    index = Calls(call("c1", disposition='=HYPERLINK("http://x";"y")', type="@SUM(1)", ended_by="\t=1", dialled="+1"))
    _, archive = made(index, MemoryRecordings())
    (row,) = csv.DictReader(io.StringIO(archive.read(TABLE).decode("utf-8-sig"), newline=""))
    assert row["disposition"].startswith("'=HYPERLINK") and row["incident_type"] == "'@SUM(1)"
    assert row["ended_by"].startswith("'") and row["service_number"] == "'+1"


@given(st.text(max_size=12))
@tries(300, 10_000)
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) and "\x00" not in cell
    assert cell.removeprefix("'") == text.replace("\x00", "\ufffd") or text.startswith("'")


def test_a_number_without_calls_and_too_much_of_it(
    three: tuple[Calls, MemoryRecordings], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EvidenceRefused) as no:
        made(*three, since=DAY + 10**9)
    assert no.value.code == "no_calls" and NUMBER in no.value.vi
    told, _ = made(*three, since=DAY + 1)
    assert told.calls == 2
    monkeypatch.setattr(evidence, "EVIDENCE_CALLS_MOST", 1)
    told, archive = made(*three)
    assert (told.calls, told.cut) == (1, True) and "the newest only" in archive.read(SUMMARY).decode()
    monkeypatch.setattr(evidence, "EVIDENCE_CALLS_MOST", 10)
    monkeypatch.setattr(evidence, "EVIDENCE_BYTES_MOST", 20_000)
    with pytest.raises(EvidenceRefused) as no:
        made(*three)
    assert no.value.code == "evidence_too_large"


def test_a_row_that_nobody_kept_is_named(three: tuple[Calls, MemoryRecordings]) -> None:
    index, files = three
    row = KeptRecording(
        call="c1", file="x.wav", node="away", incident="", state="kept", began_at=0, ended_at=0
    )
    index.rows["c1", "x.wav"] = row
    told, _ = made(index, files)
    assert ("c1", "x.wav", "not_found") in told.missing
