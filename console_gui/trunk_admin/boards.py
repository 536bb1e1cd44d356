"""The tables of the trunk's workplace: carriers' health, entries of the form, mistakes, files, steps, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from console_gui.command_line.resolve import natural_key
from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations.formats import decimal, one_line, wall_clock
from console_gui.translations.tables import WORDS
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.wire.trunk import CarrierHealth, ChangeShown, FileDiff, Mistake, SecretShown, Step

NAME_LENGTH, KEY_LENGTH, TEXT_LENGTH = 60, 120, 400


class TrunkTable(OrderedTable[Any]):
    """Rows in the order in which they are given: ``show`` takes all of them."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._places: dict[str, int] = {}

    def show(self, things: Mapping[str, Any]) -> None:
        places = {ident: at for at, ident in enumerate(things)}
        moved = [ident for ident, at in places.items() if self._places.get(ident) != at]
        self._places = places
        if moved and self._keys.keys() == things.keys():
            self.reorder(things)
        elif moved:
            gone = [ident for ident in self.idents() if ident not in things]
            self.apply(things, list(things), gone)
        else:
            self.replace_all(things)

    def sort_key(self, ident: str, value: Any) -> SortKey | None:
        return (self._places.get(ident, 0),)

    def pick(self, vi: str, en: str) -> str:
        return one_line(self.words.pick(vi, en), TEXT_LENGTH)

    def clock(self, at: Instant, form: str = "%H:%M:%S") -> str:
        return wall_clock(at, self._desk.state.site.utc_offset_min, form)


class HealthTable(TrunkTable):
    """A row for each carrier at each switch."""

    columns = (
        "column.trunk.carrier", "column.trunk.node", "column.trunk.reach", "column.trunk.trip",
        "column.trunk.registered", "column.trunk.use", "column.trunk.failed", "column.trunk.jitter",
        "column.trunk.lost",
    )  # fmt: skip
    right_columns = (3, 5, 6, 7, 8)
    whole_columns = (3, 5)

    def take(self, carriers: Sequence[CarrierHealth]) -> None:
        ordered = sorted(carriers, key=lambda it: (natural_key(it.carrier), natural_key(it.node)))
        self.show({f"{it.carrier} @ {it.node}": it for it in ordered})

    def cell(self, ident: str, value: CarrierHealth, column: int) -> Cell:
        if column == 0:
            return Cell(one_line(value.carrier, NAME_LENGTH), strong=True)
        if column == 1:
            return Cell(one_line(value.node, NAME_LENGTH), dim=True)
        if column == 2:
            return self._reach(value.reachable)
        if column == 3:
            return self._measured(value.round_trip_ms, "ms", 0)
        if column == 4:
            return self._registered(value)
        if column == 5:
            full = value.capacity > 0 and value.in_use >= value.capacity
            share = min(1.0, value.in_use / value.capacity) if value.capacity and value.in_use else -1.0
            return Cell(f"{value.in_use}/{value.capacity}", right=True, attention=full, strong=full, bar=share)
        if column == 6:
            count = sum(value.failed.values())
            return Cell(str(count), right=True, attention=bool(count), dim=not count)
        if column == 7:
            return self._measured(value.jitter_ms, "ms", 0)
        return self._measured(value.lost_percent, "%", 1)

    def _reach(self, reachable: bool | None) -> Cell:
        if reachable is None:
            return Cell(self.words("trunk.reach.unknown"), dim=True)
        return Cell(self.words("trunk.reach.yes" if reachable else "trunk.reach.no"), attention=not reachable,
                    strong=not reachable)  # fmt: skip

    def _registered(self, value: CarrierHealth) -> Cell:
        if value.registered is None:
            return Cell("—", dim=True)
        if value.registered:
            return Cell(self.words("trunk.registered.yes"))
        why = one_line(value.registration, NAME_LENGTH) or self.words("trunk.registered.refused")
        return Cell(self.words("trunk.registered.no", why=why), attention=True, strong=True)

    def _measured(self, value: float | None, unit: str, digits: int) -> Cell:
        if value is None:
            return Cell("—", right=True, dim=True)
        return Cell(f"{decimal(value, self.words.language, digits)} {unit}", right=True)


def as_said(*sentences: str) -> str:
    """Each with its capital, where it does not begin with a key ("peers = …"), and its full stop."""
    told = [it for text in sentences if (it := text.strip())]
    whole = [it if it.split(" ")[1:2] == ["="] else f"{it[0].upper()}{it[1:]}" for it in told]
    return " ".join(it if it[-1] in ".!?…:" else f"{it}." for it in whole)


class MistakesTable(TrunkTable):
    """Where, what is wrong, and what to write instead, on as many lines as it takes."""

    columns = ("column.trunk.mistake",)

    def take(self, mistakes: Sequence[Mistake]) -> None:
        self.show({f"{at} {it.key}": it for at, it in enumerate(mistakes)})

    def cell(self, ident: str, value: Mistake, column: int) -> Cell:
        line = self.words("trunk.form.line", line=value.line) if value.line else ""
        said = as_said(self.pick(value.vi, value.en), self.pick(value.instead_vi, value.instead_en))
        return Cell(f"✕ {one_line(value.key, KEY_LENGTH)}{line}: {said}")


def counted(diff: str) -> tuple[int, int]:
    """Lines that come and lines that go in a unified diff."""
    lines = [it for it in diff.splitlines() if not it.startswith(("+++", "---"))]
    return sum(it.startswith("+") for it in lines), sum(it.startswith("-") for it in lines)


class FilesTable(TrunkTable):
    """site.toml first, then each rendered file that differs at a node."""

    columns = ("column.trunk.file", "column.trunk.node", "column.trunk.lines")
    right_columns = (2,)
    whole_columns = (2,)

    def take(self, site_diff: str, files: Sequence[FileDiff]) -> None:
        first = {"site.toml": FileDiff(node="", file="site.toml", diff=site_diff)} if site_diff else {}
        self.show({**first, **{f"{it.node}/{it.file}": it for it in files}})

    def cell(self, ident: str, value: FileDiff, column: int) -> Cell:
        if column == 0:
            return Cell(one_line(value.file, NAME_LENGTH), strong=not value.node)
        if column == 1:
            return Cell(one_line(value.node, NAME_LENGTH) or self.words("trunk.file.site"), dim=True)
        come, go = counted(value.diff)
        return Cell(f"+{come} −{go}", right=True)


class StepsTable(TrunkTable):
    """What a job did, each step with its time, as they come."""

    columns = ("column.trunk.at", "", "column.trunk.step", "column.trunk.node", "column.trunk.took")
    right_columns = (4,)
    whole_columns = (0, 4)

    def take(self, steps: Sequence[Step]) -> None:
        self.show({f"{at} {it.code} {it.node}": it for at, it in enumerate(steps)})

    def cell(self, ident: str, value: Step, column: int) -> Cell:
        wrong = value.ok is False
        if column == 0:
            return Cell(self.clock(value.at), dim=True)
        if column == 1:
            return Cell("…" if value.ok is None else "✕" if wrong else "✓", attention=wrong, strong=wrong)
        if column == 2:
            return Cell(self.pick(value.vi, value.en), attention=wrong, strong=wrong)
        if column == 3:
            return Cell(one_line(value.node, NAME_LENGTH), dim=True)
        return Cell(took(value.ms, self.words.language), right=True, dim=True)


def took(ms: int, language: str) -> str:
    if ms <= 0:
        return ""
    return f"{ms} ms" if ms < 1000 else f"{decimal(ms / 1000, language)} s"


class HistoryTable(TrunkTable):
    """Who changed what, when, why, and what came of it; newest first."""

    columns = (
        "column.trunk.version", "column.trunk.at", "column.trunk.who", "column.trunk.kind", "column.trunk.outcome",
        "column.trunk.why",
    )  # fmt: skip
    right_columns = (0,)
    whole_columns = (1,)

    def take(self, changes: Sequence[ChangeShown]) -> None:
        ordered = sorted(changes, key=lambda it: (-it.at, -it.version))
        self.show({f"{it.version}/{it.kind}/{it.at}": it for it in ordered})

    def cell(self, ident: str, value: ChangeShown, column: int) -> Cell:
        if column == 0:
            return Cell(str(value.version) if value.version else "—", right=True, strong=value.in_force)
        if column == 1:
            return Cell(self.clock(value.at, "%d/%m %H:%M"))
        if column == 2:
            return Cell(one_line(value.by, NAME_LENGTH))
        if column == 3:
            return Cell(self._known("trunk.kind", value.kind))
        if column == 4:
            state = "in_force" if value.in_force else value.outcome
            bad = value.outcome in ("refused", "rolled_back", "broken")
            return Cell(self._known("trunk.outcome", state), attention=bad, strong=value.in_force)
        return Cell(one_line(value.why, TEXT_LENGTH))

    def _known(self, begins: str, code: str) -> str:
        key = f"{begins}.{code}"
        return self.words(key) if key in WORDS else one_line(code, NAME_LENGTH)


class SecretsTable(TrunkTable):
    columns = ("column.trunk.secret", "column.trunk.used_by", "column.trunk.state", "column.trunk.changed")
    whole_columns = (3,)

    def take(self, secrets: Sequence[SecretShown]) -> None:
        self.show({it.name: it for it in sorted(secrets, key=lambda it: natural_key(it.name))})

    def cell(self, ident: str, value: SecretShown, column: int) -> Cell:
        if column == 0:
            return Cell(one_line(value.name, TEXT_LENGTH), strong=True, middle=True)
        if column == 1:
            return Cell(", ".join(one_line(it, NAME_LENGTH) for it in value.used_by), dim=True)
        if column == 2:
            key = f"trunk.secret.{value.state}"
            good = value.state == "good"
            return Cell(self.words(key) if key in WORDS else one_line(value.state), attention=not good, strong=not good)
        return Cell(self.clock(value.changed_at, "%d/%m %H:%M") if value.changed_at else "—", dim=True)


class NodesTable(TrunkTable):
    """``things``: name -> what the core told of the switch; a value that has another shape reads as unknown."""

    columns = ("column.trunk.node", "column.trunk.state", "column.trunk.calls", "column.trunk.remark")
    right_columns = (2,)
    whole_columns = (2,)

    def cell(self, ident: str, value: Mapping[str, Any], column: int) -> Cell:
        if column == 0:
            return Cell(one_line(ident, NAME_LENGTH), strong=True)
        if column == 1:
            return self._state(ident, value)
        if column == 2:
            calls = sum(it.state.live and it.node == ident for it in self._desk.state.calls.values())
            return Cell(str(calls), right=True, dim=not calls)
        said = value.get("why")
        return Cell(one_line(said, TEXT_LENGTH) if isinstance(said, str) else "", dim=True)

    def _state(self, ident: str, value: Mapping[str, Any]) -> Cell:
        known = self._desk.state.nodes.get(ident)
        if value.get("draining") or (known is not None and known.draining):
            return Cell(self.words("trunk.node.draining"), attention=True, strong=True)
        up = known.up if known is not None else value.get("up")
        if not isinstance(up, bool):
            return Cell(self.words("trunk.node.unknown"), dim=True)
        return Cell(self.words("trunk.node.up" if up else "trunk.node.down"), attention=not up, strong=not up)


