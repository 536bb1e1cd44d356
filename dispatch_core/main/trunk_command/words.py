"""How `dispatch trunk` prints what the core answered: a line each, Vietnamese | English, colour on a terminal only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from dispatch_core.domain.vocabulary import Instant
from dispatch_core.wire.causes import CAUSES
from dispatch_core.wire.trunk import (
    CarrierHealth,
    ChangeShown,
    DriftShown,
    FileDiff,
    JobShown,
    JobState,
    Mistake,
    Planned,
    SecretShown,
    Step,
    TrunkShown,
    TrunkStatus,
)

RED, GREEN, CYAN, BOLD, PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[1m", "\x1b[0m"
COLOURS = (("+++", BOLD), ("---", BOLD), ("+", GREEN), ("-", RED), ("@@", CYAN))
MARKS = {True: "✓", False: "✗", None: "…"}

STATES = {
    JobState.RUNNING: ("đang làm", "running"),
    JobState.DONE: ("xong", "done"),
    JobState.REFUSED: ("bị từ chối, chưa động tới gì đang chạy", "refused, nothing running was touched"),
    JobState.ROLLED_BACK: ("không được, bản tốt gần nhất đã trở lại", "it failed, the last good state is back"),
    JobState.STOPPED: ("đã dừng theo lệnh, bản trước vẫn dùng", "stopped as asked, what was before is in force"),
    JobState.BROKEN: ("hỏng, cũng không trả lại được bản trước: xem ngay", "broken, also the way back: look at once"),
}
KINDS = {
    "apply": ("áp dụng", "apply"),
    "rollback": ("trả lại bản cũ", "rollback"),
    "secret": ("đổi mật khẩu", "secret"),
    "restart": ("khởi động lại", "restart"),
    "start": ("khởi động", "start"),
    "test_call": ("gọi thử", "test call"),
}
OUTCOMES = {
    "running": ("đang làm", "running"),
    "settling": ("sắp xong", "settling"),
    "done": ("xong", "done"),
    "refused": ("bị từ chối", "refused"),
    "rolled_back": ("bản cũ trở về", "rolled back"),
    "stopped": ("đã dừng", "stopped"),
    "broken": ("hỏng", "broken"),
}
DRIFTS = {
    "changed": ("bị sửa ngoài hệ thống", "changed by another hand"),
    "missing": ("không còn", "is gone"),
    "added": ("là tệp lạ", "is nobody's"),
}
SECRETS = {
    "good": ("dùng được", "good"),
    "missing": ("chưa có tệp", "no such file"),
    "bad": ("không dùng được", "cannot be used"),
}


def both(vi: str, en: str) -> str:
    return vi if vi == en else f"{vi} | {en}"


def say(vi: str, en: str) -> None:
    print(both(vi, en), flush=True)


def when(at: Instant) -> str:
    """In the time of this machine."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S") if at else "-"


def clock(at: Instant) -> str:
    local = datetime.fromtimestamp(at // 1000, UTC).astimezone()
    return f"{local:%H:%M:%S}.{at % 1000:03d}"


# --- mistakes and differences -----------------------------------------------------------------------------------------


def mistake(file: str, it: Mistake) -> str:
    """``site.toml:42: carriers.viettel.peers: what is wrong; what to write. [code]``"""
    where = f"{file}:{it.line}" if it.line else file
    key = f" {it.key}:" if it.key else ""
    vi = f"{it.vi}; hãy ghi {it.instead_vi}." if it.instead_vi else it.vi
    en = f"{it.en}; write {it.instead_en}." if it.instead_en else it.en
    return f"{where}:{key} {both(vi, en)} [{it.code}]"


def show_mistakes(file: str, mistakes: Iterable[Mistake]) -> None:
    found = list(mistakes)
    for it in found:
        print(mistake(file, it), file=sys.stderr)
    count = len(found)
    print(f"{count} lỗi | {count} {'mistake' if count == 1 else 'mistakes'}", file=sys.stderr, flush=True)


def coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def diff_lines(text: str, colour: bool) -> Iterator[str]:
    for line in text.splitlines():
        shade = next((it for start, it in COLOURS if line.startswith(start)), "")
        yield f"{shade}{line}{PLAIN}" if colour and shade else line


def show_diffs(site_diff: str, files: Iterable[FileDiff]) -> None:
    colour = coloured()
    for text in (site_diff, *(it.diff for it in files)):
        for line in diff_lines(text, colour):
            print(line)


def show_plan(plan: Planned) -> None:
    """What would change, and what it would mean."""
    show_diffs(plan.site_diff, plan.files)
    for vi, en in plan.summary:
        say(f"• {vi}", f"• {en}")
    if plan.calls_up:
        say(f"• {plan.calls_up} cuộc đang nói, sẽ giữ nguyên", f"• {plan.calls_up} calls are up and stay")
    for node in plan.restarts:
        say(
            f"• {node} phải khởi động lại mới có hiệu lực hết: dispatch trunk restart {node}",
            f"• {node} must be restarted before all of it counts: dispatch trunk restart {node}",
        )
    for vi, en in plan.later:
        say(f"• từ lần khởi động sau của máy chủ: {vi}", f"• from the core's next start: {en}")


# --- jobs -------------------------------------------------------------------------------------------------------------


def step_line(it: Step) -> str:
    took = f"{it.ms:>6} ms" if it.ms else " " * 9
    node = f" {it.node}:" if it.node else ""
    return f"{clock(it.at)} {took}  {MARKS[it.ok]}{node} {both(it.vi, it.en)}"


def end_line(job: JobShown) -> str:
    vi, en = STATES[job.state]
    if job.version and job.state is JobState.DONE:
        vi, en = f"{vi}, bản {job.version}", f"{en}, version {job.version}"
    if job.why_vi or job.why_en:
        vi, en = f"{vi}: {job.why_vi}", f"{en}: {job.why_en}"
    return both(vi, en)


# --- history and status -----------------------------------------------------------------------------------------------


def change_line(it: ChangeShown) -> str:
    mark = "*" if it.in_force else " "
    why = f"  {it.why}" if it.why else ""
    reason = f"  [{both(it.reason_vi, it.reason_en)}]" if it.reason_vi or it.reason_en else ""
    kind, outcome = both(*KINDS.get(it.kind, (it.kind,) * 2)), both(*OUTCOMES.get(it.outcome, (it.outcome,) * 2))
    return f"{mark}{it.version:>5}  {when(it.at)}  {it.by:<12} {kind:<24} {outcome:<26}{why}{reason}".rstrip()


def show_force(shown: TrunkShown) -> None:
    at, by = when(shown.applied_at), shown.applied_by or "-"
    say(f"bản {shown.version}, {by} áp dụng lúc {at}", f"version {shown.version}, applied by {by} at {at}")
    for drift in shown.drift:
        print(drift_line(drift))
        for line in diff_lines(drift.diff, coloured()):
            print(f"    {line}")
    for secret in shown.secrets:
        print(secret_line(secret))


def drift_line(it: DriftShown) -> str:
    vi, en = DRIFTS.get(it.how, (it.how, it.how))
    return f"✗ {it.node} {it.file}: {both(vi, en)}"


def secret_line(it: SecretShown) -> str:
    vi, en = SECRETS.get(it.state, (it.state, it.state))
    return f"{'✓' if it.state == 'good' else '✗'} {it.name} ({', '.join(it.used_by)}): {both(vi, en)}"


def health_line(it: CarrierHealth) -> str:
    known = [it.registered if it.registration else None, it.reachable]
    mark = "✗" if False in known else "✓" if True in known else "?"
    parts = [f"{it.in_use}/{it.capacity}" if it.capacity else str(it.in_use)]
    if it.round_trip_ms is not None:
        parts.append(f"{it.round_trip_ms:.0f} ms")
    if it.registration:
        parts.append(it.registration)
    if it.jitter_ms is not None:
        parts.append(f"{both('rung', 'jitter')} {it.jitter_ms:.1f} ms")
    if it.lost_percent is not None:
        parts.append(f"{both('mất', 'lost')} {it.lost_percent:.1f} %")
    if it.failed:
        told = ", ".join(f"{_cause(cause)} × {count}" for cause, count in sorted(it.failed.items()))
        parts.append(f"{both('hỏng', 'failed')}: {told}")
    return f"{mark} {it.carrier:<12} {it.node:<8} {'  '.join(parts)}"


def _cause(number: str) -> str:
    known = CAUSES.get(int(number)) if number.isdecimal() else None
    return f"{number} {both(known.vi, known.en)}" if known is not None else number


def show_status(status: TrunkStatus) -> None:
    for it in status.carriers:
        print(health_line(it))
    for vi, en, table in (
        ("tổng đài", "switches", status.nodes), ("hàng chờ", "queues", status.queues), ("máy", "phones", status.phones)
    ):  # fmt: skip
        if table:
            say(f"{vi}:", f"{en}:")
        for name, values in sorted(table.items()):
            print(f"  {name:<12} {'  '.join(f'{key}={_value(value)}' for key, value in values.items())}")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, dict):
        return ",".join(f"{key}:{_value(it)}" for key, it in value.items())
    if isinstance(value, list | tuple):
        return ",".join(_value(it) for it in value)
    return str(value)
