"""The help sheet's subjects, and under each its commands."""

from __future__ import annotations

from console_gui.command_line.parsing import BY_NAME, offered
from console_gui.command_line.verb import Verb
from console_gui.folding import fold
from dispatch_core.domain.vocabulary import Role

SUBJECTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("help.calls", ("a", "h", "giu", "tiep", "mic", "ch", "hoi", "noi", "ba", "ve", "moi", "roi", "im", "lichsu")),
    ("help.missed", ("gl", "xn")),
    ("help.texts", ("tn", "tn+", "tn=", "tn!", "tn-")),
    ("help.seat", ("pos", "pos-", "ready", "nghi", "tat", "al")),
    ("help.desks", ("nb", "doc", "dap", "bg", "bg+", "bg-")),
    ("help.leading", (
        "gs", "nhac", "chen", "thoi", "sl", "re", "re-", "cua", "dct", "dct-", "caodiem", "caodiem-", "qr", "qr-",
        "luu", "luu-", "chungcu",
    )),
    ("help.incident",
     ("#", "t", "p", "@", "@!", "@@", "@-", "toado", "n", "chuaghi", "take", "gop", "bogop", "khac", "xep", "tach", "x",
      "xx")),
    ("help.triage", ("th", "the")),
    ("help.units", (
        "dx", "d", "vi", "dolai", "cap", "st", "r", "kip", "leg", "leg-", "/",
    )),
    ("help.map", (
        "map", "tim", "bam", "do", "mo", "ghim", "oday", "ngam", "chan", "ngap", "thong", "duong", "tam", "lop",
        "chugiai",
    )),
    ("help.handshake", ("dn", "nhan", "tc", "kt", "dn-", "at")),
    ("help.places", ("dd", "dd-", "dd=", "bv", "giuong", "nn", "nn-")),
    ("help.recordings", ("nghe", "ngung", "nghe-", "lui")),
    ("help.cut_off", ("chogui", "gui", "bo", "in", "ghibu")),
    ("help.trunk", (
        "mang", "themmuc", "hoanlai", "bothaydoi", "xemtruoc", "xacnhan", "apdung", "daxem",
    )),
    ("help.trunk_runs", ("tralai", "doimk", "khoidong", "goithu", "thoiviec", "lsk", "dungsk")),
    ("help.layout", ("co", "ra", "bocuc", "man", "tuong", "theme", "lang")),
    ("help.system", ("alarm", "addpos", "den", "mc", "mc-", "?", "quit")),
)
"""The sheet's headings, and under each the first names of its commands."""


def by_subject(role: Role) -> list[tuple[str, list[Verb]]]:
    """What a person of this role may give, heading by heading."""
    own = set(offered(role))
    return [(key, [verb for name in names if (verb := BY_NAME[fold(name)]) in own]) for key, names in SUBJECTS]
