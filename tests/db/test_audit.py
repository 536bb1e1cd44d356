"""Whatever is done to the journal with the keys to the database is located to the record."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from db import audit
from db.audit import Audit, Finding, verify, walk
from db.chain import Tip, link, personal_digest
from db.engine import engine
from db.errors import DatabaseError, SchemaError
from tests.contracts.night import Night
from tests.db.journals import as_superuser, ask, written


def busy(night: Night) -> None:
    night.busy(3)


@pytest.fixture
def journal(migrated: str) -> str:
    """The address of a journal with three incidents in it."""
    written(migrated, busy)
    return migrated


def tampered(dsn: str, *statements: str) -> tuple[Finding, ...]:
    with as_superuser(dsn) as connection:
        for statement in statements:
            done = connection.execute(text(statement))
            assert done.rowcount != 0, f"{statement} changed nothing"
    return verify(dsn).findings


def of_type(dsn: str, kind: str) -> int:
    """The number of the first event of a type."""
    return int(ask(dsn, "SELECT min(seq) FROM journal WHERE type = :kind", kind=kind)[0][0])


def test_an_untouched_journal_is_intact(journal: str) -> None:
    found = verify(journal)
    [(count, digests)] = ask(journal, "SELECT count(*), count(personal_digest) FROM journal")
    assert found.intact and found.events == count == found.tip.seq and found.erased == 0
    assert digests > 5, "there is personal data in this night, else the test shows little"
    assert str(count) in found.sentence_vi and found.tip.hash.hex() in found.sentence_en


def test_an_empty_journal_is_intact(migrated: str) -> None:
    written(migrated)
    assert verify(migrated) == Audit(0, 0, Tip(0, bytes(32)), ())


@pytest.mark.parametrize(
    "change",
    [
        "payload = replace(payload::text, 'B01', 'B02')::json",
        "payload = (payload::text || ' ')::json",
        "at = at + 1",
        "actor = 'person:mallory'",
        "command_id = (SELECT command_id FROM commands ORDER BY number DESC LIMIT 1)",
        "type = 'CallParted'",
        "version = 2",
        "epoch = 9",
        "personal_digest = '\\x00'",
        "hash = '\\x00'",
        "call = 'another'",
        "incident = NULL",
        "incident = 'another', call = NULL",
    ],
)
def test_an_altered_event_is_found(journal: str, change: str) -> None:
    seq = of_type(journal, "IncidentReceived" if change.startswith("incident") else "CallRinging")
    found = tampered(journal, f"UPDATE journal SET {change} WHERE seq = {seq}")
    assert found[0] == Finding(seq, "altered")
    rest = {"hash": [(seq + 1, "unlinked")], "personal_digest": [(seq, "personal_missing")]}
    assert [(finding.seq, finding.kind) for finding in found[1:]] == rest.get(change.split(" ")[0], [])


def test_every_single_altered_event_is_found(journal: str) -> None:
    """Not only the ones that were thought of: each event in turn."""
    with as_superuser(journal) as connection:
        for seq in range(1, walk(connection).events + 1):
            connection.execute(text(f"UPDATE journal SET at = at + 1 WHERE seq = {seq}"))
            assert walk(connection).findings == (Finding(seq, "altered"),)
            connection.execute(text(f"UPDATE journal SET at = at - 1 WHERE seq = {seq}"))
        assert walk(connection).intact


@pytest.mark.parametrize(("first", "last"), [(7, 7), (1, 1), (5, 9)])
def test_a_deleted_event_is_found(journal: str, first: int, last: int) -> None:
    found = tampered(journal, f"DELETE FROM journal WHERE seq BETWEEN {first} AND {last}")
    assert found == (Finding(first, "missing", last),)


def test_a_deleted_event_with_the_rest_moved_up_is_found(journal: str) -> None:
    found = tampered(
        journal,
        "DELETE FROM journal WHERE seq = 10",
        "UPDATE journal SET seq = seq + 1000000 WHERE seq > 10",
        "UPDATE journal SET seq = seq - 1000001 WHERE seq > 1000000",
    )
    end = verify(journal).tip.seq
    assert [finding for finding in found if finding.kind in ("moved", "missing")] == [
        *(Finding(seq, "moved", seq + 1) for seq in range(10, end + 1)), Finding(end + 1, "missing", end + 1),
    ]  # fmt: skip
    assert Finding(10, "unlinked") in found


def test_a_journal_cut_off_at_its_end_is_found(journal: str) -> None:
    end = verify(journal).tip.seq
    found = tampered(journal, f"DELETE FROM journal WHERE seq > {end - 3}")
    assert found == (Finding(end - 2, "missing", end),)


def test_swapped_neighbours_are_found(journal: str) -> None:
    found = tampered(
        journal,
        "UPDATE journal SET seq = 1000000 WHERE seq = 11",
        "UPDATE journal SET seq = 11 WHERE seq = 12",
        "UPDATE journal SET seq = 12 WHERE seq = 1000000",
    )
    assert Finding(11, "moved", 12) in found and Finding(12, "moved", 11) in found
    assert {finding.seq for finding in found} == {11, 12, 13}


def test_swapped_events_are_found(journal: str) -> None:
    found = tampered(
        journal,
        "UPDATE journal SET seq = 1000000 WHERE seq = 11",
        "UPDATE journal SET seq = 11 WHERE seq = 14",
        "UPDATE journal SET seq = 14 WHERE seq = 1000000",
    )
    assert Finding(11, "moved", 14) in found and Finding(14, "moved", 11) in found
    assert {finding.seq for finding in found} == {11, 12, 14, 15}


def test_an_inserted_event_is_found(journal: str) -> None:
    """Even one whose own hash is right: nothing can follow it."""
    end = verify(journal).tip
    [(prev,)] = ask(journal, "SELECT hash FROM journal WHERE seq = 8")
    forged = link(bytes(prev), 9, 1, 1, "person:mallory", "x", "AlarmHandled", 1, '{"key":"k"}', None)
    with as_superuser(journal) as connection:
        connection.execute(text("UPDATE journal SET seq = seq + 1000000 WHERE seq >= 9"))
        connection.execute(text("UPDATE journal SET seq = seq - 999999 WHERE seq > 1000000"))
        connection.execute(
            text(
                "INSERT INTO journal (seq, epoch, at, actor, command_id, type, version, payload, prev_hash, hash)"
                " VALUES (9, 1, 1, 'person:mallory', 'x', 'AlarmHandled', 1, '{\"key\":\"k\"}', :prev, :hash)"
            ),
            {"prev": bytes(prev), "hash": forged},
        )
    found = verify(journal).findings
    assert Finding(9, "unasked") in found and Finding(10, "unlinked") in found
    assert Finding(end.seq + 1, "moved", end.seq) in found


def test_a_core_that_writes_meanwhile_is_no_finding(journal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    look = audit._promised

    def write_first(connection: Connection) -> int:
        with engine(journal, "test").begin() as other:
            other.execute(
                text(
                    "INSERT INTO commands (command_id, epoch, actor, kind, at, seq)"
                    " SELECT 'newer', 1, 'core:x', 'X', 1, max(seq) + 1 FROM journal"
                )
            )
        return look(connection)

    monkeypatch.setattr(audit, "_promised", write_first)
    assert verify(journal).intact
    monkeypatch.setattr(audit, "_promised", look)
    assert not verify(journal).intact, "it was there to be seen"


def test_a_rewritten_chain_shows_against_an_anchor(journal: str) -> None:
    """Somebody patient computes every hash anew. Only what is kept elsewhere convicts them."""
    anchor = verify(journal).tip
    rows = ask(
        journal,
        "SELECT seq, epoch, at, actor, command_id, type, version, payload::text, personal_digest FROM journal"
        " ORDER BY seq",
    )
    previous = bytes(32)
    with as_superuser(journal) as connection:
        for seq, epoch, at, actor, command, kind, version, payload, digest in rows:
            at = at + 1 if seq == 12 else at
            new = link(
                previous, seq, epoch, at, actor, command, kind, version, payload, bytes(digest) if digest else None
            )
            connection.execute(
                text("UPDATE journal SET at = :at, prev_hash = :prev, hash = :hash WHERE seq = :seq"),
                {"at": at, "prev": previous, "hash": new, "seq": seq},
            )
            previous = new
    assert verify(journal).intact
    assert verify(journal, anchor).findings == (Finding(anchor.seq, "anchor"),)
    assert verify(journal, verify(journal).tip).intact


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE journal_personal SET fields = '{\"number\":\"113\"}' WHERE seq = {seq}", "personal_altered"),
        ("UPDATE journal_personal SET salt = 'x' WHERE seq = {seq}", "personal_altered"),
        ("DELETE FROM journal_personal WHERE seq = {seq}", "personal_missing"),
        ("UPDATE journal SET personal_digest = NULL WHERE seq = {seq}", "personal_altered"),
    ],
)
def test_personal_fields_are_part_of_the_chain(journal: str, change: str, kind: str) -> None:
    seq = of_type(journal, "CallArrived")
    assert Finding(seq, kind) in tampered(journal, change.replace("{seq}", str(seq)))


def test_personal_fields_where_there_were_none_are_found(journal: str) -> None:
    seq = of_type(journal, "CallRinging")
    found = tampered(journal, f"INSERT INTO journal_personal VALUES ({seq}, 'salt', '{{}}')")
    assert found == (Finding(seq, "personal_altered"),)


def test_every_finding_has_a_sentence_in_both_languages(journal: str) -> None:
    found = Audit(1, 0, Tip(1, b"x"), (Finding(7, "missing", 9), Finding(3, "altered")))
    assert "7" in found.sentence_vi and "9" in found.sentence_en and "KHÔNG" in found.sentence_vi


def test_what_is_hashed_cannot_be_cut_otherwise() -> None:
    """Moving a letter from one field to the next gives another hash."""
    common = (bytes(32), 1, 1, 1)
    assert link(*common, "ab", "c", "T", 1, "{}", None) != link(*common, "a", "bc", "T", 1, "{}", None)
    assert personal_digest("ab", "c") != personal_digest("a", "bc")


def test_no_database_and_no_tables_are_said_in_words(fresh_database: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaError):
        verify(fresh_database)
    with pytest.raises(DatabaseError):
        verify(f"postgresql://x@/x?host={tmp_path}")


def test_the_hash_is_what_its_description_says(journal: str) -> None:
    """Computed here by hand, from the row as any other program would read it."""
    import hashlib

    with engine(journal, "test").connect() as connection:
        row = connection.execute(
            text("SELECT *, payload::text AS said FROM journal WHERE personal_digest IS NOT NULL ORDER BY seq LIMIT 1")
        ).one()
        apart = connection.execute(
            text("SELECT salt, fields::text AS said FROM journal_personal WHERE seq = :seq"), {"seq": row.seq}
        ).one()

    def sha(*parts: bytes) -> bytes:
        return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()

    digest = sha(apart.salt.encode(), apart.said.encode())
    assert digest == bytes(row.personal_digest)
    numbers = [str(number).encode() for number in (row.seq, row.epoch, row.at)]
    words = [word.encode() for word in (row.actor, row.command_id, row.type)]
    told = [bytes(row.prev_hash), *numbers, *words, str(row.version).encode(), row.said.encode(), digest]
    assert sha(*told) == bytes(row.hash)
