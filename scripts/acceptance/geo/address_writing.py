"""How people write what they mean: without diacritics, in raw Telex, with typing errors, in capitals, with Ð for Đ."""

from __future__ import annotations

import unicodedata
from random import Random

TITLES = ("Bệnh viện", "Chợ", "Trường THPT", "Trường THCS", "Trường Tiểu học", "Trường", "Khách sạn", "Nhà thờ",
          "Chùa", "Đình", "Bảo tàng", "Công viên", "Tòa nhà", "Toà nhà", "Chung cư", "Cao ốc", "Nhà hàng", "Ga",
          "Trạm xe bus", "Bến xe", "Cầu", "Sân vận động", "Nhà hát", "Thư viện", "Đại học", "Ngân hàng", "UBND",
          "Công an", "Siêu thị", "Nhà Văn hóa", "Trung tâm", "Viện", "Tổng Lãnh sự quán", "Sở")  # fmt: skip
SHORT = {"Bệnh viện": "BV", "Khách sạn": "KS", "Chung cư": "CC", "Công viên": "CV", "Trường THPT": "THPT",
         "Trường THCS": "THCS", "Đại học": "ĐH", "Ngân hàng": "NH", "Nhà hàng": "NH", "Nhà thờ": "NT"}  # fmt: skip

_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHAPES = {"\u0302": None, "\u0306": "w", "\u031b": "w"}  # the hat doubles its letter
_BESIDE = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        ("wa", "qes", "wrd", "etf", "ryg", "tuh", "yij", "uok", "ipl", "ol", "qsz", "awdx", "sefc", "drgv", "fthb",
         "gyjn", "hukm", "jil", "kop", "asx", "zsdc", "xdfv", "cfgb", "vghn", "bhjm", "njk"),
        strict=True,
    )
)  # fmt: skip


def bare(text: str) -> str:
    """Without diacritics, capitals kept."""
    text = text.replace("Đ", "D").replace("đ", "d").replace("Ð", "D")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def telex(text: str, rng: Random) -> str:
    """Keys of Telex with the input method off: shapes beside their letter or at the word's end, tones at its end."""
    return " ".join(_telex_word(word, rng.random() < 0.3) for word in text.split())


def _telex_word(word: str, late: bool) -> str:
    out, tone, end = "", "", ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in "đĐÐ":
            out += "dd" if letter == "đ" else "Dd"
        elif letter in _TONES:
            tone = _TONES[letter]
        elif letter in _SHAPES:
            key = _SHAPES[letter] or out[-1].lower()
            if late and key != "w":
                end = end if end else key
            elif key == "w" and out[-2:].lower() == "uw":
                out += "w"
            else:
                out += key
        else:
            out += letter
    bared, tail = out, ""
    while bared and not bared[-1].isalnum():
        bared, tail = bared[:-1], bared[-1] + tail
    return bared + end + tone + tail


def mistyped(text: str, errors: int, rng: Random) -> str:
    """``errors`` slips of the hand in different words of four letters or more; numbers are never touched."""
    words = text.split()
    long = [i for i, word in enumerate(words) if len(word.strip(",.")) >= 4 and word.strip(",.").isalpha()]
    rng.shuffle(long)
    chosen = (long * errors)[:errors]
    for i in chosen:
        words[i] = _slip(words[i], rng)
    return " ".join(words) if chosen else ""


def _slip(word: str, rng: Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("beside", "missing", "doubled", "swapped"))
    if kind == "beside":
        near = _BESIDE.get(bare(word[at]).lower(), "x")
        return word[:at] + rng.choice(near) + word[at + 1 :]
    if kind == "missing":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
