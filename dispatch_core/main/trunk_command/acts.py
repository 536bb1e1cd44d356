"""What each word of `dispatch trunk` does. Exit status 0 when it was done as asked, 1 when not."""

from __future__ import annotations

import argparse
from pathlib import Path

from dispatch_core.main.trunk_command import offline, words
from dispatch_core.main.trunk_command.client import TrunkClient
from dispatch_core.main.trunk_command.editing import edited
from dispatch_core.main.trunk_command.following import follow
from dispatch_core.main.trunk_command.signing_in import confirmed, new_secret, signed_in
from dispatch_core.settings import read_settings
from dispatch_core.wire.https_client import CoreRefused
from dispatch_core.wire.trunk import (
    ApplyWanted,
    Candidate,
    Planned,
    RestartWanted,
    RollbackWanted,
    SecretWanted,
    TestCallWanted,
)

SAME = "nothing_new"

# --- without a core ---------------------------------------------------------------------------------------------------


def check(asked: argparse.Namespace) -> int:
    file = _file(asked)
    found = offline.mistakes_in(offline.text_of(file))
    if found:
        words.show_mistakes(str(file), found)
        return 1
    words.say(f"{file}: không có lỗi", f"{file}: no mistakes")
    return 0


def schema(asked: argparse.Namespace) -> int:
    offline.schema(asked.out)
    return 0


# --- changes ----------------------------------------------------------------------------------------------------------


def diff(asked: argparse.Namespace) -> int:
    if asked.version:
        named, candidate = f"#{asked.version}", Candidate(version=asked.version)
    else:
        named, candidate = str(_file(asked)), Candidate(text=offline.text_of(_file(asked)))
    with signed_in(asked) as client:
        plan = _planned(client, candidate)
    if plan is not None and plan.mistakes:
        words.show_mistakes(named, plan.mistakes)
        return 1
    if plan is not None:
        words.show_plan(plan)
    return 0


def apply(asked: argparse.Namespace) -> int:
    file = _file(asked)
    text = offline.text_of(file)
    with signed_in(asked) as client:
        plan = _planned(client, Candidate(text=text))
        return _applied(client, plan, str(file), asked.confirm, asked.why)


def edit(asked: argparse.Namespace) -> int:
    with signed_in(asked) as client:
        before = client.shown()
        copy = edited(before.text)
        if copy is None:
            words.say("không có gì thay đổi", "nothing was changed")
            return 0
        plan = _planned(client, Candidate(text=copy.text))
        if client.shown().version != before.version:
            words.say(
                "trong lúc sửa, có người đã áp dụng bản khác; xem: dispatch trunk history",
                "while you edited, somebody applied another version; look: dispatch trunk history",
            )
            status = 1
        else:
            status = _applied(client, plan, str(copy.file), None, asked.why)
    if status:
        words.say(f"bản sửa còn ở {copy.file}", f"what you wrote is still in {copy.file}")
    else:
        copy.remove()
    return status


def _planned(client: TrunkClient, candidate: Candidate) -> Planned | None:
    """None where it is the same as what is in force."""
    try:
        return client.plan(candidate)
    except CoreRefused as no:
        if no.code != SAME:
            raise
        words.say("giống hệt bản đang dùng", "the same as what is in force")
        return None


def _applied(client: TrunkClient, plan: Planned | None, named: str, confirm: str | None, why: str) -> int:
    if plan is None:
        return 0
    if plan.mistakes:
        words.show_mistakes(named, plan.mistakes)
        return 1
    words.show_plan(plan)
    if not confirmed(plan.confirm, confirm):
        words.say("chưa áp dụng: từ xác nhận không đúng", "not applied: that was not the word")
        return 1
    return follow(client, client.apply(ApplyWanted(plan=plan.ident, confirm=plan.confirm, why=why)))


def roll_back(asked: argparse.Namespace) -> int:
    with signed_in(asked) as client:
        return follow(client, client.roll_back(RollbackWanted(version=asked.version, why=asked.why)))


def secret(asked: argparse.Namespace) -> int:
    with signed_in(asked) as client:
        wanted = SecretWanted(name=asked.name, secret=new_secret(), why=asked.why)
        return follow(client, client.replace_secret(wanted))


def restart(asked: argparse.Namespace) -> int:
    with signed_in(asked) as client:
        if not confirmed(asked.node, asked.confirm):
            words.say("không khởi động lại: tên không đúng", "not restarted: that was not its name")
            return 1
        wanted = RestartWanted(node=asked.node, why=asked.why, patience_s=asked.patience, confirm=asked.node)
        return follow(client, client.restart(wanted))


# --- looking ----------------------------------------------------------------------------------------------------------


def status(asked: argparse.Namespace) -> int:
    """1 also where a file differs from what was applied."""
    with signed_in(asked) as client:
        shown, live = client.shown(), client.status()
    words.show_force(shown)
    words.show_status(live)
    return 1 if shown.drift else 0


def history(asked: argparse.Namespace) -> int:
    with signed_in(asked) as client:
        if asked.version is None:
            for change in client.history():
                print(words.change_line(change))
            return 0
        change = client.change(asked.version)
    print(words.change_line(change))
    words.show_diffs(change.site_diff, change.files)
    return 0


def test_call(asked: argparse.Namespace) -> int:
    with signed_in(asked) as client:
        wanted = TestCallWanted(carrier=asked.carrier, number=asked.number, node=asked.node)
        return follow(client, client.test_call(wanted))


def _file(asked: argparse.Namespace) -> Path:
    if asked.file is not None:
        return Path(asked.file)
    settings = read_settings(asked.settings)
    return settings.path(settings.site)
