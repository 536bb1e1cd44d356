"""Where what was learned is kept: one file beside the versions of the map, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from gis.errors import LearnedError
from gis.travel.learning import FACTOR_LEAST, FACTOR_MOST, HOURS, Learned

FILE = "learned_speeds.json"


def read_learned(folder: Path) -> Learned:
    """What is kept in the folder, nothing where there is no file. Raises LearnedError for one that cannot be used."""
    file = folder / FILE
    try:
        learned = msgspec.json.decode(file.read_bytes(), type=Learned)
    except FileNotFoundError:
        return Learned()
    except (OSError, msgspec.MsgspecError) as problem:
        raise _unusable(file, str(problem)) from None
    for period in learned.periods:
        within = all(FACTOR_LEAST <= it <= FACTOR_MOST for it in period.factors)
        if len(period.factors) != HOURS or len(period.runs) != HOURS or not within:
            raise _unusable(file, f"{HOURS} factors from {FACTOR_LEAST} to {FACTOR_MOST} are needed")
    return learned


def write_learned(folder: Path, learned: Learned) -> None:
    """Raises LearnedError where the folder takes no file: a full disk, another's folder."""
    file = folder / FILE
    new = file.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as opened:
            opened.write(msgspec.json.format(msgspec.json.encode(learned), indent=1))
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(file)
    except OSError as problem:
        raise LearnedError(
            "learned_speeds_write",
            f"Không ghi được tệp tốc độ đã học {file} ({problem}).",
            f"The learned speeds {file} cannot be written ({problem}).",
            file=str(file),
        ) from None


def _unusable(file: Path, why: str) -> LearnedError:
    return LearnedError(
        "learned_speeds",
        f"Không dùng được tệp tốc độ đã học {file} ({why}); hãy xóa tệp rồi chạy “dispatch speeds learn”.",
        f"The learned speeds {file} cannot be used ({why}); remove the file, then run “dispatch speeds learn”.",
        file=str(file),
    )
