"""Every fault of a list at once: whoever mends a file of 2,000 lines mends it in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from gis.errors import DemoDataError, ListRefused
from gis.table import Row

SHOWN = 20

T = TypeVar("T")


def checked(path: Path, rows: Iterable[Row], key: str, make: Callable[[Row], T]) -> tuple[T, ...]:
    """What ``make`` makes of the rows, whole; raises ListRefused with each row that it refuses, and each key that two
    rows share."""
    faults: list[DemoDataError] = []
    seen: dict[str, int] = {}
    made = []
    for row in rows:
        name = row.values[key].casefold()
        if name and name in seen:
            faults.append(row.wrong(key, f"mã chưa dùng ở dòng {seen[name]}", f"a value not used on line {seen[name]}"))
            continue
        seen[name] = row.line
        try:
            made.append(make(row))
        except DemoDataError as fault:
            faults.append(fault)
    if not made and not faults:
        raise ListRefused("list.empty", f"Tệp {path} không có dòng nào.", f"{path} has no rows.", file=str(path))
    if faults:
        raise refused(path, faults)
    return tuple(made)


def refused(path: Path, faults: list[DemoDataError]) -> ListRefused:
    more = len(faults) - SHOWN
    vi = [fault.vi for fault in faults[:SHOWN]] + ([f"… và {more} lỗi nữa."] if more > 0 else [])
    en = [fault.en for fault in faults[:SHOWN]] + ([f"… and {more} more."] if more > 0 else [])
    head_vi = f"Tệp {path}: {len(faults)} lỗi, chưa nhập gì; danh sách đang dùng giữ nguyên."
    head_en = f"{path}: {len(faults)} faults, nothing was imported; the list in force stays."
    return ListRefused(
        "list.refused", "\n".join([head_vi, *vi]), "\n".join([head_en, *en]), file=str(path), faults=len(faults)
    )
