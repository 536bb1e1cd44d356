"""The manuals speak of the program as it is: commands and keys from the table of commands, what the screen says from
the tables of words, alarms from the rules that raise them, keys of ``site.toml`` from its description.

How a manual is written, so that this can be checked: what is typed or pressed stands in `backticks`, what the screen
says in “quotes” with “…” for what changes, and a table whose second column is headed "lệnh" or "command" pairs keys
with commands.
"""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from console_gui import needs, signs
from console_gui import program as console_program
from console_gui.command_line import outcomes
from console_gui.command_line.outcomes import Context, Wrong
from console_gui.command_line.parsing import BY_NAME, parse, read
from console_gui.command_line.table import VERBS
from console_gui.command_line.verb import ADMIN, DESK, LEAD, WATCH, Verb
from console_gui.dispatching.unit_keys import STATUS_KEYS
from console_gui.keys import KEYS, key_of
from console_gui.map.keys import MAP_KEYS
from console_gui.supervising import people_panel, reason_dialog
from console_gui.translations.tables import WORDS
from dispatch_core.domain import refusals
from dispatch_core.domain.vocabulary import AlarmLevel, Role
from dispatch_core.main.cli import parser
from dispatch_core.settings import NodeSettings, Settings
from telephony.trunk import site
from telephony.trunk.site_sections import entries_of, struct_of
from tests.console.scenario import busy_night

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "dispatch_core" / "domain"
LANGUAGES = ("vi", "en")
WRITTEN_FOR = {"call-taker": DESK, "supervisor": LEAD, "telephony-admin": ADMIN}
AT_CONSOLES = ("call-taker", "supervisor")
NIGHT = busy_night()
PEOPLE = {"call-taker": ("lan", Role.DISPATCHER), "supervisor": ("thao", Role.SUPERVISOR)}

MISREAD = frozenset(
    {
        "empty",
        "verb",
        "role",
        "usage",
        "extra",
        "choice",
        "away_reason",
        "number",
        "coordinates",
        "note",
        "reason",
        "steer_whom",
        "take_which",
        "listen_or_play",
        "away_why",
    }
)
"""Mistakes of who typed; other ones ("no such call") depend on what there is just then."""

SHOWN = {key.shown for key in KEYS}


def manual(name: str, language: str) -> str:
    return (ROOT / "docs" / f"{name}.{language}.md").read_text("utf-8")


def without_programs(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def marked(text: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`\n]+)`", without_programs(text))


def tables(text: str) -> Iterator[list[list[str]]]:
    """Each table: its rows, the heading first, without the line under it."""
    rows: list[list[str]] = []
    for line in [*without_programs(text).splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")])
        elif rows:
            yield [rows[0], *rows[2:]]
            rows = []


def verb_of(typed: str) -> Verb | None:
    return BY_NAME.get(read(typed).verb)


# --- commands and keys ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", AT_CONSOLES)
def test_whatever_a_manual_has_typed_is_understood(name: str, language: str) -> None:
    user, role = PEOPLE[name]
    wrong = []
    for typed in marked(manual(name, language)):
        if typed in SHOWN:
            continue
        outcome = parse(typed, Context(NIGHT.state, user, role, next(iter(NIGHT.state.incidents))))
        if isinstance(outcome, Wrong) and outcome.code in MISREAD:
            wrong.append((typed, outcome.sentence("en")))
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", AT_CONSOLES)
def test_each_command_stands_beside_its_own_key(name: str, language: str) -> None:
    """The key once; a line that says the command in another way may go without it."""
    paired: dict[str, set[str]] = {}
    for heading, *rows in tables(manual(name, language)):
        if heading[1] in ("lệnh", "command"):
            for key, command, *_ in rows:
                verb = verb_of(command.strip("`"))
                assert verb is not None, command
                paired.setdefault(verb.names[0], set()).add(key.strip("`"))
    assert paired
    keys = {verb.names[0]: key_of(verb) for verb in VERBS}
    assert {verb: told for verb, told in paired.items() if told - {""} != {keys[verb]} - {""}} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRITTEN_FOR)
def test_every_command_stands_in_the_manual_of_those_who_give_it(name: str, language: str) -> None:
    told = {verb_of(typed) for typed in marked(manual(name, language))}
    groups = [WRITTEN_FOR[name], frozenset(Role) if name == "call-taker" else WATCH]
    mine = [verb for verb in VERBS if verb.roles in groups]
    assert mine
    assert [verb.names[0] for verb in mine if verb not in told] == []


def test_no_command_is_for_people_without_a_manual() -> None:
    assert {verb.roles for verb in VERBS} <= {*WRITTEN_FOR.values(), WATCH, frozenset(Role)}


# --- what the screen says ---------------------------------------------------------------------------------------------


def everything_said(language: str) -> str:
    """Every sentence of the program, a line each, with “…” for what is filled in."""
    pairs = [*WORDS.values(), *outcomes.SENTENCES.values(), *refusals.SENTENCES.values()]
    pairs += [verb.help for verb in VERBS]
    return "\n".join(re.sub(r"\{[a-z]+\}", "…", pair[LANGUAGES.index(language)]) for pair in pairs)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRITTEN_FOR)
def test_what_the_screen_says_is_said_by_the_program(name: str, language: str) -> None:
    said = everything_said(language)
    quoted = re.findall(r"“([^”\n]+)”", manual(name, language).replace("“ ”", ""))
    assert quoted
    assert [text for text in quoted if text not in said] == []


# --- the guide --------------------------------------------------------------------------------------------------------

GUIDE, PICTURES = "user-guide", ROOT / "docs" / "images" / "guide"

PLAIN_KEYS = frozenset(
    {"Enter", "Esc", "Tab", "Space", "Del", "Backspace", "\u2190", "\u2192", "\u2191", "\u2193", "PageUp", "PageDown"}
)
"""Those that act wherever the keyboard is, as keyboards name them."""

OF_LEGS = frozenset("+->=1")
"""Asking and answering; tests/console/test_offers_shown.py presses them."""


def board_keys() -> set[str]:
    """What a single key does in a board or in the map."""
    reasons = {str(number) for number in range(1, len(reason_dialog.REASONS) + 1)}
    people = {key.upper() for key in (*people_panel.LINES, "m")}
    return (
        {it.upper() for it in PLAIN_KEYS | OF_LEGS | reasons | STATUS_KEYS.keys()}
        | people
        | {it.shown.upper() for it in MAP_KEYS}
    )


def understood(typed: str) -> bool:
    """By somebody at a console."""
    for user, role in PEOPLE.values():
        outcome = parse(typed, Context(NIGHT.state, user, role, next(iter(NIGHT.state.incidents))))
        if not (isinstance(outcome, Wrong) and outcome.code in MISREAD):
            return True
    return False


def of_the_program(typed: str) -> bool:
    """An option of the console's, a file of this repository or of the folder, a package that it wants."""
    _, parser_of_console = console_program.arguments(["--core", "https://desk:1", "--ca", "ca.pem"])
    options = set(re.findall(r"--[a-z]+", parser_of_console.format_help()))
    packages = {*needs.DRAWING.values(), *needs.X11.values(), *needs.SOUND.values()}
    first = typed.split()[0]
    return (
        first in options
        or first in packages
        or first in ("DIR/dispatch-console", "ca.pem")
        or (first.startswith("scripts/") and (ROOT / first).exists())
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_guide_has_typed_is_understood(language: str) -> None:
    follows = {("vi", "B03 #42 nhớ gọi lại người nhà"): "nb ", ("en", "B03 #42 call the family back"): "memo "}
    wrong = []
    for typed in marked(manual(GUIDE, language)):
        if typed in SHOWN or of_the_program(typed):
            continue
        if not understood(follows.get((language, typed), "") + typed):
            wrong.append(typed)
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_of_boards_that_the_guide_names_exist(language: str) -> None:
    text = without_programs(manual(GUIDE, language))
    named = [it for it in re.findall(r"\*\*([^*\n]+)\*\*", text) if not it.endswith(".")]  # a sentence begins a part
    assert len(named) > 40
    assert [it for it in named if it.upper() not in board_keys()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_map_stands_in_the_guide(language: str) -> None:
    text = manual(GUIDE, language)
    assert [it.shown for it in MAP_KEYS if f"**{it.shown}**" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_and_commands_side_by_side_in_the_guide_belong_together(language: str) -> None:
    """The table of the map: the line beside a letter is what the letter types."""
    rows = next(
        it for it in tables(manual(GUIDE, language)) if len(it[0]) == 3 and any("**G**" in row[1] for row in it)
    )
    checked = 0
    for _, keys, typed in rows[1:]:
        verbs = {verb_of(it) for it in re.findall(r"`([^`]+)`", typed)}
        for key in re.findall(r"\*\*([A-Z0-9])\*\*", keys):
            assert verb_of(next(it.line for it in MAP_KEYS if it.shown == key)) in verbs, (key, typed)
            checked += 1
    assert checked >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_screen_says_in_the_guide_is_said_by_the_program(language: str) -> None:
    said = everything_said(language)
    quoted = re.findall(r"“([^”\n]+)”", manual(GUIDE, language).replace("“ ”", "").replace("“ket”", ""))
    assert len(quoted) > 12
    assert [text for text in quoted if text not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_stands_in_the_guide_with_its_own_word(language: str) -> None:
    column = LANGUAGES.index(language)
    told = {row[0]: row[1] for table in tables(manual(GUIDE, language)) for row in table[1:] if len(row) == 2}
    assert [sign for sign in signs.SIGNS if sign not in told] == []
    for status, sign in signs.STATUS_SIGNS.items():
        assert WORDS[f"status.{status}"][column] in told[sign]
    for level, sign in signs.ALARM_SIGNS.items():
        assert WORDS[f"level.{level}"][column] in told[sign]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_banner_stands_in_the_guide(language: str) -> None:
    column, text = LANGUAGES.index(language), manual(GUIDE, language)
    for key in ("stale.banner", "stale.never", "read_only.banner", "stale.version", "stale.denied"):
        assert f"“{re.sub(r'{[a-z]+}', '…', WORDS[key][column])}”" in text, key


def test_the_guides_have_the_same_sections_and_pictures_that_exist() -> None:
    vi, en = (manual(GUIDE, language) for language in LANGUAGES)
    numbers = [re.findall(r"^## (\d+)\. ", text, re.MULTILINE) for text in (vi, en)]
    assert numbers[0] == numbers[1] == [str(it) for it in range(1, len(numbers[0]) + 1)] and len(numbers[0]) > 15
    shapes = [[(len(table), len(table[0])) for table in tables(text)] for text in (vi, en)]
    assert shapes[0] == shapes[1]
    shown = {name for text in (vi, en) for name in re.findall(r"!\[[^\]]+\]\(images/guide/([^)]+)\)", text)}
    assert shown == {file.name for file in PICTURES.glob("*")} and len(shown) >= 12


def test_pictures_are_small() -> None:
    for file in PICTURES.glob("*.png"):
        assert file.stat().st_size < 250_000, file.name


# --- alarms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Raised:
    kind: str
    level: AlarmLevel


def _constant(node: ast.expr, tree: ast.Module, of: ast.AST) -> str:
    """A text, or the name of one that the function or its module gives."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.Name), ast.dump(node)
    for place in (of, tree):
        for it in ast.walk(place):
            if not isinstance(it, ast.Assign):
                continue
            target, value = it.targets[0], it.value
            both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            pairs = zip(target.elts, value.elts, strict=True) if both else [(target, value)]
            for name, given in pairs:
                if isinstance(name, ast.Name) and name.id == node.id and isinstance(given, ast.Constant):
                    return str(given.value)
    raise AssertionError(f"which kind of alarm is {node.id}?")


def alarms_raised() -> set[Raised]:
    """Every alarm of the rules, read in their source: a kind that is added there is not forgotten here."""
    found = set()
    for file in sorted(DOMAIN.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for function in (it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef)):
            if function.name == "raise_alarm":
                continue
            for call in (it for it in ast.walk(function) if isinstance(it, ast.Call) and isinstance(it.func, ast.Name)):
                named = {it.arg: it.value for it in call.keywords}
                if call.func.id == "AlarmRaised":
                    kind, level = named["kind"], named["level"]
                elif call.func.id == "raise_alarm":
                    kind, level = call.args[1], call.args[3]
                else:
                    continue
                assert isinstance(level, ast.Attribute)
                found.add(Raised(_constant(kind, tree, function), AlarmLevel[level.attr]))
    return found


def test_the_alarms_of_the_rules_are_found() -> None:
    assert Raised("telephony_blind", AlarmLevel.CRITICAL) in alarms_raised()
    assert len(alarms_raised()) >= 14


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alarm_is_in_the_supervisors_table_with_its_level(language: str) -> None:
    column = LANGUAGES.index(language)
    levels = {WORDS[f"level.{level}"][column] for level in AlarmLevel}
    every = [row for table in tables(manual("supervisor", language)) for row in table if len(row) > 1]
    listed = {(row[0], row[1]) for row in every if row[1] in levels}
    wanted = {
        (f"“{re.sub(r'{[a-z]+}', '…', WORDS[f'alarm.{it.kind}'][column])}”", WORDS[f"level.{it.level}"][column])
        for it in alarms_raised()
    }
    assert listed == wanted


# --- the site's file and the command line -----------------------------------------------------------------------------


def _site_sections() -> dict[str, type[msgspec.Struct]]:
    """How a section is headed, to what it is made of."""
    found: dict[str, type[msgspec.Struct]] = {}
    for field in msgspec.structs.fields(site.Site):
        one = entries_of(field.type) or struct_of(field.type)
        assert one is not None
        found[f"[[{field.name}]]" if entries_of(field.type) else f"[{field.name}]"] = one
        for inner in msgspec.structs.fields(one):
            if below := entries_of(inner.type):
                found[f"[[{field.name}.{inner.name}]]"] = below
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_sites_sections_stands_there_with_its_usual_value(language: str) -> None:
    left = _site_sections()
    for heading, *rows in tables(manual("telephony-admin", language)):
        headed = [it for it in re.findall(r"`([^`]+)`", heading[0]) if it in left]  # two may be alike
        if not headed:
            continue
        kinds = {left.pop(it) for it in headed}
        assert len(kinds) == 1
        section = kinds.pop()
        fields = {field.name: field for field in msgspec.structs.fields(section)}
        assert [row[0].strip("`") for row in rows] == list(fields)
        for name, usual, *_ in rows:
            default = fields[name.strip("`")].default
            if isinstance(default, msgspec.Struct):
                for key, value in tomllib.loads(re.sub("`, `", "\n", usual).strip("`")).items():
                    assert getattr(default, key) == value, name
            elif re.fullmatch(r"`.*`|\d+", usual):
                value = tomllib.loads(f"value = {usual.strip('`')}")["value"]
                assert (tuple(value) if isinstance(value, list) else value) == default, name
            else:
                assert default in (msgspec.NODEFAULT, None, (), {}, site.REASONS, site.DECLINE_REASONS), name
    assert not left


REFUSING = {"AgentFailed", "Broken", "DispatchError", "Failed", "HttpRefusal", "JobFailed", "TrunkRefused"}
"""What is raised at a plan, an apply and a node; its code comes first, or after a status."""

TOUCHING = ("telephony", "dispatch_core/main/trunk", "dispatch_core/ports", "dispatch_core/runtime/http/trunk.py")


def refusal_codes() -> set[str]:
    """Read where they are made: of a description whatever is called "site.…", else what is raised."""
    found = set()
    for place in TOUCHING:
        for file in [ROOT / place, *(ROOT / place).rglob("*.py")]:
            if file.suffix != ".py":
                continue
            for call in (it for it in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(it, ast.Call)):
                given = [*call.args[:2], *(it.value for it in call.keywords if it.arg == "code")]
                texts = [it.value for it in given if isinstance(it, ast.Constant) and isinstance(it.value, str)]
                name = call.func.id if isinstance(call.func, ast.Name) else ""
                if texts and re.fullmatch(r"site\.[a-z-]+" + ("|[a-z_]+" if name in REFUSING else ""), texts[0]):
                    found.add(texts[0])
    return found - {"site.toml"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_stands_there_with_its_remedy(language: str) -> None:
    heads = {"vi": ["mã", "sai gì", "sửa sao"], "en": ["code", "what is wrong", "remedy"]}
    found = [table[1:] for table in tables(manual("telephony-admin", language)) if table[0] == heads[language]]
    rows = {code.strip("`"): (what, remedy) for table in found for code, what, remedy in table}
    assert sorted(refusal_codes() - set(rows)) == []
    assert sorted(set(rows) - refusal_codes()) == []
    assert all(what and remedy for what, remedy in rows.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_that_are_named_exist(language: str) -> None:
    known = {*Settings.__struct_fields__, *NodeSettings.__struct_fields__}
    text = manual("telephony-admin", language)
    for name in ("probe_every_s", "recordings", "aml_key_file"):
        assert f"`{name}`" in text
        assert name in known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_for_a_terminal_is_taken(language: str) -> None:
    text = manual("telephony-admin", language)
    programs = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = "".join(lines for kind, lines in programs if kind != "toml").splitlines()
    ours = [re.sub(r"\[[^\]]*\]|#.*|<\S+", "", line) for line in lines if line.startswith("dispatch ")]
    assert len(ours) >= 20
    for line in ours:
        given = shlex.split(line)[1:]
        asked = parser(given[0]).parse_args(given)  # ends the test where it is not understood
        assert callable(asked.run)
    for line in lines:
        if line.startswith("scripts/"):
            assert (ROOT / line.split()[0]).exists()


# --- other pages ------------------------------------------------------------------------------------------------------


def test_where_to_find_a_behaviour_names_what_is_there() -> None:
    """Every path of its last table; and a function that is named beside a path stands in that file."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Where to find a behaviour")[2]
    paths = [it for it in marked(text) if "/" in it]
    assert len(paths) > 15
    assert [it for it in paths if not (ROOT / it).exists()] == []
    for path, function in re.findall(r"`([^`]+\.py)`, `(_\w+)`", text):
        assert f"def {function}(" in (ROOT / path).read_text("utf-8")


def test_decisions_are_numbered_as_their_files_are() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        assert file.read_text("utf-8").startswith(f"# {int(file.name[:4])}. "), file.name
        assert len(file.read_text("utf-8").split()) < 560, file.name


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "docs"])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    pages = [ROOT / page] if page.endswith(".md") else sorted((ROOT / page).glob("*.md"))
    for file in pages:
        for link in re.findall(r"\]\(([^)#]+)\)", file.read_text("utf-8")):
            assert link.startswith("https://") or (file.parent / link).exists(), (file.name, link)


def test_what_the_readme_types_is_understood() -> None:
    """The five minutes: `like this` is typed into the console, or names a program, a file or a key."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Five minutes")[2].partition("## What is where")[0]
    user, role = PEOPLE["call-taker"]
    typed = [it for it in marked(text) if verb_of(it) is not None]
    begun = {read(it).verb for it in typed}
    assert begun >= {"a", "@", "t", "d", "st", "h", "x", "pos", "pos-", "lang", "theme"}
    for line in typed:
        outcome = parse(line, Context(NIGHT.state, user, role, next(iter(NIGHT.state.incidents))))
        assert not (isinstance(outcome, Wrong) and outcome.code in MISREAD), line
    assert {it for it in marked(text) if re.fullmatch(r"(Shift\+)?F\d+", it)} <= SHOWN
