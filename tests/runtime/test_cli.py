"""The command line loads what was asked for, and every command's help stands in the whole list too."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dispatch_core.main import cli


@pytest.mark.parametrize("word", cli.COMMANDS)
def test_what_the_list_says_of_a_command_is_what_the_command_says(word: str) -> None:
    whole, alone = cli.parser().format_help(), cli.parser(word).format_help()
    assert " ".join(whole.split()) == " ".join(alone.split())


def test_the_settings_file_may_be_called_like_a_command() -> None:
    assert cli._command(["--settings", "core", "users", "list"]) == "users"
    assert cli._command(["--settings=core", "audit", "verify"]) == "audit"
    assert cli._command([]) == ""


def test_a_list_of_users_does_not_load_the_daemon() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys; from dispatch_core.main import cli; cli.parser('users'); "
         "print(sorted(set(sys.modules) & {'dispatch_core.main.core', 'panoramisk', 'shapely', 'twisted.web'}))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "[]"
