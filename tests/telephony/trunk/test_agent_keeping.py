"""The switch's files on the disk: all of them old or all of them new, whatever ends the agent at whatever instant."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.trunk.agent.keeping import Keeping
from telephony.trunk.agent.words import Failed
from tests.telephony.trunk.killed_at import done_until

MEMORY = "/dev/shm"  # a kill leaves there what it leaves on a disk, and nobody waits for the disk
MACHINE = "[directories]\nastetcdir => /x/etc\n\n"
OLD = {"pjsip.conf": "old " * 50, "q.conf": "q", "by-hand.conf": "h"}
BEFORE = {"asterisk.conf": MACHINE + "[options]\na = 1\n", **OLD}
NEW = {"asterisk.conf": "[options]\na = 2\n", "pjsip.conf": "new " * 60, "added.conf": "added"}
Files = Mapping[str, str]


@contextmanager
def folder() -> Iterator[Keeping]:
    place = Path(tempfile.mkdtemp(prefix="kept-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    try:
        (place / "etc").mkdir()
        for name, text in BEFORE.items():
            (place / "etc" / name).write_text(text)
        yield Keeping(str(place / "etc"), str(place / "etc.kept"))
    finally:
        shutil.rmtree(place)


def in_place(keeping: Keeping) -> Files:
    """As the switch reads it, whoever else is there."""
    return {path.name: path.read_text() for path in Path(keeping.etc).iterdir()}


def written(files: Files, new: Files, gone: set[str]) -> Files:
    found = {**files, **new}
    if "asterisk.conf" in new:
        found["asterisk.conf"] = MACHINE + new["asterisk.conf"]
    return {name: text for name, text in found.items() if name not in gone}


AFTER = written(BEFORE, NEW, {"q.conf"})


def write(keeping: Keeping) -> None:
    keeping.write(NEW, ["q.conf"])


STORIES: dict[str, tuple[list[Callable[[Keeping], None]], Files, Files]] = {
    "the first write": ([write], BEFORE, AFTER),
    "a write to what is settled": ([Keeping.settle, write], BEFORE, AFTER),
    "given back": ([write, Keeping.give_back], AFTER, BEFORE),
    "settled": ([write, Keeping.settle], AFTER, AFTER),
    "another write before the last is settled": ([write, lambda it: it.write({"b.conf": "b"}, ["added.conf"])], AFTER,
                                                 written(AFTER, {"b.conf": "b"}, {"added.conf"})),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_killed_at_every_step(story: str) -> None:
    """SIGKILL before each touch of the disk and in the middle of each written file; then a new agent starts."""
    (*first, last), old, new = STORIES[story]
    seen_old = seen_new = 0
    for touch in range(2000):
        with folder() as keeping:
            for act in first:
                act(keeping)
            done = done_until(lambda it=keeping: last(it), touch)
            Keeping(keeping.etc, keeping.kept).recover()
            found = in_place(keeping)
            assert found in (old, new), (touch, found)
            seen_old, seen_new = seen_old + (found == old), seen_new + (found == new)
            assert len([it for it in os.listdir(keeping.kept) if it.startswith("was-")]) <= 1
            write(keeping)
            keeping.give_back()
            assert in_place(keeping) in (old, new, BEFORE)
        if done:
            assert found == new
            break
    else:
        raise AssertionError("it never ended")
    assert touch > 20 and seen_old and seen_new


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 110), st.lists(st.integers(0, 60), max_size=3), st.sampled_from(sorted(STORIES)))
def test_killed_again_while_it_recovers(touch: int, again: list[int], story: str) -> None:
    (*first, last), old, new = STORIES[story]
    with folder() as keeping:
        for act in first:
            act(keeping)
        done_until(lambda: last(keeping), touch)
        for at in again:
            done_until(keeping.recover, at)
        keeping.recover()
        assert in_place(keeping) in (old, new)


def test_what_is_given_back_after_a_kill_is_the_last_good() -> None:
    for touch in range(0, 130, 3):
        with folder() as keeping:
            write(keeping)
            keeping.settle()
            done_until(lambda it=keeping: it.write({"pjsip.conf": "bad", "b.conf": "b"}, []), touch)
            keeping.give_back()
            assert in_place(keeping) == AFTER
            good = {name: text.decode() for name, text in keeping.good().items()}
            assert good == {**AFTER, "asterisk.conf": NEW["asterisk.conf"]}


def test_what_cannot_be_put_in_place_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = os.rename
    for number in range(3):
        with folder() as keeping, monkeypatch.context() as patch:
            left = number

            def refusing(old: str, new: str, **at: int) -> None:
                nonlocal left
                left -= not new.startswith("state")
                if left == -1 and not new.startswith("state"):
                    raise PermissionError(1, "Operation not permitted", new)
                renamed(old, new, **at)

            patch.setattr(os, "rename", refusing)
            with pytest.raises(Failed) as no:
                write(keeping)
            assert no.value.code == "unwritable" and in_place(keeping) == BEFORE
            keeping.recover()
            assert in_place(keeping) == BEFORE


def test_what_cannot_even_be_undone_is_said_and_undone_later(monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = os.rename
    with folder() as keeping:
        with monkeypatch.context() as patch:
            left = 1

            def refusing(old: str, new: str, **at: int) -> None:
                nonlocal left
                left -= not new.startswith("state")
                if left < 0 and not new.startswith("state"):
                    raise OSError(5, "Input/output error", new)
                renamed(old, new, **at)

            patch.setattr(os, "rename", refusing)
            with pytest.raises(Failed) as no:
                write(keeping)
            assert no.value.code == "half_written" and "was-1" in no.value.vi and "was-1" in no.value.en
            with pytest.raises(Failed) as no:
                keeping.files()
            assert no.value.code == "half_written"
        keeping.recover()
        assert in_place(keeping) == BEFORE


def test_a_full_disk_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    synced = os.fsync
    with folder() as keeping:
        for number in range(12):
            with monkeypatch.context() as patch:
                left = number

                def full(fd: int) -> None:
                    nonlocal left
                    left -= 1
                    if left < 0:
                        raise OSError(28, "No space left on device")
                    synced(fd)

                patch.setattr(os, "fsync", full)
                with pytest.raises(Failed) as no:
                    write(keeping)
                assert no.value.code in ("unwritable", "half_written")
            keeping.recover()
            assert in_place(keeping) in ((BEFORE,) if no.value.code == "unwritable" else (BEFORE, AFTER))
            if in_place(keeping) == AFTER:
                keeping.give_back()


def test_only_the_owner_reads_what_is_written() -> None:
    with folder() as keeping:
        os.chmod(f"{keeping.etc}/pjsip.conf", 0o644)
        write(keeping)
        for name in (*NEW, "../etc.kept/state.json", "../etc.kept/lock"):
            assert stat.S_IMODE(os.stat(f"{keeping.etc}/{name}").st_mode) == 0o600, name
        assert stat.S_IMODE(os.stat(keeping.kept).st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_root_leaves_the_files_to_the_switchs_account() -> None:
    with folder() as keeping:
        os.chown(keeping.etc, 1234, 1235)
        os.chown(f"{keeping.etc}/pjsip.conf", 1236, 1237)
        write(keeping)
        kinds = {name: os.stat(f"{keeping.etc}/{name}") for name in NEW}
        owners = {name: (kind.st_uid, kind.st_gid) for name, kind in kinds.items()}
        assert owners["pjsip.conf"] == (1236, 1237) and owners["added.conf"] == (1234, 1235)
        keeping.give_back()
        kind = os.stat(f"{keeping.etc}/pjsip.conf")
        assert (kind.st_uid, kind.st_gid) == (1236, 1237)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_files_that_the_switch_could_not_read_are_not_written() -> None:
    """Somebody else's account: what it writes belongs to it alone, and the switch would start without its files."""
    with folder() as keeping:
        for place in (os.path.dirname(keeping.etc), keeping.etc):
            os.chmod(place, 0o777)

        def as_nobody() -> None:
            os.setuid(65534)
            with pytest.raises(Failed) as no:
                write(keeping)
            assert no.value.code == "wrong_account", no.value

        assert done_until(as_nobody, 10**9)
        assert in_place(keeping) == BEFORE


def test_nothing_is_followed_out_of_the_folder(tmp_path: Path) -> None:
    with folder() as keeping:
        outside = tmp_path / "outside"
        outside.write_text("mine")
        os.symlink(outside, f"{keeping.etc}/added.conf")
        os.mkdir(f"{keeping.etc}/q2.conf")
        for files, gone in ((NEW, []), ({}, ["added.conf"]), ({"q2.conf": "x"}, [])):
            with pytest.raises(Failed) as no:
                keeping.write(files, gone)
            assert no.value.code == "not_a_file"
        assert "added.conf" not in keeping.files()
        assert outside.read_text() == "mine" and os.path.islink(f"{keeping.etc}/added.conf")


def test_the_machines_directories_are_nobody_elses() -> None:
    with folder() as keeping:
        assert keeping.files()["asterisk.conf"] == b"[options]\na = 1\n"
        write(keeping)
        assert keeping.files()["asterisk.conf"] == NEW["asterisk.conf"].encode()
        assert in_place(keeping)["asterisk.conf"] == MACHINE + NEW["asterisk.conf"]
        with pytest.raises(Failed) as no:
            keeping.write({"asterisk.conf": "[directories]\nastetcdir => /elsewhere\n"}, [])
        assert no.value.code == "directories"


def test_a_damaged_memory_is_told(tmp_path: Path) -> None:
    with folder() as keeping:
        write(keeping)
        Path(keeping.kept, "state.json").write_text('{"good": "../etc"}')
        with pytest.raises(Failed) as no:
            keeping.give_back()
        assert no.value.code == "kept_unreadable" and keeping.kept in no.value.vi


def test_another_agent_at_work_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telephony.trunk.agent.keeping.LOCK_WAIT_S", 0.1)
    with folder() as keeping, keeping._held(), pytest.raises(Failed) as no:
        Keeping(keeping.etc, keeping.kept).files()
    assert no.value.code == "agent_busy"
