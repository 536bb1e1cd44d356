"""CSV tables that people write by hand: read whole or refused by file, line and column.

UTF-8, a header line with exactly the columns asked for, in any order; lines that begin with ``#`` are remarks. One
record a line, at most ``MAX_BYTES`` a file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gis.errors import DemoDataError
from gis.geodesy import VIET_NAM, in_viet_nam

MAX_BYTES = 16 * 1024 * 1024
MAX_TEXT = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; every reader below raises ``DemoDataError`` naming it."""

    path: Path
    line: int
    values: dict[str, str]

    def text(self, column: str) -> str:
        value = self.values[column]
        if not value or len(value) > MAX_TEXT or not value.isprintable():
            raise self.wrong(column, f"chữ từ 1 đến {MAX_TEXT} ký tự", f"a text of 1 to {MAX_TEXT} characters")
        return value

    def one_of(self, column: str, known: Iterable[str]) -> str:
        options = sorted(known)
        if self.values[column] not in options:
            raise self.wrong(column, "một trong: " + ", ".join(options), "one of: " + ", ".join(options))
        return self.values[column]

    def number(self, column: str, low: float, high: float) -> float:
        try:
            value = float(self.values[column])
        except ValueError:
            value = float("nan")
        if low <= value <= high:
            return value
        raise self.wrong(column, f"số từ {low:g} đến {high:g}", f"a number from {low:g} to {high:g}")

    def yes_no(self, column: str) -> bool:
        return self.one_of(column, ("yes", "no")) == "yes"

    def place(self) -> tuple[float, float]:
        """(lat, lon) in Viet Nam; swapped ones are said to be so."""
        lat, lon = self.number("lat", -180.0, 180.0), self.number("lon", -180.0, 180.0)
        if in_viet_nam(lat, lon):
            return lat, lon
        south, west, north, east = VIET_NAM
        swapped = in_viet_nam(lon, lat)
        raise self.wrong(
            "lat",
            f"vĩ độ từ {south:g} đến {north:g} với kinh độ từ {west:g} đến {east:g}"
            + (" (vĩ độ và kinh độ đang đảo chỗ)" if swapped else ""),
            f"a latitude from {south:g} to {north:g} with a longitude from {west:g} to {east:g}"
            + (" (latitude and longitude are swapped)" if swapped else ""),
        )

    def wrong(self, column: str, vi: str, en: str) -> DemoDataError:
        value = "".join(it if it.isprintable() else "\ufffd" for it in self.values[column][:60])
        return DemoDataError(
            "table.value",
            f"Tệp {self.path}, dòng {self.line}, cột {column}: cần {vi}, không phải “{value}”.",
            f"{self.path}, line {self.line}, column {column}: {en} is needed, not “{value}”.",
            file=str(self.path),
            line=self.line,
            column=column,
        )


def read_rows(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """The lines of a table that has exactly these columns, in any order; ``optional`` ones may be missing:
    they are empty then."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unreadable(path, f"> {MAX_BYTES} byte")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, str(error)) from error
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    cells = [_cells(path, n, line) for n, line in numbered]
    header = cells[0] if cells else []
    missing = [it for it in optional if it not in header]
    if sorted([*header, *missing]) != sorted([*columns, *optional]):
        raise DemoDataError(
            "table.columns",
            f"Tệp {path}, dòng {numbered[0][0] if numbered else 1}: cần đúng các cột {', '.join(columns)}.",
            f"{path}, line {numbered[0][0] if numbered else 1}: exactly the columns {', '.join(columns)} are needed.",
            file=str(path),
            line=numbered[0][0] if numbered else 1,
        )
    rows = []
    for (line, _), values in zip(numbered[1:], cells[1:], strict=True):
        if len(values) != len(header):
            raise DemoDataError(
                "table.cells",
                f"Tệp {path}, dòng {line}: có {len(values)} ô, cần {len(header)}; chữ có dấu phẩy phải để trong \"\".",
                f'{path}, line {line}: {len(values)} cells, {len(header)} are needed; put text with a comma in "".',
                file=str(path),
                line=line,
            )
        rows.append(Row(path, line, {**dict.fromkeys(missing, ""), **dict(zip(header, values, strict=True))}))
    return rows


def _cells(path: Path, line: int, text: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([text], strict=True))]
    except csv.Error as error:
        raise DemoDataError(
            "table.quotes",
            f"Tệp {path}, dòng {line}: dấu ngoặc kép không khớp ({error}); mỗi dòng một bản ghi.",
            f"{path}, line {line}: the quotes do not match ({error}); one record a line.",
            file=str(path),
            line=line,
        ) from error


def unique(rows: Iterable[Row], column: str, make: Callable[[Row], T]) -> tuple[T, ...]:
    """What ``make`` makes of the rows; a key that two lines share is refused."""
    seen: dict[str, int] = {}
    out = []
    for row in rows:
        key = row.values[column]
        if key in seen:
            raise row.wrong(column, f"tên chưa dùng ở dòng {seen[key]}", f"a name not used on line {seen[key]}")
        seen[key] = row.line
        out.append(make(row))
    return tuple(out)


def _unreadable(path: Path, why: str) -> DemoDataError:
    return DemoDataError(
        "table.unreadable",
        f"Tệp {path} không đọc được ({why}); cần tệp CSV mã UTF-8.",
        f"{path} cannot be read ({why}); a CSV file in UTF-8 is needed.",
        file=str(path),
    )
