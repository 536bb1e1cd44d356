"""A zone file read into columns and geometries, whatever its format, and what is wrong with any of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis.errors import ZoneFileError

MAX_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Columns by name (one value a record) beside the geometries; ``crs`` is what the file says, None if
    nothing. ``encoding``: of its texts, where nothing but the file itself says so and it is not UTF-8.
    """

    columns: dict[str, list[Any]]
    geometries: list[Any]
    crs: str | None
    record_word: str  # what the format calls a record: "feature" counts from 0, "fid" is the row's own number
    records: list[int]
    encoding: str = ""


def broken(path: Path, why: str) -> ZoneFileError:
    return ZoneFileError(
        "zone_file.broken",
        f"Tệp {path} hỏng hoặc bị ghi dở ({why}); hãy chép hoặc xuất lại.",
        f"{path} is damaged or half written ({why}); copy or export it again.",
        file=str(path),
    )


def check_count(path: Path, count: int) -> None:
    if count > MAX_RECORDS:
        raise ZoneFileError(
            "zone_file.too_many",
            f"Tệp {path} có hơn {MAX_RECORDS} bản ghi; hãy chỉ xuất các địa bàn.",
            f"{path} has more than {MAX_RECORDS} records; export the zones alone.",
            file=str(path),
        )
