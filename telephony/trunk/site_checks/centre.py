"""Checks of where calls go: partners, overflow steps, announcements, recording rules, and names that mean something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from telephony.trunk.site_centre import DAY_S, EVERYBODY, OverflowStep, RecordingRule
from telephony.trunk.site_checks.common import repeated
from telephony.trunk.site_errors import Path, Problem

if TYPE_CHECKING:
    from telephony.trunk.site import Site

RESERVED = ("all", EVERYBODY)


def reserved_names(site: Site) -> Iterator[Problem]:
    """No service is called as the queue of everybody is."""
    for at, service in enumerate(site.services):
        if service.code in RESERVED:
            yield Problem(
                "site.reserved-name",
                ("services", at, "code"),
                f"“{service.code}” đã có nghĩa riêng: mọi bàn trực",
                f"{service.code!r} has a meaning of its own: every position",
                "một mã khác",
                "another code",
            )


def partners(site: Site) -> Iterator[Problem]:
    """Each partner is somebody else, reached through a carrier that there is."""
    yield from repeated([(("partners", at, "code"), it.code) for at, it in enumerate(site.partners)], "mã", "code")
    yield from repeated([(("partners", at, "dial"), it.dial) for at, it in enumerate(site.partners)], "số", "number")
    own = {number.dial for number in site.numbers}
    names = {position.id.lower() for position in site.positions} | {service.code for service in site.services}
    for at, partner in enumerate(site.partners):
        for key, value in (("code", partner.code), ("dial", partner.dial)):
            if value in own or (key == "code" and value in names):
                yield Problem(
                    "site.partner-is-ours",
                    ("partners", at, key),
                    f"“{value}” đã là của trung tâm này",
                    f"{value!r} is this centre's own already",
                    "một mã hoặc số của nơi khác, không trùng đầu số, lực lượng hay bàn trực",
                    "a code or a number of somebody else, not that of a number, a service or a position here",
                )
        yield from _carrier(site, ("partners", at, "carrier"), partner.carrier, enabled=True)


def _carrier(site: Site, path: Path, name: str, *, enabled: bool) -> Iterator[Problem]:
    known = [carrier.name for carrier in site.carriers if carrier.enabled or not enabled]
    if name and name not in known:
        off = any(carrier.name == name for carrier in site.carriers)
        yield Problem(
            "site.dangling-carrier",
            path,
            f"nhà mạng “{name}” đang tắt" if off else f"không có nhà mạng nào tên “{name}”",
            f"carrier {name!r} is not enabled" if off else f"there is no carrier {name!r}",
            f"một trong: {', '.join(known)}",
            f"one of: {', '.join(known)}",
        )


def announcements(site: Site) -> Iterator[Problem]:
    """No two of a name, and every one that is named is there."""
    codes = [it.code for it in site.announcements]
    yield from repeated([(("announcements", at, "code"), it) for at, it in enumerate(codes)], "mã", "code")
    for place, step in _steps(site):
        if step.announcement and step.announcement not in codes:
            yield Problem(
                "site.dangling-announcement",
                (*place, "announcement"),
                f"không có lời báo nào tên “{step.announcement}”",
                f"there is no announcement {step.announcement!r}",
                f"một trong: {', '.join(codes)}" if codes else "một phần [[announcements]] với mã này trước",
                f"one of: {', '.join(codes)}" if codes else "an [[announcements]] section with this code first",
            )


def _steps(site: Site) -> Iterator[tuple[Path, OverflowStep]]:
    for at, queue in enumerate(site.queues):
        for number, step in enumerate(queue.steps):
            yield ("queues", at, "steps", number), step


def steps(site: Site) -> Iterator[Problem]:
    """A step calls somebody who is there, is due before everybody is called, and is not hidden by one before it."""
    known = [service.code for service in site.services]
    for at, queue in enumerate(site.queues):
        for number, step in enumerate(queue.steps):
            place: Path = ("queues", at, "steps", number)
            for code in step.to:
                if code not in (*known, EVERYBODY):
                    yield Problem(
                        "site.dangling-service",
                        (*place, "to"),
                        f"không có lực lượng nào tên “{code}”",
                        f"there is no service {code!r}",
                        f"một trong: {', '.join((*known, EVERYBODY))}",
                        f"one of: {', '.join((*known, EVERYBODY))}",
                    )
            yield from repeated([((*place, "to"), code) for code in step.to], "lực lượng", "service")
            before = queue.steps[:number]
            if problem := _unreachable(place, step, before, queue.overflow_after):
                yield problem
            elif set(step.to) <= {queue.service}:
                yield Problem(
                    "site.step-without-effect",
                    (*place, "to"),
                    f"chỉ có chính lực lượng “{queue.service}”, không ai được gọi thêm",
                    f"only {queue.service!r} itself is in it: nobody else would be called",
                    f'một lực lượng khác, hoặc "{EVERYBODY}"',
                    f'another service, or "{EVERYBODY}"',
                )
            else:
                yield from _hours(place, step, before)


def _unreachable(place: Path, step: OverflowStep, before: tuple[OverflowStep, ...], longest: int) -> Problem | None:
    latest = max((it.after for it in before), default=0)
    if step.after < latest:
        said = (
            f"sau {step.after} giây, mà nấc trước nó sau {latest} giây",
            f"at {step.after} s, behind one at {latest} s",
        )
        instead = ("các nấc theo thứ tự thời gian", "the steps in the order of their times")
    elif step.after >= longest:
        said = (
            f"sau {step.after} giây, mà từ giây {longest} mọi bàn đã được gọi",
            f"at {step.after} s, when everybody is called from {longest} s on",
        )
        instead = ("after nhỏ hơn overflow_after, hoặc overflow_after lớn hơn", "after below overflow_after")
    elif any(EVERYBODY in it.to and not it.waiting and not it.hours for it in before):
        said = ("một nấc trước nó đã gọi mọi bàn", "a step before it calls everybody already")
        instead = ("nấc này trước nấc ấy, hoặc bỏ nó", "it before that one, or leave it out")
    else:
        return None
    vi, en = "nấc này không bao giờ tới lượt", "this step never has its turn"
    return Problem("site.unreachable-step", (*place, "after"), f"{vi}: {said[0]}", f"{en}: {said[1]}", *instead)


def _hours(place: Path, step: OverflowStep, before: tuple[OverflowStep, ...]) -> Iterator[Problem]:
    span = step.from_to
    if span is not None and span[0] == span[1]:
        yield Problem(
            "site.empty-hours",
            (*place, "hours"),
            f"“{step.hours}” bắt đầu và hết cùng lúc",
            f"{step.hours!r} ends when it begins",
            'ví dụ "22:00-06:00", hoặc bỏ dòng này để luôn áp dụng',
            'such as "22:00-06:00", or leave the line out for always',
        )
        return
    for number, it in enumerate(before, 1):
        alike = (it.after, it.waiting) == (step.after, step.waiting)
        if alike and _overlap(it.from_to, span):
            yield Problem(
                "site.overlapping-hours",
                (*place, "hours"),
                f"chồng giờ với nấc {number} cùng điều kiện",
                f"its hours overlap those of step {number}, which has the same conditions",
                "giờ không chồng nhau, hoặc after khác",
                "hours that do not overlap, or another after",
            )


def _overlap(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    return any(a < d and c < b for a, b in _spans(one) for c, d in _spans(other))


def _spans(hours: tuple[int, int] | None) -> tuple[tuple[int, int], ...]:
    if hours is None:
        return ((0, DAY_S),)
    begin, end = hours
    return ((begin, end),) if begin < end else ((begin, DAY_S), (0, end))


def recording_rules(site: Site) -> Iterator[Problem]:
    """A rule is about calls that there can be, and none before it says the same already."""
    rules = site.recording.rules
    yield from repeated([(("recording", "rules", at, "code"), it.code) for at, it in enumerate(rules)], "mã", "code")
    numbers, services = [it.dial for it in site.numbers], [it.code for it in site.services]
    for at, rule in enumerate(rules):
        place: Path = ("recording", "rules", at)
        for key, value, known, vi, en in (
            ("number", rule.number, numbers, "đầu số", "service number"),
            ("service", rule.service, services, "lực lượng", "service"),
        ):
            if value and value not in known:
                yield Problem(
                    f"site.dangling-{key}",
                    (*place, key),
                    f"không có {vi} “{value}”",
                    f"there is no {en} {value!r}",
                    f"một trong: {', '.join(known)}",
                    f"one of: {', '.join(known)}",
                )
        yield from _carrier(site, (*place, "carrier"), rule.carrier, enabled=False)
        first = next((it for it in rules[:at] if _covers(it, rule)), None)
        if first is not None:
            yield Problem(
                "site.unreachable-rule",
                (*place, "code"),
                f"quy tắc “{first.code}” ở trên đã quyết định các cuộc này",
                f"rule {first.code!r} above decides these calls already",
                "quy tắc hẹp hơn ở trên, rộng hơn ở dưới",
                "the narrower rule above the wider one",
            )


def _covers(one: RecordingRule, other: RecordingRule) -> bool:
    pairs = ((one.number, other.number), (one.service, other.service), (one.carrier, other.carrier))
    return all(not mine or mine == its for mine, its in pairs)
