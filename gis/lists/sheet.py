"""The lines of a CSV file as spreadsheets write them: with a byte-order mark, ``;`` or tabs, empty columns, UTF-16.

Nothing is guessed about a value here; a file that is no text at all, or an Excel workbook, is said to be so.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from gis.errors import ListFileError
from gis.table import MAX_BYTES, Row

ROWS_MOST = 100_000
DELIMITERS = ",;\t"
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

ALSO = {
    "id": ("mã", "ma", "code"),
    "call_sign": ("hô hiệu", "callsign"),
    "name": ("tên", "ten"),
    "lat": ("vĩ độ", "vi do", "latitude"),
    "lon": ("kinh độ", "kinh do", "longitude", "lng", "long"),
    "service": ("lực lượng", "luc luong"),
    "station": ("trạm", "tram"),
    "kind": ("loại", "loai"),
    "text": ("nội dung", "noi dung"),
    "radius_m": ("bán kính", "ban kinh", "radius"),
}
"""How people head the columns otherwise."""

_NAMES = {other: name for name, others in ALSO.items() for other in others}


def read_sheet(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """The rows with these columns, in any order; ``optional`` ones may be missing and are empty then. Raises
    ListFileError naming file and line."""
    lines = _text(path).splitlines()
    if lines and lines[0].casefold().replace(" ", "").startswith("sep="):
        lines[0] = ""
    lines = _without_remarks(lines)
    heading = next((number for number, line in enumerate(lines) if line.strip(f" {DELIMITERS}")), None)
    if heading is None:
        raise _file(path, "tệp trống; cần dòng tiêu đề và dữ liệu", "it is empty; a heading and rows are needed")
    delimiter = max(DELIMITERS, key=lines[heading].count)
    rows: list[Row] = []
    names: list[str] = []
    for line, cells in _cells(path, lines, delimiter):
        if not any(cells):
            continue
        if not names:
            names = _heading(path, line, cells, columns, optional)
            continue
        if len(rows) >= ROWS_MOST:
            raise _file(path, f"quá {ROWS_MOST} dòng; hãy chia tệp", f"more than {ROWS_MOST} rows; split the file")
        rows.append(Row(path, line, _values(path, line, names, cells, optional)))
    return rows


def _without_remarks(lines: list[str]) -> list[str]:
    """Lines that begin with # are remarks, but not within a quoted cell."""
    kept, quoted = [], False
    for line in lines:
        remark = line.startswith("#") and not quoted
        quoted ^= line.count('"') % 2 == 1 and not remark
        kept.append("" if remark else line)
    return kept


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _file(path, f"tệp lớn hơn {MAX_BYTES} byte", f"it is larger than {MAX_BYTES} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise _file(path, f"không đọc được: {error.strerror}", f"it cannot be read: {error.strerror}") from error
    if data.startswith((_ZIP, _OLD_EXCEL)):
        raise _file(
            path,
            "đây là bảng tính Excel; trong Excel chọn Lưu dưới dạng, “CSV UTF-8”",
            "this is an Excel workbook; in Excel choose Save as, “CSV UTF-8”",
        )
    coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _file(
            path,
            f"dòng {line} không phải UTF-8 nên chữ Việt sẽ hỏng; trong Excel lưu lại kiểu “CSV UTF-8”",
            f"line {line} is not UTF-8, Vietnamese letters would be lost; save it as “CSV UTF-8”",
        ) from error
    if "\0" in text:
        raise _file(path, "đây không phải tệp chữ; cần CSV UTF-8", "this is no text; a CSV file in UTF-8 is needed")
    return text


def _cells(path: Path, lines: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO("\n".join(lines) + "\n"), delimiter=delimiter, strict=True)
    found = []
    begins = 1
    try:
        for cells in reader:
            tidy = [unicodedata.normalize("NFC", cell.replace("\u00a0", " ")).strip() for cell in cells]
            found.append((begins, tidy))
            begins = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            most = csv.field_size_limit()
            long_en = f"line {begins}: a cell has more than {most} characters"
            raise _file(path, f"dòng {begins}: một ô dài hơn {most} ký tự", long_en) from error
        raise _file(
            path,
            f"dòng {begins}: dấu ngoặc kép không khớp ({error}); chữ có “{delimiter}” hay \" phải để trong \"…\"",
            f'line {begins}: the quotes do not match ({error}); put text with “{delimiter}” or " in "…"',
        ) from error
    return found


def _heading(
    path: Path, line: int, cells: list[str], columns: Sequence[str], optional: Sequence[str]
) -> list[str]:
    names = [_NAMES.get(cell.casefold(), cell.casefold()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = (*columns, *optional)
    missing = [name for name in columns if name not in names]
    strange = [name for name in names if name not in known]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not (missing or strange or twice):
        return names
    vi, en = [], []
    if missing:
        vi.append(f"thiếu cột {', '.join(missing)}")
        en.append(f"missing: {', '.join(missing)}")
    if strange:
        vi.append(f"cột lạ {', '.join(strange)}")
        en.append(f"not known: {', '.join(strange)}")
    if twice:
        vi.append(f"cột có hai lần {', '.join(twice)}")
        en.append(f"there twice: {', '.join(twice)}")
    may_vi = f"; có thể thêm {', '.join(optional)}" if optional else ""
    may_en = f"; {', '.join(optional)} may be added" if optional else ""
    raise _file(
        path,
        f"dòng {line}, tiêu đề: {'; '.join(vi)}. Cần các cột {', '.join(columns)}{may_vi}",
        f"line {line}, heading: {'; '.join(en)}. The columns are {', '.join(columns)}{may_en}",
    )


def _values(path: Path, line: int, names: list[str], cells: list[str], optional: Sequence[str]) -> dict[str, str]:
    while len(cells) > len(names) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != len(names):
        raise _file(
            path,
            f"dòng {line}: có {len(cells)} ô, cần {len(names)}; chữ có dấu phân cách phải để trong \"…\"",
            f'line {line}: {len(cells)} cells, {len(names)} are needed; put text with a separator in "…"',
        )
    return {**dict.fromkeys(optional, ""), **dict(zip(names, cells, strict=True))}


def _file(path: Path, vi: str, en: str) -> ListFileError:
    return ListFileError("list.file", f"Tệp {path}: {vi}.", f"{path}: {en}.", file=str(path))
