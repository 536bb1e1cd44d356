"""The description of the site as somebody is changing it: its entries, what was typed, and the edits that make it so.

Pure: a ``SiteDraft`` is a value, each change makes another one, so that undoing is taking the one before. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec.structs import replace as replace_struct

from console_gui.trunk_admin.field_values import Read, Slip, read, shown
from dispatch_core.wire.trunk import Edit, FieldShown

FIRST = ("carriers", "numbers", "queues", "positions", "partners", "nodes", "announcements", "services")
"""The order of the parts that are several, by how often they are changed; the others follow."""

SEVERAL = frozenset(FIRST)
"""Sections of which there are several, also where none stands in the file yet; so are those within another one
("duty.reasons")."""


@dataclass(frozen=True, slots=True)
class Entry:
    """``origin``: how the file in force calls it, "" for one that is new. ``raw``: what stands in fields whose text is
    no value."""

    origin: str
    values: Mapping[str, Any]
    raw: Mapping[str, str] = field(default_factory=dict)
    new: bool = False


Sections = Mapping[str, tuple[Entry, ...]]


def idents_of(values: Mapping[str, Any], fields: tuple[FieldShown, ...]) -> dict[str, str]:
    """Section -> the key whose value names an entry: its first one; "" for a section that is one."""
    firsts: dict[str, str] = {}
    for told in fields:
        if not _is_rows(told.section):
            firsts.setdefault(told.section, told.key)
    order = [it for it in FIRST if it in firsts] + [it for it in firsts if it not in SEVERAL]
    several = {it for it in order if it in SEVERAL or "." in it or isinstance(value_of(values, it), list | tuple)}
    return {it: firsts[it] if it in several else "" for it in order}


def _is_rows(section: str) -> bool:
    """``queues.steps``: rows within one entry of several, a value of that entry and no part of its own."""
    return section.partition(".")[0] in SEVERAL and "." in section


def entries_of(value: Any, ident: str) -> tuple[Entry, ...]:
    """The plain data of one section, written as a list of tables, as tables by name, or as one table."""
    if isinstance(value, list | tuple):
        tables = [it for it in value if isinstance(it, Mapping)]
        return tuple(Entry(str(it.get(ident, "")), dict(it)) for it in tables)
    if not isinstance(value, Mapping):
        return () if ident else (Entry("", {}),)
    if ident and all(isinstance(it, Mapping) for it in value.values()):
        return tuple(Entry(name, {ident: name, **it}) for name, it in value.items())
    return (Entry("", dict(value)),)


def value_of(values: Mapping[str, Any], key: str) -> Any:
    """``phone.secret_file`` is that key of the table ``phone``."""
    for part in key.split("."):
        if not isinstance(values, Mapping) or part not in values:
            return None
        values = values[part]
    return values


def _with(values: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    first, _, rest = key.partition(".")
    made = dict(values)
    if rest:
        inner = made.get(first)
        value = _with(inner if isinstance(inner, Mapping) else {}, rest, value) or None
    if value is None:
        made.pop(first, None)
    else:
        made[first] = value
    return made


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """``base`` is in force, ``now`` is how it shall be."""

    fields: tuple[FieldShown, ...] = ()
    idents: Mapping[str, str] = field(default_factory=dict)
    base: Sections = field(default_factory=dict)
    now: Sections = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, Any], fields: tuple[FieldShown, ...]) -> SiteDraft:
        idents = idents_of(values, fields)
        base = {section: entries_of(value_of(values, section), ident) for section, ident in idents.items()}
        return cls(fields, idents, base, base)

    # --- looking ------------------------------------------------------------------------------------------------------

    def ident(self, section: str) -> str:
        return self.idents.get(section, "")

    def fields_of(self, section: str) -> list[FieldShown]:
        return [it for it in self.fields if it.section == section]

    def name(self, section: str, entry: Entry) -> str:
        ident = self.ident(section)
        return entry.raw.get(ident) or str(entry.values.get(ident, "")) if ident else ""

    def entry(self, section: str, at: int) -> Entry | None:
        entries = self.now.get(section, ())
        return entries[at] if 0 <= at < len(entries) else None

    def place(self, section: str, name: str) -> int:
        """-1 where nothing is called so."""
        for at, entry in enumerate(self.now.get(section, ())):
            if self.name(section, entry) == name:
                return at
        return -1

    def text(self, told: FieldShown, entry: Entry) -> str:
        """What stands in the field."""
        return entry.raw[told.key] if told.key in entry.raw else shown(value_of(entry.values, told.key))

    def read(self, told: FieldShown, text: str, entry: Entry) -> Read:
        """As `field_values.read`; of a key inside of another one, and of that other one, either may stand there."""
        before = value_of(entry.values, told.key)
        if not text.strip() and "." in told.key:
            outer = value_of(entry.values, told.key.rpartition(".")[0])
            told = replace_struct(told, required=told.required and isinstance(outer, Mapping))
        elif text.strip().startswith("{"):
            inner = any(it.key.startswith(f"{told.key}.") for it in self.fields_of(told.section))
            told = replace_struct(told, kind="table") if inner else told
        return read(told, text, before)

    def rows_of(self, told: FieldShown) -> list[str]:
        """The keys of a row, where the field holds rows of a table."""
        return [it.key for it in self.fields_of(f"{told.section}.{told.key}")]

    def slip(self, told: FieldShown, entry: Entry) -> Slip | None:
        """What is wrong with what stands there, as far as it can be told here."""
        found = self.read(told, self.text(told, entry), entry)
        if told.key == self.ident(told.section) and not isinstance(found, Slip):
            same = [it for it in self.now.get(told.section, ()) if self.name(told.section, it) == str(found)]
            if len(same) > 1:
                return Slip("slip.twice", {"name": str(found)})
        return found if isinstance(found, Slip) else None

    def slips(self) -> list[tuple[str, int, FieldShown, Slip]]:
        """Every one, in entries that somebody touched: those in force are the core's."""
        found = []
        for section, entries in self.now.items():
            for at, entry in enumerate(entries):
                if entry in self.base.get(section, ()):
                    continue
                for told in self.fields_of(section):
                    slip = self.slip(told, entry)
                    if slip is not None:
                        found.append((section, at, told, slip))
        return found

    @property
    def changed(self) -> bool:
        return dict(self.now) != dict(self.base)

    def touched(self, section: str, entry: Entry) -> bool:
        return entry not in self.base.get(section, ())

    def differs(self, other: SiteDraft) -> tuple[str, int] | None:
        """The first entry that is not as it is there."""
        for section, entries in self.now.items():
            theirs = other.now.get(section, ())
            for at, entry in enumerate(entries):
                if at >= len(theirs) or theirs[at] != entry:
                    return section, at
        return None

    # --- changing -----------------------------------------------------------------------------------------------------

    def typed(self, section: str, at: int, told: FieldShown, text: str) -> SiteDraft:
        """``text`` stands in the field now. One that is no value stays as it was typed; the value of before counts."""
        entry = self.entry(section, at)
        if entry is None:
            return self
        before = value_of(entry.values, told.key)
        found = self.read(told, text, entry)
        raw = {key: it for key, it in entry.raw.items() if key != told.key}
        if isinstance(found, Slip):
            return self._put(section, at, replace(entry, raw={**raw, told.key: text}))
        if text != shown(found):
            raw[told.key] = text  # "alaw ,ulaw" stays as it is typed until the field is left
        if found == before and type(found) is type(before):
            return self._put(section, at, replace(entry, raw=raw))
        return self._put(section, at, replace(entry, raw=raw, values=_with(entry.values, told.key, found)))

    def tidied(self, section: str, at: int, told: FieldShown) -> SiteDraft:
        """The field was left: what is a value stands there as values are shown."""
        entry = self.entry(section, at)
        if entry is None or told.key not in entry.raw:
            return self
        if isinstance(self.read(told, entry.raw[told.key], entry), Slip):
            return self
        raw = {key: it for key, it in entry.raw.items() if key != told.key}
        return self._put(section, at, replace(entry, raw=raw))

    def _put(self, section: str, at: int, entry: Entry) -> SiteDraft:
        entries = list(self.now[section])
        entries[at] = entry
        return self._with_entries(section, entries)

    def _with_entries(self, section: str, entries: Iterable[Entry]) -> SiteDraft:
        return replace(self, now={**self.now, section: tuple(entries)})

    def add(self, section: str, like: int = -1) -> SiteDraft:
        """One more at the end, empty or a copy of another; without a name of its own yet."""
        ident = self.ident(section)
        if not ident:
            return self
        model = self.entry(section, like)
        values = dict(model.values) if model is not None else {}
        raw = dict(model.raw) if model is not None else {}
        raw.pop(ident, None)
        name = values.pop(ident, "")
        if model is not None and isinstance(name, str) and name:
            values[ident] = self._free(section, name)
        return self._with_entries(section, (*self.now.get(section, ()), Entry("", values, raw, new=True)))

    def _free(self, section: str, name: str) -> str:
        taken = {self.name(section, it) for it in self.now.get(section, ())}
        return next(it for number in range(2, len(taken) + 3) if (it := f"{name}-{number}") not in taken)

    def remove(self, section: str, at: int) -> SiteDraft:
        entries = self.now.get(section, ())
        if not self.ident(section) or not 0 <= at < len(entries):
            return self
        return self._with_entries(section, (*entries[:at], *entries[at + 1 :]))

    def rebased(self, values: Mapping[str, Any], fields: tuple[FieldShown, ...]) -> SiteDraft:
        """The same changes over another description that came in force meanwhile."""
        fresh = SiteDraft.of(values, fields)
        if not self.changed:
            return fresh
        now = {section: _merged(entries, self.base.get(section, ()), self.now.get(section, ()))
               for section, entries in fresh.base.items()}  # fmt: skip
        return replace(fresh, now=now)

    # --- for the core -------------------------------------------------------------------------------------------------

    def edits(self) -> tuple[Edit, ...]:
        made: list[Edit] = []
        for section, entries in self.now.items():
            base = {it.origin: it for it in self.base.get(section, ())}
            kept = {it.origin for it in entries if not it.new}
            made += [Edit(section=section, entry=name) for name in base if name not in kept]
            for entry in entries:
                if entry.new:
                    name = str(entry.values.get(self.ident(section), ""))
                    made.append(Edit(section=section, entry=name, value=dict(entry.values)))
                elif entry.origin in base:
                    made += self._changes(section, base[entry.origin], entry)
        return tuple(made)

    def _changes(self, section: str, was: Entry, entry: Entry) -> list[Edit]:
        """Its name last: the other edits still call it as it was."""
        ident = self.ident(section)
        keys = [it.key for it in self.fields_of(section) if it.key != ident]
        if ident:
            keys.append(ident)
        made = []
        for key in keys:
            old, new = value_of(was.values, key), value_of(entry.values, key)
            if old != new:
                made.append(Edit(section=section, entry=was.origin, key=key, value=new))
        return made


def _merged(fresh: tuple[Entry, ...], base: tuple[Entry, ...], now: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """What was changed here stands; what was not is as it is in force."""
    known = {it.origin: it for it in base}
    mine = {it.origin: it for it in now if not it.new}
    merged = []
    for entry in fresh:
        was, own = known.get(entry.origin), mine.get(entry.origin)
        if was is not None and own is None:
            continue  # taken out here
        if was is None or own is None or own == was:
            merged.append(entry)
            continue
        values = dict(entry.values)
        for key in {*was.values, *own.values}:
            if was.values.get(key) != own.values.get(key):
                values = _with(values, key, own.values.get(key))
        merged.append(Entry(entry.origin, values, own.raw))
    return (*merged, *(it for it in now if it.new))
