"""The words around an address that are no part of its name, folded: they lead to it, join it or say what it is."""

from __future__ import annotations

NEAR = (
    "doi dien voi", "doi dien", "gan sat", "gan", "ke ben", "sat ben", "ben canh", "sat vach", "phia sau", "phia truoc",
    "truoc cong", "truoc cua", "truoc nha", "truoc mat", "truoc", "sau lung", "dang sau", "sau", "canh ben", "canh",
    "cach",
    "xeo xeo", "xeo", "qua khoi", "khoi", "chua toi", "toi", "dau", "cuoi", "giua", "trong", "tren", "duoi",
    "o ngay", "ngay",
    "tai", "khu vuc", "doan", "chan", "ben hong", "hong", "ben kia duong", "ben kia", "doi dien ben",
    "xich qua", "ngang",
    "gan ngay", "ke", "khuc", "ngay cho", "ngay doan", "ngay khuc",
    "near", "next to", "opposite", "behind", "in front of", "across from", "beside",
)  # fmt: skip
AT = (
    "dia chi la", "dia chi o", "dia chi", "toi dang o", "toi o", "em dang o", "em o", "minh o", "con o", "chau o",
    "nha toi o", "nha em o", "cho toi hoi", "cho hoi", "day la", "o tai", "o", "so nha", "nha so", "can nha so",
    "can nha",
    "can so", "so", "in", "at", "no",
)  # fmt: skip
ENDS = (
    "nha", "nhe", "nghe", "a", "ah", "di", "anh oi", "chi oi", "em oi", "giup toi", "giup em", "giup", "voi", "cu",
    "nay",
    "do", "luon", "ha",
)  # fmt: skip

# Words of NEAR that are syllables of names too: the marks that make them what they are, and whether to trust them
# without marks in a text that has some.
NEAR_MARKS: dict[str, tuple[str, bool]] = {
    "gan": ("\u0300\u0302", True), "truoc": ("\u031b\u0301", True), "tren": ("\u0302", True),
    "sau": ("", False), "toi": ("\u031b\u0301", False), "dau": ("đ\u0302\u0300", False), "canh": ("\u0323", False),
    "cach": ("\u0301", False), "tai": ("\u0323", False), "doan": ("đ\u0323", False), "chan": ("\u0302", False),
    "trong": ("", False), "hong": ("\u0302", False), "khoi": ("\u0309", False), "xeo": ("\u0301", False),
    "giua": ("\u031b\u0303", True), "cuoi": ("\u0302\u0301", True), "duoi": ("\u031b\u0301", True), "ngay": ("", True),
}  # fmt: skip

ALLEYS = ("hem", "ngach", "ngo", "kiet", "hxh", "alley")
ALLEYS_IN_NAMES = ("ngo", "kiet")  # Ngô Tất Tố, Võ Văn Kiệt
HOUSE_WORDS = ("so", "nha", "no")
ALLEY_FILLERS = ("so", "xe", "hoi", "cut", "nho")  # hẻm số 318, hẻm xe hơi 69
LEADS = ("giao lo", "goc duong", "goc", "ngatu", "ngaba", "giao", "den do", "den xanh den do", "corner of", "corner",
         "intersection of", "junction of", "cho", "doan", "khuc", "dau duong", "cuoi duong")  # fmt: skip
"""Before the two streets of a crossing, besides «ngã tư»."""
WEAK_LEADS = ("cho", "doan", "khuc", "dau", "cuoi")  # only where another word parts the two streets
ASIDES = ("gan", "doi dien", "ke ben", "sat ben", "ben canh", "sau lung", "canh", "ben hong", "truoc cong", "truoc mat",
          "phia sau", "phia truoc", "dang sau", "xeo", "near", "opposite", "next to", "behind")  # fmt: skip
SLASHES = frozenset(("xet", "xuyet", "xec", "set", "sec", "suyet", "xiet", "xoet", "xuyec", "xac", "gach", "tren", "/"))
DETAILS = (
    "tang", "lau", "phong", "can ho", "can", "block", "khu pho", "kp", "to dan pho", "to", "ap", "tret", "room",
    "floor",
)  # fmt: skip

BLOCKS = ("chung cu", "toa nha", "cao oc", "can ho", "khu can ho", "cc", "tower", "building", "thap", "block", "lo")

WARD_NUMBER = ("p", "f", "ph", "phuong", "phg", "ward", "w", "fuong", "phuog")
WARD_NAMED = ("phuong", "xa", "p", "ph", "x", "phg", "ward", "f")
DISTRICT_NUMBER = ("q", "quan", "district", "dist", "qan")
DISTRICT_NAMED = ("quan", "huyen", "q", "h", "tp", "tx", "district", "qan")

DISTRICT_BEHIND = ("district", "dist", "dis")

SYLLABLES = frozenset((
    "thuong", "truong", "chuong", "huong", "vuong", "khuong", "luong", "tuong", "cuong", "duong", "phong",
    "phuong", "quang", "tuan", "luan", "xuan", "huan", "thuan", "khoan", "loan", "hoan", "doan", "toan", "quyen",
    "quoc", "quan", "huynh", "tuyen", "uyen", "nguyen", "luyen", "duyen", "huyen", "suong",
))  # fmt: skip
"""Of names: «Thương 15» is no ward and «Quang 5» no district with a slip of the hand."""

CITY = (
    ("thanh", "pho", "ho", "chi", "minh"), ("tp", "ho", "chi", "minh"), ("thanh", "pho", "hcm"), ("tp", "hcm"),
    ("tphcm",), ("hcmc",), ("ho", "chi", "minh", "city"), ("tp", "sai", "gon"), ("thanh", "pho", "sai", "gon"),
)  # fmt: skip
LOOSE_CITY = (("viet", "nam"), ("vn",), ("vietnam",), ("ho", "chi", "minh"), ("hcm",), ("sai", "gon"), ("sg",))
"""The city without its title: only last, after a comma. The country stands behind it."""

ARMS = frozenset(("ba", "tu", "nam", "sau", "bay", "3", "4", "5", "6", "7"))
BETWEEN = (
    ("doan", "cat"), ("doan", "giao"), ("khuc", "giao"), ("cho", "giao"), ("cat", "voi"), ("and",),
    ("giao", "lo", "voi"), ("giao", "nhau", "voi"), ("giao", "voi"), ("giao", "lo"), ("giao", "cat"), ("giao",),
    ("cat", "ngang"), ("cat",), ("goc",), ("va",), ("voi",), ("gap",), ("dung",), ("x",),
)  # fmt: skip
"""Between the two streets of a crossing."""
