"""What a running Asterisk does not take by a reload: found by comparing two renderings, before anything is applied.

Established with the real thing (tests/system/test_voice_reloading.py): a transport that is there keeps its address,
protocol and certificates' file names; one that is taken out keeps its port; modules stay as they were loaded; the
machine's own settings are read at the start alone. New transports, RTP's ports, logs, queues, the dialplan and every
endpoint are taken.
"""

from __future__ import annotations

from collections.abc import Mapping

Reason = tuple[str, str]
"""In Vietnamese, in English."""

_AT_START = {
    "modules.conf": ("các mô-đun được nạp", "the modules that are loaded"),
    "asterisk.conf": ("thiết lập của chính Asterisk (asterisk.conf)", "Asterisk's own settings (asterisk.conf)"),
}
_KEPT_TYPES = ("transport", "system")


def reload_ignored(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Reason, ...]:
    """Why the node must be restarted after the change from these files to those; empty where a reload is enough.

    A file that is missing in ``after`` is not changed.
    """
    other = (name for name in _AT_START if name in after and _lines(before.get(name, "")) != _lines(after[name]))
    reasons = [_AT_START[name] for name in other]
    if "pjsip.conf" in after:
        reasons += _of_pjsip(_sections(before.get("pjsip.conf", "")), _sections(after["pjsip.conf"]))
    return tuple(reasons)


def _of_pjsip(old: Mapping[tuple[str, str], list[str]], new: Mapping[tuple[str, str], list[str]]) -> list[Reason]:
    reasons: list[Reason] = []
    for (kind, name), lines in old.items():
        now = new.get((kind, name))
        if now == lines:
            continue
        if kind == "system":
            reasons.append(("thời gian của tầng SIP", "the timing of the SIP stack"))
        elif now is None:
            reasons.append((f"đường {name} bị bỏ vẫn giữ cổng", f"the transport {name}, taken out, keeps its port"))
        else:
            reasons.append(
                (f"địa chỉ hoặc chứng thư của đường {name}", f"address or certificate of the transport {name}")
            )
    return reasons


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith(";")]


def _sections(text: str) -> dict[tuple[str, str], list[str]]:
    """By type and name; of the types that a reload does not take, for several sections may share a name."""
    found: dict[tuple[str, str], list[str]] = {}
    name, lines = "", []
    for line in [*_lines(text), "[]"]:
        if not line.startswith("["):
            lines.append(line)
            continue
        kind = next((it.partition("=")[2].strip() for it in lines if it.partition("=")[0].strip() == "type"), "")
        if kind in _KEPT_TYPES:
            found[kind, name] = sorted(lines)
        name, lines = line.strip("[]"), []
    return found
