"""What a switch accepts in silence and then does not do: names in pjsip.conf behind which nothing stands, and
applications and functions of the dialplan that no loaded module has.

Guarded here: a mistake that shows only when somebody calls is told before.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

PJSIP, DIALPLAN = "pjsip.conf", "extensions.conf"
TYPES = {
    "global", "system", "transport", "endpoint", "aor", "auth", "identify", "registration", "contact", "domain_alias",
    "acl", "phoneprov", "resource_list", "inbound-publication", "outbound-publish", "asterisk-publication",
}  # fmt: skip
NAMES = (
    ("endpoint", "aors", "aor"),
    ("endpoint", "transport", "transport"),
    ("endpoint", "auth", "auth"),
    ("endpoint", "outbound_auth", "auth"),
    ("identify", "endpoint", "endpoint"),
    ("registration", "transport", "transport"),
    ("registration", "outbound_auth", "auth"),
    ("registration", "endpoint", "endpoint"),
)
"""Type, key, and the type of what its value names."""

_HEADER = re.compile(r"^\[([^\]]+)\]\s*(?:\(([^)]*)\))?")
_PAIR = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=>?\s*(.*?)\s*(?:(?<!\\);.*)?$")
_STEP = re.compile(r"^\s*(?:exten\s*=>?\s*[^,]+,\s*[^,]+,|same\s*=>?\s*[^,]+,)\s*([A-Za-z][A-Za-z0-9_]*)\s*\(", re.M)
_FUNCTION = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\(")
_LISTED = re.compile(r"^\s*([A-Za-z][A-Za-z0-9_]*)(?:\(.*?\)?)?\s*:?\s", re.M)


def is_address(text: str) -> bool:
    """With a port or a mask perhaps. A name is none: somebody would have to be asked for it."""
    bare = text.partition("/")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return False
    return True


@dataclass
class Section:
    name: str
    line: int
    template: bool = False
    pairs: list[tuple[str, str, int]] = field(default_factory=list)

    def kind(self) -> str:
        return next((value for key, value, _ in self.pairs if key == "type"), "")


def sections(text: str) -> list[Section]:
    """Of a configuration file, each with what it has from the sections that it is made after."""
    found: list[Section] = []
    by_name: dict[str, Section] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            options = [word.strip() for word in (header[2] or "").split(",") if word.strip()]
            section = Section(header[1], number, "!" in options)
            for like in options:
                if like in by_name:
                    section.pairs += by_name[like].pairs
            if "+" in options and header[1] in by_name:
                section = by_name[header[1]]
            else:
                found.append(section)
                by_name[header[1]] = section
            continue
        pair = _PAIR.match(line)
        if pair and found:
            found[-1].pairs.append((pair[1].lower(), pair[2], number))
    return found


def dangling(files: Mapping[str, str]) -> list[str]:
    """Lines such as a log has, about pjsip.conf alone."""
    real = [section for section in sections(files.get(PJSIP, "")) if not section.template]
    known: dict[str, set[str]] = {}
    for section in real:
        known.setdefault(section.kind(), set()).add(section.name)
    told = []
    for section in real:
        kind = section.kind()
        if kind not in TYPES:
            what = f"has the unknown type '{kind}'" if kind else "has no type, and is not read"
            told.append(f"CHECK {PJSIP}: section '{section.name}' at line {section.line} {what}")
        for of_type, key, named_type in NAMES:
            if of_type != kind:
                continue
            for value, line in ((value, line) for name, value, line in section.pairs if name == key):
                told += [
                    f"CHECK {PJSIP}: {kind} '{section.name}' names the {named_type} '{name}' at line {line}, "
                    f"which is not there"
                    for name in (part.strip() for part in value.split(","))
                    if name and name not in known.get(named_type, set())
                ]
        told += [
            f"CHECK {PJSIP}: {kind} '{section.name}' matches '{part.strip()}' at line {line}, which is no address"
            for key, value, line in section.pairs
            if key == "match"
            for part in value.split(",")
            if not is_address(part.strip()) and not re.search("[g-zG-Z]", part)
        ]
    if not known.get("transport"):
        told.append(f"CHECK {PJSIP}: there is no transport: nobody could call")
    return told


def unknown_in_dialplan(files: Mapping[str, str], applications: str, functions: str) -> list[str]:
    """`applications`, `functions`: what the switch lists; an empty list tells nothing."""
    text = files.get(DIALPLAN, "")
    told = []
    for what, used, listed in (
        ("application", _STEP.findall(text), applications),
        ("function", _FUNCTION.findall(text), functions),
    ):
        have = {name.lower() for name in _LISTED.findall(listed)}
        lacking = sorted({name for name in used if name.lower() not in have}) if have else []
        told += [f"CHECK {DIALPLAN}: no loaded module has the {what} {name}" for name in lacking]
    return told
