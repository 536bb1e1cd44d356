"""`dispatch trunk` against a real HTTPS server: what is asked, what is printed, and what it ends with."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch_core.main import cli
from dispatch_core.main.trunk_command import following, signing_in, words
from dispatch_core.main.trunk_command.parser import WORDS
from dispatch_core.wire.trunk import (
    CarrierHealth,
    ChangeShown,
    DriftShown,
    FileDiff,
    JobShown,
    JobStarted,
    JobState,
    Mistake,
    Planned,
    SecretShown,
    Step,
    TrunkShown,
    TrunkStatus,
)
from scripts.stage.certificates import Certificate, server_certificate
from scripts.stage.site import DEMO
from tests.runtime.trunk_core import TrunkCore

SITE = (DEMO / "site.toml").read_text("utf-8")
AT = 1_790_000_000_123
DIFF = "--- pjsip.conf\n+++ pjsip.conf\n@@ -1 +1 @@\n-capacity = 120\n+capacity = 150\n unchanged\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return server_certificate(tmp_path_factory.mktemp("tls"), "core")


@pytest.fixture
def core(certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrunkCore]:
    monkeypatch.setattr(following, "LOOK_EVERY_S", 0.01)
    server = TrunkCore(certificate, tmp_path)
    (tmp_path / "site.toml").write_text(SITE, "utf-8")
    yield server
    server.stop()


@pytest.fixture
def trunk(core: TrunkCore, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Status, output and errors of a command."""

    def run(*given: str, signed: bool = True) -> tuple[int, str, str]:
        who = ["--user", "hung", "--password-file", str(core.password_file)] if signed else []
        status = cli.main(["--settings", str(core.settings), "trunk", *given, *who])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


Run = Callable[..., tuple[int, str, str]]


def job(state: JobState = JobState.DONE, *steps: Step, **more: Any) -> JobShown:
    return JobShown(ident="j1", kind="apply", by="hung", began_at=AT, state=state, steps=steps, **more)


def step(code: str, ok: bool | None = True, ms: int = 0, node: str = "") -> Step:
    return Step(at=AT, code=code, vi=f"{code} việt", en=f"{code} english", ok=ok, ms=ms, node=node)


def plan(**more: Any) -> Planned:
    usual = {"site_diff": DIFF, "confirm": "vnpt", "files": (FileDiff(node="pbx1", file="pjsip.conf", diff=DIFF),)}
    return Planned(ident="p1", text=SITE, mistakes=(), **(usual | more))


def mistake() -> Mistake:
    return Mistake(
        code="site.bad-value", key="carriers.vnpt.peers", line=3, vi="giá trị không dùng được", en="it does not fit",
        instead_vi="IP:cổng", instead_en="IP:port",
    )  # fmt: skip


def terminal(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Somebody types these lines."""

    class Typed(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Typed("".join(f"{line}\n" for line in lines)))


# --- without a core ---------------------------------------------------------------------------------------------------


def test_a_good_description_needs_no_core(trunk: Run, core: TrunkCore, tmp_path: Path) -> None:
    core.stop()
    assert trunk("check", signed=False)[0] == 0
    status, out, _ = trunk("check", str(tmp_path / "site.toml"), signed=False)
    assert status == 0 and "no mistakes" in out and core.asked == []


def test_every_mistake_stands_in_a_line_of_its_own_with_its_place(trunk: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(SITE.replace("capacity = 120", "capacity = 0").replace("sip = 5060", "sip = 70000"), "utf-8")
    status, _, err = trunk("check", str(bad), signed=False)
    lines = err.splitlines()
    assert status == 1 and len(lines) == 3
    for line, key in zip(lines, ("sip", "capacity"), strict=False):
        at = next(no for no, it in enumerate(bad.read_text("utf-8").splitlines(), 1) if it.startswith(f"{key} ="))
        assert line.startswith(f"{bad}:{at}: ") and f".{key}: " in line and "hãy ghi" in line and "write" in line
    assert lines[-1] == "2 lỗi | 2 mistakes"


def test_a_description_may_come_on_standard_input(trunk: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("[[["))
    status, _, err = trunk("check", "-", signed=False)
    assert status == 1 and err.startswith("-:1: ")


@pytest.mark.parametrize("name", ["there-is-none", "latin1"])
def test_a_file_that_cannot_be_read_is_told(trunk: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "latin1").write_bytes(b"\xff\xfe")
    status, _, err = trunk("check", str(tmp_path / name), signed=False)
    assert status == 1 and "Không đọc được" in err and "Cannot read" in err


def test_the_schema_for_an_editor(trunk: Run, core: TrunkCore, tmp_path: Path) -> None:
    status, out, _ = trunk("schema", signed=False)
    assert status == 0 and "carriers" in json.loads(out)["properties"]
    assert trunk("schema", "--out", str(tmp_path / "site.schema.json"), signed=False)[0] == 0
    assert (tmp_path / "site.schema.json").read_text("utf-8") == out and core.asked == []
    status, _, err = trunk("schema", "--out", str(tmp_path / "no" / "such"), signed=False)
    assert status == 1 and "Cannot write" in err


# --- a change ---------------------------------------------------------------------------------------------------------


def test_applying_shows_the_change_takes_the_word_and_follows_every_step(trunk: Run, core: TrunkCore) -> None:
    core.answers["/v1/trunk/plan"] = plan(
        summary=(("thêm nhà mạng vnpt", "carrier vnpt is added"),), restarts=("pbx1",), calls_up=10,
        later=(("locations.listen", "locations.listen"),),
    )  # fmt: skip
    core.answers["/v1/trunk/apply"] = JobStarted(job="j1")
    written, reloaded = step("write", node="pbx1"), step("reload", None, node="pbx1")
    core.jobs = [
        job(JobState.RUNNING, written), job(JobState.RUNNING, written, reloaded),
        job(JobState.DONE, written, step("reload", True, 412, "pbx1"), version=7),
    ]  # fmt: skip
    status, out, err = trunk("apply", "--confirm", "vnpt", "--why", "hợp đồng mới")
    assert (status, err) == (0, "")
    assert core.told("/v1/trunk/plan") == {"text": SITE, "version": 0, "edits": []}
    assert core.told("/v1/trunk/apply") == {"plan": "p1", "confirm": "vnpt", "why": "hợp đồng mới"}
    for told in ("+capacity = 150", "carrier vnpt is added", "10 calls are up", "dispatch trunk restart pbx1"):
        assert told in out
    steps = [line for line in out.splitlines() if "việt |" in line]
    assert [line.split("  ")[-1] for line in steps] == [
        "✓ pbx1: write việt | write english", "… pbx1: reload việt | reload english",
        "✓ pbx1: reload việt | reload english",
    ]  # fmt: skip
    assert all(line[:12].endswith(".123") for line in steps) and "412 ms" in steps[-1]
    assert out.splitlines()[-1] == "xong, bản 7 | done, version 7"
    assert {it[3] for it in core.asked} == {"", "s"} and core.asked[-1][1] == "/v1/sign-out/brief"


def test_colours_are_for_a_terminal_alone(trunk: Run, core: TrunkCore, monkeypatch: pytest.MonkeyPatch) -> None:
    core.answers["/v1/trunk/plan"] = plan()
    assert "\x1b" not in trunk("diff")[1]
    monkeypatch.setattr(words, "coloured", lambda: True)
    out = trunk("diff")[1]
    assert f"{words.GREEN}+capacity = 150{words.PLAIN}" in out and f"{words.RED}-capacity = 120{words.PLAIN}" in out
    assert "\n unchanged\n" in out


def test_no_colour_where_none_is_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not words.coloured()
    monkeypatch.delenv("NO_COLOR")
    assert words.coloured()


@pytest.mark.parametrize("given", ["wrong", ""])
def test_without_the_word_nothing_is_applied(trunk: Run, core: TrunkCore, given: str) -> None:
    core.answers["/v1/trunk/plan"] = plan()
    status, out, _ = trunk("apply", "--confirm", given)
    assert status == 1 and "not applied" in out
    assert "/v1/trunk/apply" not in [it[1] for it in core.asked]


def test_the_word_is_typed_at_a_terminal(trunk: Run, core: TrunkCore, monkeypatch: pytest.MonkeyPatch) -> None:
    core.answers["/v1/trunk/plan"] = plan()
    core.answers["/v1/trunk/apply"] = JobStarted(job="j1")
    core.jobs = [job()]
    terminal(monkeypatch, "vnpt")
    status, out, _ = trunk("apply")
    assert status == 0 and "Gõ vnpt" in out
    terminal(monkeypatch)
    assert trunk("apply")[0] == 1


def test_without_a_terminal_the_word_is_given(
    trunk: Run, core: TrunkCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    core.answers["/v1/trunk/plan"] = plan()
    monkeypatch.setattr(sys, "stdin", io.StringIO("vnpt\n"))
    status, _, err = trunk("apply")
    assert status == 1 and "--confirm vnpt" in err


def test_a_plan_with_mistakes_or_without_a_change(trunk: Run, core: TrunkCore, tmp_path: Path) -> None:
    core.answers["/v1/trunk/plan"] = Planned(ident="", text=SITE, mistakes=(mistake(),))
    for word in ("diff", "apply"):
        status, _, err = trunk(word, str(tmp_path / "site.toml"))
        assert status == 1
        assert err.startswith(
            f"{tmp_path / 'site.toml'}:3: carriers.vnpt.peers: giá trị không dùng được; hãy ghi IP:cổng. | it does not "
            "fit; write IP:port. [site.bad-value]\n"
        )
    core.answers["/v1/trunk/plan"] = (409, {"code": "nothing_new", "vi": "Không khác.", "en": "Nothing differs."})
    for word in ("diff", "apply"):
        status, out, _ = trunk(word)
        assert status == 0 and "the same as what is in force" in out


def test_what_was_rolled_back_says_why(trunk: Run, core: TrunkCore) -> None:
    core.answers["/v1/trunk/plan"] = plan()
    core.answers["/v1/trunk/apply"] = JobStarted(job="j1")
    core.jobs = [job(JobState.ROLLED_BACK, why_vi="vnpt trả lời 403", why_en="vnpt answered 403")]
    status, out, _ = trunk("apply", "--confirm", "vnpt")
    assert status == 1
    assert out.splitlines()[-1].endswith("the last good state is back: vnpt answered 403")


def test_each_state_has_its_words() -> None:
    assert set(words.STATES) == set(JobState)


def test_ctrl_c_takes_the_job_back(trunk: Run, core: TrunkCore, monkeypatch: pytest.MonkeyPatch) -> None:
    core.answers["/v1/trunk/rollback"] = JobStarted(job="j1")
    core.jobs = [job(JobState.RUNNING), job(JobState.STOPPED)]
    pressed = iter([KeyboardInterrupt])

    def sleep(_: float) -> None:
        if error := next(pressed, None):
            raise error

    monkeypatch.setattr(following.time, "sleep", sleep)
    status, out, _ = trunk("rollback", "5", "--why", "lỗi")
    assert status == 1 and "stopped as asked" in out
    assert core.told("/v1/trunk/rollback") == {"version": 5, "why": "lỗi"}
    assert "/v1/trunk/jobs/j1/stop" in [it[1] for it in core.asked]


def test_a_core_that_was_restarted_meanwhile_is_told(trunk: Run, core: TrunkCore) -> None:
    core.answers["/v1/trunk/rollback"] = JobStarted(job="j1")
    core.answers["/v1/trunk/jobs/j1"] = (401, {"code": "not_signed_in", "vi": "Chưa đăng nhập.", "en": "No."})
    status, _, err = trunk("rollback")
    assert status == 1 and "dispatch trunk history" in err


def test_a_secret_comes_on_standard_input_and_is_printed_nowhere(
    trunk: Run, core: TrunkCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    core.answers["/v1/trunk/secret"] = JobStarted(job="j1")
    core.jobs = [job(version=8)]
    monkeypatch.setattr(sys, "stdin", io.StringIO("very-secret-word-1\n"))
    status, out, err = trunk("secret", "secrets/vnpt")
    assert status == 0 and core.told("/v1/trunk/secret") == {
        "name": "secrets/vnpt", "secret": "very-secret-word-1", "why": "",
    }  # fmt: skip
    assert "very-secret" not in out + err


def test_a_secret_is_asked_twice_at_a_terminal(trunk: Run, core: TrunkCore, monkeypatch: pytest.MonkeyPatch) -> None:
    core.answers["/v1/trunk/secret"] = JobStarted(job="j1")
    terminal(monkeypatch)
    answers = iter(["one", "two"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    status, _, err = trunk("secret", "secrets/vnpt")
    assert status == 1 and "The two differ." in err and "/v1/trunk/secret" not in [it[1] for it in core.asked]


def test_a_restart_is_confirmed_by_the_switchs_name(trunk: Run, core: TrunkCore) -> None:
    core.answers["/v1/trunk/restart"] = JobStarted(job="j1")
    core.jobs = [job()]
    assert trunk("restart", "pbx1", "--confirm", "pbx2")[0] == 1
    assert "/v1/trunk/restart" not in [it[1] for it in core.asked]
    assert trunk("restart", "pbx1", "--confirm", "pbx1", "--patience", "60")[0] == 0
    assert core.told("/v1/trunk/restart") == {"node": "pbx1", "why": "", "patience_s": 60, "confirm": "pbx1"}


def test_a_test_call_is_followed(trunk: Run, core: TrunkCore) -> None:
    core.answers["/v1/trunk/test-call"] = JobStarted(job="j1")
    core.jobs = [job(JobState.DONE, step("rings", ms=812))]
    status, out, _ = trunk("test-call", "vnpt", "115", "--node", "pbx1")
    assert status == 0 and "812 ms" in out
    assert core.told("/v1/trunk/test-call") == {"carrier": "vnpt", "number": "115", "node": "pbx1"}


# --- looking ----------------------------------------------------------------------------------------------------------


def shown(**more: Any) -> TrunkShown:
    return TrunkShown(
        text=SITE, version=6, applied_at=AT, applied_by="hung", nodes=("pbx1",), values={}, fields=(),
        secrets=(SecretShown(name="secrets/vnpt", used_by=("carriers.vnpt",), state="missing"),),
        may_change=True, **({"drift": ()} | more),
    )  # fmt: skip


def test_the_status_of_everything(trunk: Run, core: TrunkCore) -> None:
    core.answers["/v1/trunk"] = shown()
    core.answers["/v1/trunk/status"] = TrunkStatus(
        carriers=(
            CarrierHealth(
                carrier="vnpt", node="pbx1", reachable=True, round_trip_ms=12.3, registered=False,
                registration="Rejected", in_use=3, capacity=60, failed={"503": 2}, jitter_ms=4.05, lost_percent=0.31,
            ),
            CarrierHealth(carrier="viettel", node="pbx1", reachable=None),
        ),
        nodes={"pbx1": {"up": True}}, queues={"fire": {"waiting": 2}}, phones={"B01": {"at": {"pbx1": "Avail"}}},
    )  # fmt: skip
    status, out, _ = trunk("status")
    assert status == 0
    for told in ("version 6, applied by hung", "✗ secrets/vnpt (carriers.vnpt)", "no such file"):
        assert told in out
    line = next(it for it in out.splitlines() if "Rejected" in it)
    assert line.startswith("✗ vnpt") and "3/60" in line and "12 ms" in line and "503 × 2" in line and "0.3 %" in line
    assert "? viettel" in out and "up=✓" in out and "waiting=2" in out and "at=pbx1:Avail" in out
    core.answers["/v1/trunk"] = shown(drift=(DriftShown(node="pbx1", file="pjsip.conf", how="changed", diff=DIFF),))
    status, out, _ = trunk("status")
    assert status == 1 and "pbx1 pjsip.conf: bị sửa ngoài hệ thống" in out and "    +capacity = 150" in out


def test_the_history_and_one_of_it_with_its_difference(trunk: Run, core: TrunkCore) -> None:
    change = ChangeShown(
        version=6, at=AT, by="hung", kind="apply", why="hợp đồng mới", outcome="done", in_force=True, site_diff=DIFF,
        files=(FileDiff(node="pbx1", file="pjsip.conf", diff=DIFF),),
    )  # fmt: skip
    core.answers["/v1/trunk/history"] = [change]
    core.answers["/v1/trunk/history/6"] = change
    status, out, _ = trunk("history")
    assert status == 0 and out.startswith("*    6  20") and out.rstrip().endswith("hợp đồng mới") and DIFF not in out
    assert "áp dụng | apply" in out and "xong | done" in out
    assert trunk("history", "6")[1].count("+capacity = 150") == 2
    status, _, err = trunk("history", "99")
    assert status == 1 and "There is no" in err


# --- the editor -------------------------------------------------------------------------------------------------------


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *turns: str) -> None:
    """An editor that replaces text (sed) at each turn as that turn says."""
    script = tmp_path / "editor"
    for number, turn in enumerate(turns):
        (tmp_path / f"turn-{number}").write_text(turn, "utf-8")
    script.write_text(
        f"#!/bin/sh\nn=$(cat {tmp_path}/n 2>/dev/null || echo 0)\necho $((n+1)) >{tmp_path}/n\n"
        f'stat -c %a "$1" >{tmp_path}/mode; exec sed -i -f {tmp_path}/turn-$n "$1"\n',
        "utf-8",
    )
    script.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_edited_checked_edited_again_planned_and_applied(
    trunk: Run, core: TrunkCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "s/capacity = 120/capacity = 0/", "s/capacity = 0/capacity = 150/")
    core.answers["/v1/trunk"] = shown()
    core.answers["/v1/trunk/plan"] = plan()
    core.answers["/v1/trunk/apply"] = JobStarted(job="j1")
    core.jobs = [job(version=7)]
    terminal(monkeypatch, "y", "vnpt")
    status, _, err = trunk("edit", "--why", "thêm đường")
    assert status == 0 and "1 lỗi | 1 mistake\n" in err
    assert core.told("/v1/trunk/plan")["text"] == SITE.replace("capacity = 120", "capacity = 150")
    assert core.told("/v1/trunk/apply") == {"plan": "p1", "confirm": "vnpt", "why": "thêm đường"}
    assert not list(tmp_path.glob("dispatch-trunk-*")), "the copy is gone once it was applied"


def test_nothing_edited_is_nothing_asked(
    trunk: Run, core: TrunkCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "")
    core.answers["/v1/trunk"] = shown()
    status, out, _ = trunk("edit")
    assert status == 0 and "nothing was changed" in out and "/v1/trunk/plan" not in [it[1] for it in core.asked]
    assert not list(tmp_path.glob("dispatch-trunk-*"))


def test_who_gives_up_keeps_what_he_wrote(
    trunk: Run, core: TrunkCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "s/capacity = 120/capacity = 0/")
    core.answers["/v1/trunk"] = shown()
    terminal(monkeypatch, "n")
    status, _, err = trunk("edit")
    (kept,) = tmp_path.glob("dispatch-trunk-*/site.toml")
    assert status == 1 and str(kept) in err and "capacity = 0" in kept.read_text("utf-8")
    assert stat.S_IMODE(os.stat(kept.parent).st_mode) == 0o700


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_not_applied(
    trunk: Run, core: TrunkCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "s/capacity = 120/capacity = 150/")
    versions = iter((6, 7))
    core.answers["/v1/trunk"] = lambda _: json.loads(
        json.dumps({**_plain(shown()), "version": next(versions)})
    )
    core.answers["/v1/trunk/plan"] = plan()
    status, out, _ = trunk("edit")
    assert status == 1 and "somebody applied another version" in out
    assert "/v1/trunk/apply" not in [it[1] for it in core.asked]


@pytest.mark.parametrize(("name", "code"), [("/no/such/editor", "EDITOR=nano"), ("false", "status 1")])
def test_an_editor_that_does_not_work_is_told(
    trunk: Run, core: TrunkCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str
) -> None:
    editor(tmp_path, monkeypatch, "")
    monkeypatch.setenv("EDITOR", name)
    core.answers["/v1/trunk"] = shown()
    status, _, err = trunk("edit")
    assert status == 1 and code in err


def _plain(value: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(value)


# --- signing in -------------------------------------------------------------------------------------------------------


def test_the_cores_refusal_is_said_in_its_words(trunk: Run, core: TrunkCore) -> None:
    core.answers["/v1/trunk/plan"] = (
        403, {"code": "not_allowed", "vi": "Chỉ quản trị tổng đài được đổi.", "en": "Only telephony admins may."},
    )  # fmt: skip
    status, _, err = trunk("apply")
    assert status == 1 and "Chỉ quản trị tổng đài" in err and "Only telephony admins" in err
    core.password_file.write_text("wrong\n", "utf-8")
    status, _, err = trunk("status")
    assert status == 1 and "Wrong password." in err


def test_the_password_on_standard_input(trunk: Run, core: TrunkCore, monkeypatch: pytest.MonkeyPatch) -> None:
    core.answers["/v1/trunk/history"] = []
    monkeypatch.setattr(sys, "stdin", io.StringIO(core.password_file.read_text("utf-8")))
    assert trunk("history", "--user", "hung", "--password-file", "-", signed=False)[0] == 0
    assert core.told("/v1/sign-in/brief")["user"] == "hung"
    assert trunk("history", "--password-file", "/no/such", signed=False)[0] == 1
    status, _, err = trunk("history", signed=False)
    assert status == 1 and "--password-file" in err, "nobody is there to ask"


def test_whom_it_trusts(trunk: Run, core: TrunkCore, certificate: Certificate, tmp_path: Path) -> None:
    core.answers["/v1/trunk/history"] = []
    assert trunk("history")[0] == 0, "the one certificate of the settings"
    assert trunk("history", "--ca", str(certificate.authority))[0] == 0
    (tmp_path / "other").mkdir()
    other = server_certificate(tmp_path / "other", "core")
    status, _, err = trunk("history", "--ca", str(other.authority))
    assert status == 1 and "certificate is not valid" in err
    status, _, err = trunk("history", "--ca", "/no/such")
    assert status == 1 and "--ca" in err
    status, _, err = trunk("history", "--core", "http://127.0.0.1")
    assert status == 1 and "https://HOST:PORT" in err


def test_a_core_that_is_not_there(trunk: Run, core: TrunkCore) -> None:
    core.stop()
    status, _, err = trunk("status")
    assert status == 1 and "nothing listens at this address" in err


def test_every_word_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parser("trunk").parse_args(["trunk", "--help"])
    out = capsys.readouterr().out
    assert all(f"    {word} " in out for word in WORDS)


def test_files_that_an_editor_marked_or_wrote_in_another_code(trunk: Run, tmp_path: Path) -> None:
    marked = tmp_path / "marked"
    marked.write_bytes(b"\xef\xbb\xbf" + b"dispatcher-1\r\n")
    assert signing_in.password(str(marked), "hung") == "dispatcher-1"
    site = tmp_path / "marked.toml"
    site.write_bytes(b"\xef\xbb\xbf" + b"[ports]\r\nsip = 5060\r\n")
    assert "site.not-toml" not in trunk("check", str(site), signed=False)[2]
    for content, said in ((b"\xff\xfea\x00", "UTF-8"), (None, "thư mục")):
        other = tmp_path / said
        other.write_bytes(content) if content else other.mkdir()
        status, _, err = trunk("check", str(other), signed=False)
        assert status == 1 and said in err.splitlines()[0]
    assert "không có tệp này" in trunk("check", str(tmp_path / "none"), signed=False)[2]


@pytest.mark.parametrize(
    "line", [("rollback", "nghe một chiều"), ("history", "x"), ("restart", "pbx1", "--patience", "lâu")]
)
def test_words_where_a_number_belongs_are_told_in_both_languages(
    line: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["trunk", *line])
    told = capsys.readouterr().err
    assert ended.value.code == 2 and "không phải số" in told and "is no" in told
