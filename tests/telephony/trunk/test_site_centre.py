"""Partners, overflow steps, announcements and rules of recording: what is refused, and what is rendered."""

from __future__ import annotations

import re
from typing import Any

import pytest

from telephony.trunk.dialplan.overflowing import QUEUE_AT
from telephony.trunk.files.modules_conf import MODULES
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import Site, SiteError, parse_site
from telephony.trunk.site_edit import edit
from telephony.trunk.site_problems import problems
from tests.telephony.trunk.providers import APPLICATIONS, BUILTIN, FUNCTIONS, applications, functions
from tests.telephony.trunk.test_render import FILES, SECRETS, SITE, _sections
from tests.telephony.trunk.test_site import TEXT

PATHS = Paths("/srv/recordings", "/p", "/s")
PARTNER = {"vi": "Tổng đài 1022", "en": "City line 1022", "dial": "1022", "carrier": "viettel"}


def _text(*edits: tuple[str, str, str, Any]) -> str:
    text = TEXT
    for one in edits:
        text = edit(text, *one)
    return text


STEPS = (
    ("queues", "police", "overflow_after", 60),
    ("queues", "police", "steps", [
        {"waiting": 5, "to": ["fire"]},
        {"after": 20, "hours": "06:00-22:00", "to": ["fire"]},
        {"after": 20, "hours": "22:00-06:00", "to": ["fire", "ambulance"], "announcement": "busy"},
        {"after": 40, "waiting": 3, "to": ["everybody"]},
    ]),
    ("announcements", "busy", "", {"vi": "Đang bận", "en": "Busy", "sound": "/srv/sounds/busy"}),
)  # fmt: skip
FULL = _text(
    *STEPS,
    ("partners", "1022", "carrier", "viettel"),
    ("recording.rules", "no-fire", "", {"on": False, "service": "fire", "carrier": "viettel"}),
    ("recording.rules", "yes-113", "", {"on": True, "number": "113"}),
)


def _files(site: Site) -> dict[str, str]:
    return render(site, SECRETS, PATHS)


def test_all_of_it_is_taken_and_stands_in_the_text_in_its_place() -> None:
    assert problems(FULL) == ()
    site = parse_site(FULL)
    assert [step.after for step in site.queue_of("police").steps] == [0, 20, 20, 40]
    assert FULL.index("[[queues.steps]]") < FULL.index('service = "fire"\noverflow_after')
    assert FULL.index("[[recording.rules]]") < FULL.index("[locations]")
    assert edit(FULL, "queues", "police", "steps", None) == FULL[: FULL.index("\n[[queues.steps]]")] + FULL[
        FULL.index('\n[[queues]]\nservice = "fire"') :
    ]


def test_a_step_that_changes_leaves_the_others_as_they_stand() -> None:
    text = FULL.replace("after = 40", "after = 40 # late")
    steps = [
        {"waiting": 6, "to": ["fire"]},
        {"after": 20, "hours": "06:00-22:00", "to": ["fire"]},
        {"after": 20, "hours": "22:00-06:00", "to": ["fire", "ambulance"], "announcement": "busy"},
        {"after": 40, "waiting": 3, "to": ["everybody"]},
    ]
    assert edit(text, "queues", "police", "steps", steps) == text.replace("waiting = 5", "waiting = 6")
    fewer = edit(text, "queues", "police", "steps", steps[:2])
    assert len(parse_site(fewer).queue_of("police").steps) == 2 and "# late" not in fewer


@pytest.mark.parametrize(
    ("edits", "code", "key"),
    [
        ([("partners", "1022", "carrier", "fpt")], "site.dangling-carrier", "partners.1022.carrier"),
        ([("partners", "1022", "carrier", "vnpt")], "site.dangling-carrier", "partners.1022.carrier"),
        ([("partners", "1022", "dial", "113")], "site.partner-is-ours", "partners.1022.dial"),
        ([("partners", "1022", "code", "fire")], "site.partner-is-ours", "partners.fire.code"),
        ([("partners", "1022", "code", "b01")], "site.partner-is-ours", "partners.b01.code"),
        ([("partners", "qs", "", {**PARTNER})], "site.duplicate", "partners.qs.dial"),
        ([("partners", "1022", "dial", "10;x")], "site.bad-value", "partners.1022.dial"),
        ([("services", "fire", "code", "everybody")], "site.reserved-name", "services.everybody.code"),
        (
            [("announcements", "busy", "sound", "/srv/x;y")],
            "site.bad-value",
            "announcements.busy.sound",
        ),
        (
            [("announcements", "busy", "", None)],
            "site.dangling-announcement",
            "queues.police.steps[3].announcement",
        ),
        (
            [("recording.rules", "no-fire", "service", "navy")],
            "site.dangling-service",
            "recording.rules.no-fire.service",
        ),
        ([("recording.rules", "yes-113", "number", "119")], "site.dangling-number", "recording.rules.yes-113.number"),
        ([("recording.rules", "no-fire", "carrier", "x")], "site.dangling-carrier", "recording.rules.no-fire.carrier"),
        (
            [("recording.rules", "more", "", {"on": False, "number": "113", "carrier": "viettel"})],
            "site.unreachable-rule",
            "recording.rules.more.code",
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused(edits: list[Any], code: str, key: str) -> None:
    text = FULL
    for one in edits:
        text = edit(text, *one)
    found = [(it.code, it.key) for it in problems(text)]
    assert (code, key) in found, found
    with pytest.raises(SiteError):
        parse_site(text)


@pytest.mark.parametrize(
    ("steps", "code", "key"),
    [
        ([{"after": 60, "to": ["fire"]}], "site.unreachable-step", "after"),
        ([{"after": 30, "to": ["fire"]}, {"after": 20, "to": ["ambulance"]}], "site.unreachable-step", "after"),
        ([{"after": 5, "to": ["everybody"]}, {"after": 20, "to": ["fire"]}], "site.unreachable-step", "after"),
        ([{"after": 5, "to": ["police"]}], "site.step-without-effect", "to"),
        ([{"after": 5, "to": ["navy"]}], "site.dangling-service", "to"),
        ([{"after": 5, "to": ["fire", "fire"]}], "site.duplicate", "to"),
        ([{"after": 5, "to": []}], "site.bad-value", "to"),
        ([{"after": 5}], "site.missing-key", ""),
        ([{"after": 5, "hours": "24:00-06:00", "to": ["fire"]}], "site.bad-value", "hours"),
        ([{"after": 5, "hours": "06:00-06:00", "to": ["fire"]}], "site.empty-hours", "hours"),
        (
            [{"hours": "22:00-06:00", "to": ["fire"]}, {"hours": "05:00-07:00", "to": ["ambulance"]}],
            "site.overlapping-hours",
            "hours",
        ),
        ([{"hours": "22:00-06:00", "to": ["fire"]}, {"to": ["ambulance"]}], "site.overlapping-hours", "hours"),
        ([{"after": 5, "to": ["fire"], "announcement": "x"}], "site.dangling-announcement", "announcement"),
    ],
)
def test_a_step_that_cannot_be_is_refused_with_its_key(steps: list[Any], code: str, key: str) -> None:
    text = _text(("queues", "police", "overflow_after", 60), ("queues", "police", "steps", steps))
    found = [it for it in problems(text) if it.code == code]
    assert len(found) == 1, problems(text)
    assert found[0].key == f"queues.police.steps[{len(steps)}]" + (f".{key}" if key else "")
    assert text.splitlines()[found[0].line - 1].partition(" ")[0] in (key, "[[queues.steps]]")


@pytest.mark.parametrize(
    "steps",
    [
        [{"hours": "22:00-06:00", "to": ["fire"]}, {"hours": "06:00-22:00", "to": ["ambulance"]}],
        [{"waiting": 2, "to": ["fire"]}, {"waiting": 5, "to": ["everybody"]}],
        [{"after": 5, "waiting": 9, "to": ["everybody"]}, {"after": 9, "to": ["fire"]}],
    ],
)
def test_steps_that_share_a_time_without_overlapping_are_good(steps: list[Any]) -> None:
    assert problems(_text(("queues", "police", "overflow_after", 60), ("queues", "police", "steps", steps))) == ()


def test_where_nothing_of_it_is_used_nothing_of_it_stands() -> None:
    everything = "".join(FILES.values())
    for word in ("CALL_STEP", "weight", "announcements", "(partner", "(leave)"):
        assert word not in everything
    assert _files(parse_site(edit(FULL, "announcements", "busy", "vi", "Khác"))) == _files(parse_site(FULL))


def test_a_step_has_a_queue_of_its_own_with_the_positions_of_all_its_services() -> None:
    queues = _sections(_files(parse_site(FULL))["queues.conf"])
    assert {name for name in queues if "+" in name} == {"q-police+fire", "q-police+fire+ambulance"}
    members = [line for line in queues["q-police+fire"] if line.startswith("member")]
    assert members == [f"member = PJSIP/{it},0,{it}" for it in ("B01", "B02", "B03", "B04", "B06")]
    assert "weight = 1" in queues["q-police+fire"] and "weight = 2" in queues["q-all"]
    assert "joinempty = paused,unavailable,invalid" in queues["q-police+fire"]
    assert "weight = 0" not in queues["q-fire"]


def _steps_of(text: str, context: str, extension: str) -> list[str]:
    lines = _sections(text)[context]
    begin = next(at for at, line in enumerate(lines) if line.startswith(f"exten => {extension},"))
    end = next((at for at in range(begin + 1, len(lines)) if lines[at].startswith("exten")), len(lines))
    return lines[begin:end]


def test_whoever_waits_while_the_configuration_is_read_anew_finds_his_way() -> None:
    """Queue and the wait behind it stand at the same priorities with steps and without."""
    for silent in (0, 10):
        stepped = parse_site(edit(FULL, "silence", "", "prompt_after", silent))
        plain = _steps_of(_files(stepped)["extensions.conf"], "wait", "fire")
        steps = _steps_of(_files(stepped)["extensions.conf"], "wait", "police")
        assert ",Queue(" in plain[QUEUE_AT - 1] and ",Queue(" in steps[QUEUE_AT - 1]
        assert ",Wait(" in plain[QUEUE_AT + 2] and ",Wait(" in steps[QUEUE_AT + 2]
        assert "wait-all" in steps[QUEUE_AT + 3] and "wait-all" in plain[QUEUE_AT + 3] and len(plain) == QUEUE_AT + 4


def test_whoever_waited_goes_to_no_step_that_was_taken_out() -> None:
    """A label that is not there would hang him up: after everything that lasts, his step is one that there is."""
    steps = _steps_of(_files(parse_site(FULL))["extensions.conf"], "wait", "police")
    lasts = [at for at, step in enumerate(steps) if re.search(r"\bWait\(|\bQueue\(|Originate\(", step)]
    for at, step in enumerate(steps):
        before = [it for it in lasts if it < at]
        if "Goto(from${CALL_STEP})" in step and before:
            between = steps[before[-1] : at]
            assert any("Set(CALL_STEP=${IF(" in it or "Set(CALL_STEP=0)" in it for it in between), steps[at - 3 :]


def test_a_test_call_looks_whether_somebody_waits_in_any_queue() -> None:
    """Also in one of a step's: its phones would else ring for the test, and not for who waits there."""
    files = _files(parse_site(FULL))
    look = next(it for it in _steps_of(files["extensions.conf"], "test-waits", "s") if "n(look)" in it)
    waited_in = set(re.findall(r"QUEUE_WAITING_COUNT\(([^)]+)\)", look))
    assert waited_in == {it for it in _sections(files["queues.conf"]) if it != "general"} and len(waited_in) > 4


def test_whoever_comes_back_to_a_queue_takes_a_test_calls_place_too() -> None:
    """It begins to ring where nobody waits; he may just have been between two queues, or on hold."""
    text = _files(parse_site(FULL))["extensions.conf"]
    for context, extension, before in (
        ("wait-again", "s", "Set(QUEUE_PRIO="),
        ("wait-all", "s", "Queue("),
        ("wait", "police", "Goto(from${CALL_STEP})"),
    ):
        steps = _steps_of(text, context, extension)
        begin = next((at for at, it in enumerate(steps) if "n(settle)" in it), 0)
        way = next(at for at, it in enumerate(steps) if at >= begin and "?test-gives-way," in it)
        assert way < next(at for at, it in enumerate(steps) if at >= begin and before in it), context


def test_every_label_that_is_gone_to_stands() -> None:
    for context, extension in (("wait", "police"), ("transfer-number", "s"), ("record", "s")):
        lines = "\n".join(_steps_of(_files(parse_site(FULL))["extensions.conf"], context, extension))
        labels = set(re.findall(r"n\((\w+)\),", lines))
        gone_to = set(re.findall(r"Goto\((\w+)\)", lines))
        gone_to |= {it for pair in re.findall(r"\]\?([a-z]\w*)(?::(\w+))?\)", lines) for it in pair if it}
        assert gone_to - {"from", "due"} <= labels, gone_to - labels
    steps = "\n".join(_steps_of(_files(parse_site(FULL))["extensions.conf"], "wait", "police"))
    assert {f"from{n}" for n in range(5)} | {f"due{n}" for n in range(1, 6)} <= set(re.findall(r"n\((\w+)\),", steps))


def test_hours_are_those_of_the_site() -> None:
    steps = "\n".join(_steps_of(_files(parse_site(FULL))["extensions.conf"], "wait", "police"))
    assert "+ 25200) % 86400]" in steps
    assert "${CALL_DAY} >= 21600 & ${CALL_DAY} < 79200" in steps
    assert "${CALL_DAY} >= 79200 | ${CALL_DAY} < 21600" in steps
    west = parse_site(FULL.replace('timezone = "+07:00"', 'timezone = "-03:30"'))
    assert f"+ {86400 - 12600}) % 86400]" in _files(west)["extensions.conf"]


def test_a_partner_is_dialled_through_his_carrier_and_else_through_the_others() -> None:
    steps = _steps_of(_files(parse_site(FULL))["extensions.conf"], "transfer-number", "s")
    dials = [line for line in steps if ",Dial(" in line]
    assert [line.partition("@")[2].partition(",")[0] for line in dials] == ["viettel", "viettel"]
    assert any('"${CALL_TO}" = "1022"]?partner1' in line for line in steps)
    anyone = _files(parse_site(edit(FULL, "partners", "1022", "carrier", None)))["extensions.conf"]
    assert "partner1" not in anyone


def test_rules_of_recording_are_looked_at_in_their_order() -> None:
    record = _steps_of(_files(parse_site(FULL))["extensions.conf"], "record", "s")
    assert record[0].endswith('GotoIf($[("${CALL_NUMBER}" = "114") & "${CALL_CARRIER}" = "viettel"]?leave)')
    assert record[1].endswith('GotoIf($[("${CALL_NUMBER}" = "113")]?record)')
    assert [line.rpartition(",")[2] for line in record[2:5]] == ["Goto(record)", "Return()", "NoOp()"]
    off = edit(FULL, "recording", "", "on", False)
    assert "Goto(leave)" in "".join(_steps_of(_files(parse_site(off))["extensions.conf"], "record", "s"))
    assert "Gosub(record,s,1)" in _files(parse_site(off))["extensions.conf"]
    never = edit(off, "recording.rules", "yes-113", "", None)
    assert "Gosub(record,s,1)" not in _files(parse_site(never))["extensions.conf"]


def test_what_is_called_is_given_by_a_module_that_is_loaded() -> None:
    files = _files(parse_site(FULL))
    used = [(name, APPLICATIONS.get(name)) for name in sorted(applications(files["extensions.conf"]))]
    known = {**FUNCTIONS, "QUEUE_WAITING_COUNT": "app_queue"}
    used += [(name, known.get(name)) for name in sorted(functions(files))]
    assert not [name for name, module in used if module not in (BUILTIN, *MODULES)]


def test_a_merged_number_is_an_edit() -> None:
    text = _text(
        ("numbers", "113", "dial", "112"), ("numbers", "112", "services", ["police", "fire", "ambulance"]),
        ("numbers", "114", "", None), ("numbers", "115", "", None),
    )  # fmt: skip
    assert problems(text) == ()
    files = render(parse_site(text), Secrets("s" * 24), PATHS)
    assert "CALL_SERVICES=police+fire+ambulance" in files["extensions.conf"]
    assert [it for it in _sections(files["extensions.conf"])["from-carrier"] if it.startswith("exten")] == [
        "exten => 112,1,Set(__CALL_SERVICE=police)"
    ]
    assert len(SITE.numbers) == 3
