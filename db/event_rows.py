"""A batch as rows of the journal: commands, events, personal fields, each event linked to the one before. Pure.

Guards: an event is written only if it reads back as the same event. One that does not (a number that JSON cannot
hold, text that is not Unicode) would be a journal that cannot be loaded, so it is rejected here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from db.chain import SALT_LENGTH, Tip, link, personal_digest
from dispatch_core.domain.commands import Command
from dispatch_core.domain.events import Event, Recorded
from dispatch_core.domain.plain_text import one_line
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.upcast import from_fields, to_fields
from dispatch_core.ports import Batch, Entry, EntryRejected, Ids, Outcome

Row = dict[str, Any]

NAME_LIMIT = 200
"""Characters kept of the name of an incident or call: a real one has less than half of that."""

_encoder = msgspec.json.Encoder()
_fields = msgspec.json.Decoder(dict[str, Any])


def encode_json(value: object) -> str:
    """Compact JSON that keeps the order of keys, UTF-8 unescaped."""
    return _encoder.encode(value).decode()


class EventRows(NamedTuple):
    commands: list[Row]
    journal: list[Row]
    personal: list[Row]
    tip: Tip


def rows_of(batch: Batch, tip: Tip, ids: Ids) -> EventRows:
    """The rows of ``batch`` after ``tip``. Raises EntryRejected where an event does not follow or cannot be kept."""
    commands: list[Row] = []
    journal: list[Row] = []
    personal: list[Row] = []
    for entry in batch.entries:
        commands.append(_command(batch.epoch, entry))
        for recorded in entry.events:
            if recorded.seq != tip.seq + 1:
                raise EntryRejected(f"event {recorded.seq} does not follow {tip.seq}")
            row, apart = _event(batch.epoch, recorded, tip, ids)
            journal.append(row)
            if apart is not None:
                personal.append(apart)
            tip = Tip(recorded.seq, row["hash"])
    if batch.after.seq != tip.seq:
        raise ValueError(f"the state after the batch is at {batch.after.seq}, its last event is {tip.seq}")
    return EventRows(commands, journal, personal, tip)


def _command(epoch: int, entry: Entry) -> Row:
    asked, refusal = entry.asked, entry.outcome.refusal
    return {
        "command_id": asked.id,
        "epoch": epoch,
        "actor": f"{asked.actor.kind.value}:{asked.actor.name}",
        "kind": type(asked.body).__name__,
        "at": entry.at,
        "seq": entry.outcome.seq,
        "incident": _named(asked.body, "incident"),
        "call": _named(asked.body, "call"),
        "refusal": refusal.code if refusal is not None else None,
        "refusal_details": encode_json(refusal.details) if refusal is not None else None,
    }


def _named(body: Command, what: str) -> str | None:
    """The incident or call that a command names. A refused one may name anything, and is kept all the same."""
    name = getattr(body, what, None)
    return one_line(name, NAME_LIMIT) if name else None


def _event(epoch: int, recorded: Recorded, tip: Tip, ids: Ids) -> tuple[Row, Row | None]:
    event = recorded.event
    kind, version = type(event).__name__, type(event).VERSION
    public, private = to_fields(event)
    payload = encode_json(public)
    fields = encode_json(private) if private else "{}"
    try:
        same = read_event(kind, version, payload, fields) == event
    except msgspec.ValidationError:
        same = False
    if not same:
        raise EntryRejected(f"a value in {kind} {recorded.seq} cannot be kept: it does not read back as it is")
    apart: Row | None = None
    digest: bytes | None = None
    if private:
        salt = ids.secret(SALT_LENGTH)
        digest = personal_digest(salt, fields)
        apart = {"seq": recorded.seq, "salt": salt, "fields": fields}
    row = {
        "seq": recorded.seq,
        "epoch": epoch,
        "at": recorded.at,
        "actor": recorded.by,
        "command_id": recorded.command,
        "type": kind,
        "version": version,
        "payload": payload,
        "personal_digest": digest,
        "prev_hash": tip.hash,
        "hash": link(
            tip.hash, recorded.seq, epoch, recorded.at, recorded.by, recorded.command, kind, version, payload, digest
        ),
        "incident": getattr(event, "incident", None) or None,
        "call": getattr(event, "call", None) or None,
    }
    return row, apart


def read_event(kind: str, version: int, payload: str, personal: str | None) -> Event:
    """A stored event in today's shape; without its personal fields where they were erased (None)."""
    return from_fields(kind, version, _fields.decode(payload), _fields.decode(personal or "{}"))


def read_recorded(row: Any) -> Recorded:
    """``row`` has the journal's columns and ``fields`` of ``journal_personal`` (None where there are none)."""
    event = read_event(row.type, row.version, row.payload, row.fields)
    return Recorded(seq=row.seq, at=row.at, by=row.actor, command=row.command_id, event=event)


def read_outcome(row: Any) -> Outcome:
    """``row`` has the columns seq, refusal and refusal_details of ``commands``."""
    if row.refusal is None:
        return Outcome(seq=row.seq)
    details = msgspec.json.decode(row.refusal_details or "{}", type=dict[str, str])
    return Outcome(seq=row.seq, refusal=Refusal(row.refusal, details))
