"""The first chapter of the telephony admin's manual, done as a reader does it: what its blocks of code say is typed, in
both languages, on a centre made from nothing, until a call of the new carrier rings.

Nothing of the chapter stands here. A block `carrier` is a program that stays in its terminal; `sh` is typed at a
terminal, line by line; `toml` is what the editor is left with, below the other carriers; `keys` are pressed at the
admin's own window, a line each.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import termios
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.acceptance.console.keyed import KeyedRig, Person
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, until
from scripts.stage.layout import ROOT
from scripts.stage.secret_files import read_secret

WITHIN_S = 90.0
CHAPTERS = {"vi": "## Đấu một nhà mạng từ con số không trong mười phút", "en": "## A carrier connected from nothing"}
PASSWORD, CONFIRM = re.compile(r"Mật khẩu của (\w+) \|[^\n]*: $"), re.compile(r"Gõ (\S+) để làm[^\n]*: $")


KEYS = {"Enter": "Return", "Esc": "Escape"}
LEADS_TO = {"F12": "line", "Esc": "line", "F3": "trunk_confirm"}
"""Where the keyboard is then, by the program's own name; another key moves it anywhere."""


@dataclass(frozen=True)
class Block:
    kind: str
    text: str


def chapter(language: str) -> list[Block]:
    """The blocks of the first chapter, in order."""
    manual = (ROOT / "docs" / f"telephony-admin.{language}.md").read_text("utf-8")
    _, head, rest = manual.partition(CHAPTERS[language])
    need(head, f"the chapter is not in the manual ({language})")
    text = rest.partition("\n## ")[0]
    return [Block(kind, text) for kind, text in re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


class Reader:
    """Somebody with the manual, at a checkout in which `scripts/run` runs."""

    def __init__(self, rig: Rig, desk: Path) -> None:
        self._rig, self._desk = rig, desk
        (desk / "var").symlink_to(rig.layout.var)
        self._program("bin/dispatch", "dispatch_core.main")
        self._program("scripts/carrier", "scripts.stage.practice_carrier")
        self._editor = desk / "bin" / "editor"
        self._editor.write_text(f'#!/bin/sh\nexec {sys.executable} {desk}/edit.py "$1"\n', "utf-8")
        self._editor.chmod(0o755)
        self._env = {
            **os.environ, "PATH": f"{desk}/bin:{os.environ['PATH']}", "EDITOR": str(self._editor),
            "DISPATCH_VAR": str(rig.layout.var), "PYTHONPATH": str(ROOT), "TMPDIR": str(desk), "NO_COLOR": "1",
        }  # fmt: skip
        self._env.pop("VISUAL", None)
        self._env.pop("DISPATCH_SETTINGS", None)

    def _program(self, name: str, module: str) -> None:
        """One of the checkout, whose virtual environment is there already."""
        file = self._desk / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'#!/bin/sh\nexec {sys.executable} -m {module} "$@"\n', "utf-8")
        file.chmod(0o755)

    @contextmanager
    def carrier(self, block: Block) -> Iterator[subprocess.Popen[str]]:
        """In its own terminal; returns when it answers."""
        program = subprocess.Popen(
            ["bash", "-c", f"exec {block.text.strip()}"], cwd=self._desk, env=self._env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            line = _line_of(program)
            need("Enter" in line, f"the carrier to practise with did not start: {line}")
            yield program
        finally:
            with suppress(OSError):
                assert program.stdin is not None
                program.stdin.close()
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()

    def will_write(self, block: Block) -> None:
        """What the editor leaves behind: the block below the other carriers."""
        (self._desk / "edit.py").write_text(
            "import re, sys\n"
            f"new = {block.text!r}\n"
            "text = open(sys.argv[1], encoding='utf-8').read()\n"
            "last = [it for it in re.finditer(r'^\\[\\[carriers\\]\\]\\n(?:.+\\n)*', text, re.M)][-1].end()\n"
            "open(sys.argv[1], 'w', encoding='utf-8').write(text[:last] + '\\n' + new + text[last:])\n",
            "utf-8",
        )

    def types(self, block: Block) -> str:
        """Each line at a terminal; what it asks is answered. Unmet where one does not end with 0."""
        said = ""
        for line in block.text.strip().splitlines():
            status, printed = self._typed(line)
            need(status == 0, f"`{line}` ended with {status}: {printed[-1500:]}")
            said += printed
        return said

    def _typed(self, line: str) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        program = subprocess.Popen(
            ["bash", "-c", line], cwd=self._desk, env=self._env, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(theirs)
        try:
            said = self._conversation(ours, line)
            return program.wait(10), said
        finally:
            os.close(ours)
            if program.poll() is None:
                program.kill()
                program.wait()

    def _conversation(self, terminal: int, line: str) -> str:
        said, answered, deadline = "", 0, time.monotonic() + WITHIN_S
        pending = b""
        while True:
            need(time.monotonic() < deadline, f"`{line}` has not ended after {WITHIN_S:g} s: {said[-1500:]}")
            if not select.select([terminal], [], [], 0.5)[0]:
                continue
            try:
                pending += os.read(terminal, 65_536)
            except OSError:  # the program has ended
                return said
            text = pending.decode("utf-8", "ignore")
            said, pending = said + text, pending[len(text.encode()) :]
            open_line = said[answered:]
            asked = PASSWORD.search(open_line) or CONFIRM.search(open_line)
            if asked is not None:
                password = asked.re is PASSWORD
                answer = read_secret(self._rig.system.password_file(asked[1])) if password else asked[1]
                answered = len(said)
                os.write(terminal, f"{answer}\n".encode())


def _line_of(program: subprocess.Popen[str]) -> str:
    """The next line that it prints. Unmet where none comes."""
    assert program.stdout is not None
    need(select.select([program.stdout], [], [], WITHIN_S)[0], f"the carrier says nothing for {WITHIN_S:g} s")
    return program.stdout.readline()


def followed(rig: Rig, language: str) -> str:
    """The whole chapter; what was seen."""
    blocks = iter(chapter(language))
    before = rig.system.site.file.read_text("utf-8")
    console = rig.console("lan")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reader-", dir="/tmp") as folder:
        reader = Reader(rig, Path(folder))
        practice, edit, written, look, back = (next(blocks) for _ in range(5))
        kinds = [it.kind for it in (practice, edit, written, look, back)]
        need(kinds == ["carrier", "sh", "toml", "sh", "sh"], f"the chapter's blocks: {kinds}")
        name = tomllib.loads(written.text)["carriers"][0]["name"]
        with reader.carrier(practice) as carrier:
            reader.will_write(written)
            applied = reader.types(edit)
            need(f'+name = "{name}"' in applied, f"the difference was not shown: {applied[-2000:]}")
            until(lambda: re.search(rf"^✓ {name} ", reader.types(look), re.MULTILINE), f"✓ {name} in the status")
            assert carrier.stdin is not None
            carrier.stdin.write("\n")
            carrier.stdin.flush()
            number, _, dialled = _line_of(carrier).strip().partition(" → ")
            call = rig.shown(console, number, "queued", "ringing")
            until(lambda: rig.ringing(), f"a phone ringing for {dialled}")
            rig.answered(console, number)
            console.do(f"h {number}")
            rig.shown(console, number, "ended")
            reader.types(back)
    need(rig.system.site.file.read_text("utf-8") == before, "the description is not the one of before")
    seconds = time.monotonic() - began
    seen = f"{name} applied, ✓ in the status, {number} called {dialled} ({call['state']}), back"
    return f"{language}: {seen}; {seconds:.0f} s"


def pressed(rig: KeyedRig, language: str) -> str:
    """The same at the window; what was seen."""
    blocks = chapter(language)
    practice, add, back = blocks[0], *[it for it in blocks if it.kind == "keys"]
    name = tomllib.loads(next(it.text for it in blocks if it.kind == "toml"))["carriers"][0]["name"]
    before = rig.system.site.file.read_text("utf-8")
    hung = rig.person("hung")
    began = time.monotonic()
    desk = tempfile.TemporaryDirectory(prefix="reader-", dir="/tmp")
    with desk as folder, Reader(rig, Path(folder)).carrier(practice):
        _press(hung, add)
        until(lambda: f'name = "{name}"' in rig.system.site.file.read_text("utf-8"), f"{name} in force", WITHIN_S)
        hung.sees(lambda it: any("✓" in text and "xong" in text for text in (*it["labels"], *it["said"])), "the end")
        _press(hung, back)
        until(lambda: rig.system.site.file.read_text("utf-8") == before, "the description of before", WITHIN_S)
    return f"{language}: {name} by keys, and back; {time.monotonic() - began:.0f} s"


def _press(person: Person, block: Block) -> None:
    """A key that moves the keyboard on is waited for, as a person waits to see it; but for the last one."""
    lines = block.text.strip().splitlines()
    for number, line in enumerate(lines):
        key = KEYS.get(line) or (line.lower() if "+" in line else line if re.fullmatch(r"F\d+", line) else "")
        if not key:
            person.type(line)
            continue
        was = person.see()["focus"]
        person.press(key)
        if number == len(lines) - 1:
            return
        to = LEADS_TO.get(line, "")
        person.sees(
            lambda it, was=was, to=to: it["focus"] == to if to else it["focus"] != was, f"{line} done", WITHIN_S
        )


def _from_nothing() -> str:
    """Both languages one after the other: what the first left is what the second begins with."""
    rig = KeyedRig(Path(tempfile.mkdtemp(prefix="dispatch-manual-", dir="/tmp")), qualify=False)
    try:
        rig.up()
        ways = [*(followed(rig, language) for language in CHAPTERS), *(pressed(rig, language) for language in CHAPTERS)]
        return "; ".join(ways)
    finally:
        rig.down()
        rig.layout.remove()


SCENARIOS = [
    Scenario(
        "The manual's first chapter, typed and pressed as it stands in both languages",
        "carrier applied, reachable, a call of it rings and is answered, everything as before",
        _from_nothing,
    )
]
