"""`scripts/package-agent DIR`: builds DIR/dispatch-trunk-agent.pyz, and shows that it runs on a bare Python.

Guards: nothing is in it but the agent, which imports nothing but the standard library; the same sources give the same
bytes; it was asked to write and to give back before it is handed out.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.stage.layout import ROOT
from scripts.stage.progress import StageError, say
from telephony.trunk.agent.frames import GREETING, packed, read_frame

NAME = "dispatch-trunk-agent.pyz"
PACKAGE = "telephony/trunk/agent"
PARENTS = ("telephony/__init__.py", "telephony/trunk/__init__.py")
START = "import sys\n\nfrom telephony.trunk.agent.__main__ import main\n\nsys.exit(main(sys.argv[1:]))\n"
SHEBANG = b"#!/usr/bin/env python3\n"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
OLDEST = (3, 9)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/package-agent", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help=f"where {NAME} is put")
    asked = parser.parse_args(arguments)
    try:
        built = build(asked.folder.resolve())
        say(f"-- {built}: {built.stat().st_size / 1024:.0f} KB")
        pythons = bare_pythons()
        for python, version in pythons.items():
            try_it(built, [python])
            say(f"   tried on a bare Python {version} ({python})")
    except (StageError, OSError) as error:
        say(f"cannot go on: {error}")
        return 1
    return 0


def build(folder: Path) -> Path:
    """The file, made anew. Raises StageError where a module wants more than the standard library."""
    folder.mkdir(parents=True, exist_ok=True)
    data = io.BytesIO()
    data.write(SHEBANG)
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "__main__.py", START)
        for name in (*PARENTS, *_files()):
            text = (ROOT / name).read_text("utf-8")
            if name.endswith(".py"):
                _only_the_standard_library(name, text)
            _add(archive, name, text)
    built, new = folder / NAME, folder / f".{NAME}.new"
    new.write_bytes(data.getvalue())
    new.chmod(0o755)
    new.replace(built)
    return built


def _files() -> Iterator[str]:
    for path in sorted((ROOT / PACKAGE).iterdir()):
        if path.suffix in (".py", ".txt"):
            yield f"{PACKAGE}/{path.name}"


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode("utf-8"))


def _only_the_standard_library(name: str, text: str) -> None:
    for node in ast.walk(ast.parse(text, name, feature_version=OLDEST)):
        modules: Sequence[str] = ()
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or "."]
        for module in modules:
            ours = module.startswith("telephony.trunk.agent")
            if not ours and module.partition(".")[0] not in sys.stdlib_module_names:
                raise StageError(f"{name} imports {module}: the agent has the standard library alone")


def bare_pythons() -> dict[str, str]:
    """Each Python of this machine that is new enough, by its path: its version. Raises StageError for none."""
    names = ["python3", *(f"python3.{minor}" for minor in range(9, 20))]
    folders = [Path("/usr/bin"), Path("/usr/local/bin"), *Path.home().glob(".pyenv/versions/*/bin")]
    found: dict[str, str] = {}
    for path in (folder / name for folder in folders for name in names):
        if not path.exists() or str(path.resolve()) in found:
            continue
        asked = subprocess.run([path, "-I", "-S", "-V"], capture_output=True, text=True, check=False)
        said = re.match(r"Python (\d+)\.(\d+)\.\S+", asked.stdout)
        if said and (int(said[1]), int(said[2])) >= OLDEST:
            found[str(path.resolve())] = asked.stdout.split()[1]
    if not found:
        raise StageError("no Python 3.9 or newer is there to try it on")
    return found


def try_it(built: Path, python: Sequence[str]) -> None:
    """Write, look and give back, in an empty folder, without environment and without packages. Raises StageError."""
    with tempfile.TemporaryDirectory(prefix="dispatch-agent-") as home:
        agent, etc = Path(home, NAME), Path(home, "etc")
        shutil.copy(built, agent)
        etc.mkdir()
        (etc / "pjsip.conf").write_text("old\n")
        log = Path(home, "messages.log")
        log.write_text("[d] ERROR[1] loader.c: no such module\n")
        Path(home, "agent.conf").write_text(f"[agent]\netc = {etc}\nlog = {log}\nasterisk = {home}/none\n")
        asked = [
            ("write", {"files": {"pjsip.conf": "new\n"}, "remove": []}),
            ("look", {"texts": ["pjsip.conf"]}),
            ("give_back", {}),
            ("look", {"texts": ["pjsip.conf"]}),
            ("log_since", {"mark": "0:0:0"}),
        ]
        frames = b"".join(packed({"id": n, "do": do, "with": given}) for n, (do, given) in enumerate(asked))
        ran = subprocess.run(
            [*python, "-I", "-S", agent, Path(home, "agent.conf")],
            input=frames, capture_output=True, cwd=home, env={}, timeout=60, check=False,
        )  # fmt: skip
        told = io.BytesIO(ran.stdout)
        if told.readline() != GREETING or ran.returncode != 0:
            raise StageError(f"on {python[0]} it says: {ran.stdout[:200]!r} {ran.stderr.decode()[-400:]}")
        answers = [read_frame(told) for _ in asked]
        done = [answer.get("done", answer) if answer else None for answer in answers]
        seen = [done[1]["texts"], done[3]["texts"], done[4]]
        if seen != [{"pjsip.conf": "new\n"}, {"pjsip.conf": "old\n"}, ["ERROR loader.c: no such module"]]:
            raise StageError(f"on {python[0]} it did {done}")
        if os.listdir(etc) != ["pjsip.conf"]:
            raise StageError(f"on {python[0]} it left {os.listdir(etc)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
