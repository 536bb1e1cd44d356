"""A candidate's text, and what it changes against the one in force: by section and entry, in words.

Pure but for nothing: texts in, values out; all of it may take a while and runs in the keeper's own thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from dispatch_core.ports.trunk_keeper import TrunkRefused
from dispatch_core.settings import TRUNK_TEXT_LIMIT
from dispatch_core.wire.trunk import Edit, Mistake
from telephony.trunk.site import Carrier, Site, SiteError, parse_site
from telephony.trunk.site_edit import edit
from telephony.trunk.site_lines import Path, line_of
from telephony.trunk.site_problems import problems
from telephony.trunk.site_sections import sections

LINES_MOST = 8_000
HEADS_MOST = 1_500
LINE_CHARACTERS = 4_000
KEY_PARTS = 8
"""Of a dotted key. What reads texts takes time by the square of it; no key of a site has more than three."""

EDITS_MOST = 100
NAMED_MOST = 40
"""Entries that a summary names one by one."""

Words = tuple[str, str]
"""(vi, en)"""

HOW: dict[str, Words] = {"added": ("thêm", "added"), "changed": ("sửa", "changed"), "removed": ("bỏ", "removed")}
SECTIONS: dict[str, Words] = {
    "carriers": ("nhà mạng", "carrier"),
    "numbers": ("số", "number"),
    "queues": ("hàng chờ", "queue"),
    "positions": ("bàn trực", "position"),
    "services": ("lực lượng", "service"),
    "partners": ("nơi chuyển tiếp", "partner"),
    "nodes": ("tổng đài", "node"),
    "announcements": ("lời báo", "announcement"),
}


@dataclass(frozen=True)
class Touched:
    """One entry of a section ("" for a section that is one), and how: added, changed, removed."""

    section: str
    entry: str
    how: str


def placed(text: str, site: Site, mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """The mistakes with their lines, where they name an entry's key and do not say on which line it stands."""
    names = {"carriers": [it.name for it in site.carriers], "positions": [it.id for it in site.positions]}
    found = []
    for it in mistakes:
        section, _, rest = it.key.partition(".")
        entry, _, key = rest.partition(".")
        if not it.line and entry in names.get(section, ()):
            path: Path = (section, names[section].index(entry), *key.split("."))
            it = msgspec.structs.replace(it, line=line_of(text, path))
        found.append(it)
    return tuple(found)


def within_limits(text: str) -> str:
    """Raises TrunkRefused for a text that nobody reads."""
    size = len(text.encode("utf-8", "surrogatepass"))
    heads = sum(line.lstrip()[:1] == "[" for line in text.split("\n"))
    if size > TRUNK_TEXT_LIMIT or text.count("\n") > LINES_MOST or heads > HEADS_MOST:
        raise TrunkRefused(
            "too_large",
            f"site.toml dài quá {TRUNK_TEXT_LIMIT // 1024} KiB, {LINES_MOST} dòng hoặc {HEADS_MOST} phần.",
            f"The site.toml has more than {TRUNK_TEXT_LIMIT // 1024} KiB, {LINES_MOST} lines or {HEADS_MOST} sections.",
        )
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_CHARACTERS or (line.partition("=")[0].count(".") >= KEY_PARTS and line.lstrip()[:1] != "#"):
            raise TrunkRefused(
                "too_large",
                f"Dòng {number} của site.toml dài quá {LINE_CHARACTERS} ký tự, hoặc khoá có quá {KEY_PARTS} phần.",
                f"Line {number} of the site.toml is over {LINE_CHARACTERS} characters long, or its key has over "
                f"{KEY_PARTS} parts.",
            )
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise TrunkRefused("malformed", "site.toml phải là văn bản UTF-8.", "The site.toml must be UTF-8 text.")
    return text


def edited(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[Mistake, ...]]:
    """The text with the edits made in order; with a mistake, as far as they could be."""
    if len(edits) > EDITS_MOST:
        raise TrunkRefused(
            "too_many", f"Quá {EDITS_MOST} chỗ sửa một lần.", f"More than {EDITS_MOST} edits at a time."
        )
    for one in edits:
        try:
            text = within_limits(edit(text, one.section, one.entry, one.key, one.value))
        except SiteError as problem:
            return text, (mistake(problem, ".".join(it for it in (one.section, one.entry, one.key) if it)),)
        except RecursionError:
            return text, (nested(),)
    return text, ()


def mistakes_of(text: str) -> tuple[Mistake, ...]:
    """All mistakes of a text, () for one that can be used."""
    try:
        return tuple(msgspec.convert(msgspec.to_builtins(it), Mistake) for it in problems(text))
    except RecursionError:
        return (nested(),)


def mistake(problem: SiteError, key: str = "") -> Mistake:
    details: dict[str, Any] = problem.details
    return Mistake(
        code=problem.code, key=key or str(details.get("key", "")), line=int(details.get("line", 0)), vi=problem.vi,
        en=problem.en, instead_vi="", instead_en="",
    )  # fmt: skip


def nested() -> Mistake:
    return Mistake(
        code="site.not-toml", key="", line=0, vi="các giá trị lồng nhau quá sâu", en="values are nested too deeply",
        instead_vi="giá trị đơn giản", instead_en="plain values",
    )  # fmt: skip


def site_of(text: str) -> Site:
    """Of a text without mistakes."""
    return parse_site(text)


def touched(before: Site, after: Site) -> tuple[Touched, ...]:
    """Every entry that differs, in the order of the description."""
    found: list[Touched] = []
    for name in Site.__struct_fields__:
        was, now = getattr(before, name), getattr(after, name)
        if was == now:
            continue
        about = sections(Site).get(name)
        if about is None or not about.named_by:
            found.append(Touched(name, "", "changed"))
            continue
        old = {str(getattr(it, about.named_by)): it for it in was}
        new = {str(getattr(it, about.named_by)): it for it in now}
        found += [Touched(name, it, "removed") for it in old if it not in new]
        found += [
            Touched(name, it, "changed" if it in old else "added") for it in new if old.get(it) != new[it]
        ]
        if not any(it.section == name for it in found):
            found.append(Touched(name, "", "changed"))  # another order
    return tuple(found)


def confirm_word(changes: Sequence[Touched], site: Site) -> str:
    """What must be typed: the name of the one carrier, else of the one section, else of the site."""
    carriers = {it.entry for it in changes if it.section == "carriers" and it.entry}
    if len(carriers) == 1 and all(it.section == "carriers" for it in changes):
        return carriers.pop()
    named = {it.section for it in changes}
    return named.pop() if len(named) == 1 else site.site.name


def summary(changes: Sequence[Touched]) -> tuple[Words, ...]:
    if not changes:
        return (("Chỉ ghi chú trong site.toml khác", "Only comments of site.toml differ"),)
    lines: list[Words] = []
    for it in changes[:NAMED_MOST]:
        vi, en = SECTIONS.get(it.section, (it.section, it.section))
        how_vi, how_en = HOW[it.how]
        entry = f" {it.entry}" if it.entry else ""
        lines.append((f"{how_vi} {vi}{entry}", f"{en}{entry} {how_en}"))
    if len(changes) > NAMED_MOST:
        more = len(changes) - NAMED_MOST
        lines.append((f"và {more} chỗ khác", f"and {more} more"))
    return tuple(lines)


def to_prove(before: Site, after: Site, anew: Sequence[str] = ()) -> tuple[Carrier, ...]:
    """The carriers that must answer after the change: those in use that are new or other than before, or that have a
    new secret (``anew``)."""
    known = {it.name: it for it in before.carriers}
    return tuple(it for it in after.carriers if it.enabled and (known.get(it.name) != it or it.name in anew))


def later(before: Site, after: Site) -> tuple[Words, ...]:
    """What a running core does not take anew."""
    said: list[Words] = []
    if before.node_names != after.node_names:
        said.append(
            (
                "Danh sách tổng đài: sửa cả [[nodes]] của dispatch.toml rồi khởi động lại máy chủ",
                "The list of nodes: change [[nodes]] of dispatch.toml too and restart the core",
            )
        )
    if any(before.at(it).ports.ami != after.at(it).ports.ami for it in after.node_names if it in before.node_names):
        said.append(
            (
                "Cổng AMI: sửa cả port của [[nodes]] trong dispatch.toml rồi khởi động lại máy chủ",
                "The AMI port: change port of [[nodes]] in dispatch.toml too and restart the core",
            )
        )
    if before.locations.listen != after.locations.listen:
        said.append(
            (
                "locations.listen: máy chủ nghe ở địa chỉ mới từ lần khởi động sau",
                "locations.listen: the core listens at the new address from its next start",
            )
        )
    if {it.code for it in before.services} != {it.code for it in after.services}:
        said.append(
            (
                "Lực lượng: loại sự cố, địa bàn và thời gian đến được đọc lại ở lần khởi động sau của máy chủ",
                "Services: types of incidents, zones and reaches are read anew at the core's next start",
            )
        )
    if before.site.timezone != after.site.timezone:
        said.append(
            (
                "Múi giờ: thời gian đi đường đổi theo từ lần khởi động sau của máy chủ",
                "The time zone: travel times follow it from the core's next start",
            )
        )
    return tuple(said)
