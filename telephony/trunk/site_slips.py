"""What a slip of the keyboard in a site's text is: the parser's sentence in the words of who types, with the remedy.

Guarded here: no value is quoted, for it may be a password that was typed in the wrong place.
"""

from __future__ import annotations

import re

Told = tuple[str, str, str, str]  # what is wrong, what to write instead: vi, en, vi, en

QUOTES, BLANKS, MARK = "“”„‘’«»", "\u00a0\u2007\u202f\u200b\u3000", "\ufeff"
USUAL: Told = (
    "dòng này không đúng dạng TOML",
    "this line is not TOML",
    'mỗi dòng dạng khoá = "giá trị", mỗi phần mở đầu bằng [tên] hay [[tên]]',
    'lines of the form key = "value", each section begun by [name] or [[name]]',
)
_KEY = re.compile(r"\s*([A-Za-z0-9_.-]{1,60})\s*=\s*(.*)")
_COLON = re.compile(r"\s*([A-Za-z0-9_-]{1,60})\s*:")
_TWICE = re.compile(r"\('([A-Za-z0-9_-]{1,60})'")


def slip(text: str, said: str, line: int) -> Told:
    """`said`: tomllib's sentence; `line`: from 1."""
    lines = text.split("\n")
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    return _of_characters(here) or _of_sentence(text, here, said) or USUAL


def _of_characters(here: str) -> Told | None:
    """What nobody sees, or what a word processor makes of quotes."""
    bare = here.partition("#")[0]
    if MARK in here:
        return (
            "tệp mở đầu bằng dấu BOM mà mắt không thấy", "the file begins with an unseen BOM",
            "tệp này bằng UTF-8 không có BOM: lưu lại trong trình soạn thảo", "it as UTF-8 without BOM: save it so",
        )  # fmt: skip
    if any(it in bare for it in QUOTES):
        return (
            "có dấu nháy cong", "there are curly quotes",
            'dấu nháy thẳng: "…"', 'straight quotes: "…"',
        )  # fmt: skip
    name = bare.partition("=")[0]
    if not name.isascii() and not any(it in name for it in BLANKS + "\"'"):
        return (
            "tên khoá hay tên phần có dấu", "the name of a key or a section is not of plain letters",
            "tên khoá bằng tiếng Anh như trong tệp mẫu, ví dụ name", "the key as in the sample, such as name",
        )  # fmt: skip
    if any(it in bare for it in BLANKS):
        return (
            "có dấu cách lạ mà mắt không thấy (dán từ Word hay trang web)",
            "there is a blank of another kind, unseen (pasted from a document or a web page)",
            "lại dòng này bằng tay", "the line again by hand",
        )  # fmt: skip
    return None


def _of_sentence(text: str, here: str, said: str) -> Told | None:
    found = _KEY.match(here)
    key, value = (found[1], found[2]) if found else ("", "")
    if "Unclosed array" in said:
        return (
            "danh sách ở dòng này hay ngay trên thiếu dấu nháy, dấu phẩy hay ngoặc đóng",
            "the list on this line or just above lacks quotes, a comma or its closing bracket",
            '["giá trị", "giá trị"]', '["value", "value"]',
        )  # fmt: skip
    if re.match(r"\s*\[", here) and "declaration" in said:
        return (
            "tên phần chưa đóng ngoặc", "the name of the section is not closed",
            "[tên] hay [[tên]], một mình trên một dòng", "[name] or [[name]], alone on its line",
        )  # fmt: skip
    if "'\\'" in said or "hex value" in said:
        return (
            "có dấu \\ trong chữ", "there is a \\ in the text",
            f"{key or 'khoá'} = '…' với dấu nháy đơn, hay \\\\", f"{key or 'key'} = '…' in single quotes, or \\\\",
        )  # fmt: skip
    if "twice" in said and (name := _TWICE.search(said)):
        return (f"phần [{name[1]}] đã có ở trên", f"there is a section {name[1]} above already", *_once(text, name[1]))
    if "overwrite" in said:
        what_vi, what_en = (f"khoá “{key}”", f"the key {key!r}") if key else ("khoá hay phần này", "this")
        return (
            f"{what_vi} đã có trong mục này", f"{what_en} stands in this entry already",
            "một lần; mục khác thì mở bằng [[tên]] của nó", "it once; another entry begins with its [[name]]",
        )  # fmt: skip
    if "'='" in said and (colon := _COLON.match(here)):
        return (
            "dùng dấu hai chấm thay cho dấu bằng", "a colon stands in place of the equals sign",
            f'{colon[1]} = "giá trị"', f'{colon[1]} = "value"',
        )  # fmt: skip
    if "Unterminated" in said or 'Illegal character "\\n"' in said or "Illegal character '\\n'" in said:
        return (
            "thiếu dấu nháy đóng", "the closing quote is missing", f'{key or "khoá"} = "giá trị"',
            f'{key or "key"} = "value"',
        )  # fmt: skip
    if "after a statement" in said and re.match(r"0\d", value):
        return (
            "số không mở đầu bằng 0", "a number does not begin with 0",
            f'{key} = số không có 0 ở đầu, hay "…" nếu là số điện thoại',
            f'{key} = the number without it, or "…" for a telephone number',
        )  # fmt: skip
    if key and re.match(r"(?i)(yes|no|on|off|có|không|true|false)\b", value):
        return (
            "có hay không thì ghi bằng true, false", "yes and no are true and false",
            f"{key} = true hay {key} = false, chữ thường", f"{key} = true or {key} = false, in lower case",
        )  # fmt: skip
    if key and ("Invalid value" in said or "after a statement" in said):
        return (
            "giá trị thiếu dấu nháy hay viết sai", "the value lacks its quotes or is misspelt",
            f'{key} = "giá trị"; chỉ số, true và false không có dấu nháy',
            f'{key} = "value"; numbers, true and false alone have no quotes',
        )  # fmt: skip
    return None


def _once(text: str, name: str) -> tuple[str, str]:
    if f"[[{name}]]" in text:
        return f"[[{name}]] với hai dấu ngoặc để thêm một mục", f"[[{name}]] with two brackets for one more entry"
    return "các khoá này vào phần ở trên", "these keys into the section above"


# --- values of another kind -------------------------------------------------------------------------------------------

KINDS = {
    "int": ("số nguyên, không có dấu nháy", "a whole number, without quotes"),
    "float": ("số, không có dấu nháy", "a number, without quotes"),
    "int | float": ("số, không có dấu nháy", "a number, without quotes"),
    "bool": ("true hoặc false, không có dấu nháy", "true or false, without quotes"),
    "str": ("chữ trong dấu nháy", "a text in quotes"),
    "array": ("danh sách trong [ ]", "a list in [ ]"),
    "object": ("một phần có khoá", "a section of keys"),
}


def of_value(said: str) -> tuple[str, str]:
    """msgspec's sentence about one value, vi and en."""
    kind = re.match(r"[Ee]xpected `([^`]+)`(, got| of length| )?", said)
    limit = re.search(r"([<>]=?) (-?[\d.]+)$", said)
    if kind and kind[2] == ", got" and kind[1] in KINDS:
        vi, en = KINDS[kind[1]]
        return f"phải là {vi}", f"it must be {en}"
    if kind and limit and "of length" in said:
        long = limit[1].startswith("<")
        return ("dài quá", "it is too long") if long else ("ngắn quá hay để trống", "it is too short, or empty")
    if kind and limit:
        return ("lớn quá", "it is too large") if limit[1].startswith("<") else ("nhỏ quá", "it is too small")
    if chosen := re.match(r"[Ii]nvalid enum value '([^']{1,60})'", said):
        return f"không có lựa chọn “{chosen[1]}”", f"there is no choice {chosen[1]!r}"
    return "giá trị không đúng dạng", "the value is not of the right form"
