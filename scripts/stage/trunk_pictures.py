"""The telephony admin's workplace, each page in both languages by night and by day, on a small screen: health, the form
with a mistake, the difference, the notice of what was given back, history, events. Worked by its keys, at the running
core: the carrier that nobody answers at is applied, and comes back.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scripts.stage.consoles import Console
from scripts.stage.guide_pictures import look

if TYPE_CHECKING:
    from scripts.stage.screenshots import Pictures

SMALL, LARGE = (1366, 768), (1920, 1080)
LOOKS = tuple((language, theme) for language in ("vi", "en") for theme in ("dark", "light"))
SETTLED_S = 1.3
PLANNED_WITHIN_S = 60.0
BACK_WITHIN_S = 60.0
NAME = "gtel"


def trunk_scenes(pictures: Pictures, admin: Console) -> None:
    admin.size(*SMALL)
    _page(pictures, admin, "health", "mang suckhoe")
    _typed(admin)
    _page(pictures, admin, "form-error", "mang khaibao")
    _mended(admin, pictures.system.site.carrier_port)
    admin.key("F3")
    _until(admin, f"“{NAME}”", PLANNED_WITHIN_S)
    _page(pictures, admin, "diff", "mang thaydoi")
    admin.do(f"apdung {NAME} mở thêm đường dự phòng")
    _until(admin, "bản cũ đã tự trở về", BACK_WITHIN_S)
    _page(pictures, admin, "rolled-back", "mang thaydoi")
    admin.do("lang vi")
    admin.do("daxem")
    admin.do("bothaydoi")
    _page(pictures, admin, "history", "mang lichsu")
    _page(pictures, admin, "events", "mang sukien")
    admin.do("mang bang")
    admin.size(*LARGE)


def _page(pictures: Pictures, admin: Console, name: str, line: str) -> None:
    admin.do(line)
    for language, theme in LOOKS:
        look(admin, language, theme)
        admin.do(line)
        time.sleep(SETTLED_S)
        pictures.shot(admin, f"trunk-{name}-{language}-{theme}")
    look(admin, "vi", "dark")


def _typed(admin: Console) -> None:
    """A carrier in the form, with an address that is none, and one that needs its secret."""
    admin.do(f"themmuc nhamang {NAME}")
    _fill(admin, {"trunk_carriers_peers": "127.0.0", "trunk_carriers_capacity": "30", "trunk_carriers_auth": "digest"})
    time.sleep(SETTLED_S)


def _mended(admin: Console, near: int) -> None:
    """At a port where nobody answers."""
    port = near + 1 if near % 2 else near - 1
    admin.do("lang vi")
    admin.do("mang khaibao")
    admin.key("Return")
    _fill(admin, {"trunk_carriers_peers": f"127.0.0.1:{port}", "trunk_carriers_auth": "ip"})
    time.sleep(SETTLED_S)


def _fill(admin: Console, texts: dict[str, str]) -> None:
    """By Tab from field to field, each typed over."""
    left = dict(texts)
    for _ in range(40):
        name = admin.shown()["focus"]
        if name in left:
            admin.key("Ctrl+A")
            admin.write(left.pop(name))
        if not left:
            return
        admin.key("Tab")
    raise AssertionError(f"never reached: {', '.join(left)}")


def _until(admin: Console, said: str, seconds: float) -> None:
    admin.wait(lambda: any(said in it for it in admin.shown()["labels"]), seconds, said)
