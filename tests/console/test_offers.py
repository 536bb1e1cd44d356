"""The handshake at the console: what is typed, what the narrative tells, what the legs and the supervisor show."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from console_gui.command_line.completion import complete
from console_gui.command_line.outcomes import Context, Send, Wrong
from console_gui.command_line.parsing import parse
from console_gui.translations import sentences
from dispatch_core.domain import commands as c
from dispatch_core.domain.events import Recorded, UnitChecked
from dispatch_core.domain.evolve.offers import tell_passed
from dispatch_core.domain.offering import pending
from dispatch_core.domain.state import Alarm, Note, State
from dispatch_core.domain.vocabulary import AlarmLevel, OfferRules, Passed, Reason, Role
from tests.console.scenario import Night, busy_night

CRASH, FIRE = "20261123-00001", "20261123-00002"
REASONS = {
    "vehicle-fault": Reason(code="vehicle-fault", vi="xe hỏng", en="vehicle fault"),
    "too-far": Reason(code="too-far", vi="quá xa", en="too far"),
}


def asking() -> Night:
    """The busy night, in which the police of the crash were asked through their station."""
    night = busy_night()
    night.state = replace(night.state, site=replace(night.state.site, offers=OfferRules(reasons=REASONS)))
    night.must(night.person("lan"), c.OfferStation(incident=CRASH, service="police"))
    return night


NIGHT = asking()
STATION = NIGHT.state.incidents[CRASH].legs["police"].offers[0]
HERE = Context(NIGHT.state, "lan", Role.DISPATCHER, CRASH)


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("dn", c.OfferStation(incident=CRASH)),
        ("dn #2", c.OfferStation(incident=FIRE)),
        ("đề nghị 114", c.OfferStation(incident=CRASH, service="fire")),
        ("offer ca-bt", c.OfferStation(incident=CRASH, station="CA-BT")),
        ("dn 114 xe", c.OfferUnits(incident=CRASH, service="fire")),
        ("offer 114 crew #2", c.OfferUnits(incident=FIRE, service="fire")),
        ("dn A1, FE1", c.OfferUnits(incident=CRASH, units=("A1", "FE1"))),
        ("nhan a4", c.AcceptOffer(offer=f"{CRASH}.ambulance.2")),
        ("nhan FE5", c.AcceptOffer(offer=f"{FIRE}.fire.1")),
        (f"nhan {STATION.station} B2 B3", c.AcceptOffer(offer=STATION.id, units=("B2", "B3"))),
        ("accept 113", c.AcceptOffer(offer=STATION.id)),
        (f"nhan {STATION.unit}", c.AcceptOffer(offer=STATION.id)),
        ("tc A4 xe hong", c.DeclineOffer(offer=f"{CRASH}.ambulance.2", why="vehicle-fault")),
        ("decline A4 far", c.DeclineOffer(offer=f"{CRASH}.ambulance.2", why="too-far")),
        ("từ chối A4 xe", c.DeclineOffer(offer=f"{CRASH}.ambulance.2", why="vehicle-fault")),
        ("tc A4 tổ đang ăn cơm", c.DeclineOffer(offer=f"{CRASH}.ambulance.2", reason="tổ đang ăn cơm")),
        ("kế tiếp A4", c.WithdrawOffer(offer=f"{CRASH}.ambulance.2", skip=True)),
        ("thu hồi A4", c.WithdrawOffer(offer=f"{CRASH}.ambulance.2")),
        ("an toàn A2", c.CheckUnit(unit="A2")),
    ],
)
def test_what_is_typed(typed: str, body: c.Command) -> None:
    assert parse(typed, HERE) == Send(body)


@pytest.mark.parametrize(
    ("typed", "code", "must_say"),
    [
        ("dn A99", "unit", "A99"),
        ("dn A1 A99", "unit", "A99"),
        ("dn 119", "service", "113"),
        ("dn #99", "incident", "#99"),
        ("nhan", "which_offer", "A4"),
        ("nhan A2", "no_offer", "“A2”"),
        ("nhan A4 A99", "unit", "A99"),
        ("tc A4", "decline_why", "xe hỏng"),
        ("tc A2 xe hong", "no_offer", "FE5"),
        ("kt A2", "no_offer", "A4"),
        ("dn- A2", "no_offer", "A4"),
        ("at", "usage", "at A12"),
        ("at A99", "unit", "A99"),
    ],
)
def test_a_mistake_says_what_to_write(typed: str, code: str, must_say: str) -> None:
    outcome = parse(typed, HERE)
    assert isinstance(outcome, Wrong) and outcome.code == code, outcome
    assert must_say in outcome.sentence("vi")


def test_without_an_open_incident_the_only_offer_is_meant() -> None:
    night = busy_night()
    nowhere = Context(night.state, "lan", Role.DISPATCHER)
    assert parse("dn A1", nowhere) == Wrong("no_incident")
    outcome = parse("nhan", nowhere)
    assert isinstance(outcome, Wrong) and outcome.code == "which_offer"
    lone = Context(night.state, "lan", Role.DISPATCHER, CRASH)
    assert parse("nhan", lone) == Send(c.AcceptOffer(offer=f"{CRASH}.ambulance.2"))


def test_who_is_asked_and_why_not_are_offered_while_typing() -> None:
    assert [it.line for it in complete("nhan A", HERE, "vi")] == ["nhan A4 ", "nhan A6 "][:1]
    assert [it.line for it in complete("tc A4 xe", HERE, "vi")] == ["tc A4 xe hỏng "]
    assert [it.line for it in complete("tc A4 t", HERE, "en")] == ["tc A4 too far "]


# --- the narrative ----------------------------------------------------------------------------------------------------


def story(night: Night, incident: str, language: str = "vi") -> list[str]:
    return [sentences.note(night.state, it, language) for it in night.state.incidents[incident].notes]


def test_the_narrative_explains_everything() -> None:
    night = asking()
    night.must(night.person("lan"), c.DeclineOffer(offer=STATION.id, why="vehicle-fault"))  # its one crew that is near
    near = night.state.stations[STATION.station].name
    (second,) = pending(night.state.incidents[CRASH].legs["police"])
    name = night.state.stations[second.station].name
    night.must(night.person("lan"), c.DeclineOffer(offer=second.id, reason="hết người"))
    (third,) = pending(night.state.incidents[CRASH].legs["police"])
    assert (third.station, third.unit) == (second.station, "B3")
    night.must(night.person("lan"), c.DeclineOffer(offer=third.id, why="too-far"))
    told = story(night, CRASH)
    for line in (
        f"Đề nghị {near} cử {STATION.unit}, trả lời trong 45 s", f"{near} từ chối: xe hỏng",
        f"{name} từ chối: hết người", f"{name} từ chối: quá xa",
        f"Bỏ qua {near} (không có đơn vị rảnh), {name} (trạm đã từ chối nhiều lần)",
        "Công an: không còn ai để đề nghị; đã báo trưởng ca",
    ):  # fmt: skip
        assert line in told, (line, told)
    night.must(night.person("lan"), c.OfferStation(incident=CRASH, station=second.station))
    night.must(night.person("lan"), c.AcceptOffer(offer=f"{CRASH}.police.4"))
    assert any(line.endswith("said yes and sends B5") for line in story(night, CRASH, "en"))
    assert night.state.units["B5"].status.value == "acknowledged"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_line_of_the_handshake_reads(language: str) -> None:
    state = NIGHT.state
    lines = [
        Note(at=1, by="core:t", kind="offered", about=("crew", "CA-BT", "B1", "30", "police")),
        Note(at=1, by="core:t", kind="offered", about=("station", "CA-BT", "", "30", "police")),
        Note(at=1, by="core:t", kind="offer_expired", about=("station", "CA-BT", "", "", "police")),
        Note(at=1, by="core:t", kind="offer_expired", about=("crew", "gone", "B1", "", "police")),
        Note(at=1, by="core:t", kind="offer_declined", about=("crew", "CA-BT", "B1", "gone", "police"), text="x"),
        *(
            Note(at=1, by="core:t", kind="offer_withdrawn", about=("crew", "CA-BT", "B1", why, "police"))
            for why in ("", "taken", "skipped", "taken_back")
        ),
        Note(at=1, by="core:t", kind="offers_exhausted", about=("police",)),
        Note(at=1, by="core:t", kind="checked", about=("B1",)),
        Note(at=1, by="core:t", kind="overdue", about=("B1", "on_scene")),
        Note(at=1, by="core:t", kind="overdue", about=("B1", "odd")),
    ]
    for line in lines:
        text = sentences.note(state, line, language)
        assert text and "{" not in text and line.kind not in text, text
    passed = (
        Passed(unit="B1", why="at_work", about=("20261123-00041",)),
        Passed(unit="B2", why="not_available", about=("x",)),
        Passed(unit="B3", why="not_available", about=("out_of_service",)), Passed(unit="CA-BT", why="no_unit"),
        Passed(unit="B5", why="odd"),
    )  # fmt: skip
    recorded = Recorded(seq=1, at=1, by="core:t", command="c", event=UnitChecked(unit="B1"))
    (line,) = tell_passed(replace(state.incidents[CRASH], notes=()), recorded, "police", passed).notes
    text = sentences.note(state, line, language)
    assert "#41" in text and sentences.say(language, "status.out_of_service") in text and "(odd)" in text


def test_the_alarm_names_incident_and_service() -> None:
    alarm = Alarm(
        key="k", kind="offers_exhausted", subject=f"{CRASH}.police", level=AlarmLevel.CRITICAL, raised_at=1
    )
    assert sentences.alarm(alarm, "vi", NIGHT.state) == "#1 Công an: không còn ai để đề nghị"
    assert sentences.alarm(alarm, "en", NIGHT.state) == "#1 Police: nobody is left to ask"
    assert CRASH in sentences.alarm(alarm, "vi")
    assert State().declines == {}
