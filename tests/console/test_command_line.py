"""The command line's words: every command, every mistake with what to write instead, and no line that breaks it."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from console_gui.command_line.completion import complete
from console_gui.command_line.outcomes import Act, Context, FindPlace, Screen, Send, Wrong
from console_gui.command_line.parsing import BY_NAME, offered, parse
from console_gui.command_line.table import VERBS
from console_gui.command_line.verb import Verb
from console_gui.folding import fold
from dispatch_core.domain import commands as c
from dispatch_core.domain.authority import PEOPLE
from dispatch_core.domain.conversations import Conversation
from dispatch_core.domain.state import Handed, Memo, MemoReader, ShiftHandOver
from dispatch_core.domain.vocabulary import (
    Card,
    CardAnswer,
    CardBook,
    CardQuestion,
    Closure,
    ClosureKind,
    Hospital,
    LocationSource,
    MemoTo,
    Role,
    TargetKind,
    UnitStatus,
    WatchHow,
)
from tests.console.scenario import SWITCH, busy_night

NIGHT = busy_night()
CRASH, FIRE, LOST, CLOSED = (f"20261123-0000{n}" for n in (1, 2, 3, 4))
HERE = Context(NIGHT.state, "lan", Role.DISPATCHER, CRASH)
LEADING = Context(NIGHT.state, "thao", Role.SUPERVISOR, CRASH)
SWITCHING = Context(NIGHT.state, "hung", Role.TELEPHONY_ADMIN)
NOWHERE = Context(NIGHT.state, "lan", Role.DISPATCHER, "")
MINE = next(call.id for call in NIGHT.state.calls.values() if call.position == "B01")
WAITING = next(call.id for call in NIGHT.state.calls.values() if call.number == "0868112233")
OVERFLOWED = next(call.id for call in NIGHT.state.calls.values() if call.overflowed)


def pin(lat: float, lon: float) -> object:
    from dispatch_core.domain.vocabulary import Location

    return Location(label=f"{lat:.5f}, {lon:.5f}", source=LocationSource.MAP_PIN, lat=lat, lon=lon)


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("a", c.AnswerCall(call=WAITING)),
        ("a 0868112233", c.AnswerCall(call=WAITING)),
        ("a 2233", c.AnswerCall(call=WAITING)),
        (f"a {WAITING}", c.AnswerCall(call=WAITING)),
        ("A 0868 112 233", c.AnswerCall(call=WAITING)),
        ("h", c.HangUp(call=MINE)),
        ("h 0868112233", c.HangUp(call=WAITING)),
        ("t theft", c.SetType(incident=CRASH, type="theft", seen="traffic_trapped")),
        ("t tngt #2", c.SetType(incident=FIRE, type="traffic", seen="house_fire")),
        ("t chay nha #1", c.SetType(incident=CRASH, type="house_fire", seen="traffic_trapped")),
        ("t Cháy nhà", c.SetType(incident=CRASH, type="house_fire", seen="traffic_trapped")),
        ("p 2", c.SetPriority(incident=CRASH, priority=2, seen=1)),
        ("p P3 #2", c.SetPriority(incident=FIRE, priority=3, seen=1)),
        ("@ 10.77,106.69", c.Locate(incident=CRASH, location=pin(10.77, 106.69), seen=1)),
        ("@10.77 106.69 #2", c.Locate(incident=FIRE, location=pin(10.77, 106.69), seen=1)),
        ("n xem lại #2", c.AddNote(incident=CRASH, text="xem lại #2")),
        ("n #2 xem lại", c.AddNote(incident=FIRE, text="xem lại")),
        ("n dòng một\ndòng hai\u2028ba\x07", c.AddNote(incident=CRASH, text="dòng một dòng hai ba")),
        ("d\u00a0A1\u200f\t#2", c.AssignUnits(incident=FIRE, units=("A1",))),
        ("d A1 FE1 B1", c.AssignUnits(incident=CRASH, units=("A1", "FE1", "B1"))),
        ("d a1,fe1 #2", c.AssignUnits(incident=FIRE, units=("A1", "FE1"))),
        ("D A1 #20261123-2", c.AssignUnits(incident=FIRE, units=("A1",))),
        ("/st A2 onscene", c.ReportStatus(unit="A2", status=UnitStatus.ON_SCENE)),
        ("/st a2 toi", c.ReportStatus(unit="A2", status=UnitStatus.ON_SCENE)),
        ("st A2 tới", c.ReportStatus(unit="A2", status=UnitStatus.ON_SCENE)),
        ("/st A2 nhan", c.ReportStatus(unit="A2", status=UnitStatus.ACKNOWLEDGED)),
        ("/st A2 đi", c.ReportStatus(unit="A2", status=UnitStatus.EN_ROUTE)),
        ("/st A2 cho", c.ReportStatus(unit="A2", status=UnitStatus.TRANSPORTING)),
        ("/st A2 vien", c.ReportStatus(unit="A2", status=UnitStatus.AT_HOSPITAL)),
        ("/st A2 ve", c.ReportStatus(unit="A2", status=UnitStatus.RETURNING)),
        ("/st A2 ss", c.ReportStatus(unit="A2", status=UnitStatus.AVAILABLE)),
        ("/st A2 en_route", c.ReportStatus(unit="A2", status=UnitStatus.EN_ROUTE)),
        ("r A2", c.ReleaseUnit(unit="A2")),
        ("leg police", c.OpenLeg(incident=CRASH, service="police")),
        ("leg 113 #2", c.OpenLeg(incident=FIRE, service="police")),
        ("leg công an", c.OpenLeg(incident=CRASH, service="police")),
        ("leg pccc", c.OpenLeg(incident=CRASH, service="fire")),
        ("leg- amb #2", c.CloseLeg(incident=FIRE, service="ambulance")),
        ("take #3", c.TakeIncident(incident=LOST)),
        ("re #42 @lan", None),
        ("re #2 @lan gom về một mối", c.ReassignIncident(incident=FIRE, to="lan", reason="gom về một mối")),
        ("re #2 @Hưng ca trưởng nhận", c.ReassignIncident(incident=FIRE, to="hung", reason="ca trưởng nhận")),
        ("re #2/115 @lan kẹt xe", c.ReassignLeg(incident=FIRE, service="ambulance", dispatcher="lan", reason="kẹt xe")),
        ("re #2/115 station:CC-TT gần hơn",
         c.ReassignLeg(incident=FIRE, service="ambulance", station="CC-TT", reason="gần hơn")),
        ("re #2/115 trạm:cc-tt gần hơn",
         c.ReassignLeg(incident=FIRE, service="ambulance", station="CC-TT", reason="gần hơn")),
        ("re #2/115 A1<A6 hỏng xe",
         c.ReassignLeg(incident=FIRE, service="ambulance", unit="A1", instead_of="A6", reason="hỏng xe")),
        ("re #2/cap A1 thêm xe", c.ReassignLeg(incident=FIRE, service="ambulance", unit="A1", reason="thêm xe")),
        ("x resolved #2", c.CloseIncident(incident=FIRE, disposition="resolved")),
        ("x đã xử lý", c.CloseIncident(incident=CRASH, disposition="resolved")),
        ("x bao nham", c.CloseIncident(incident=CRASH, disposition="false_alarm")),
        ("x người nhà tự đưa đi", c.CloseIncident(incident=CRASH, disposition="người nhà tự đưa đi")),
        ("xx #3", c.CloseEmpty(incident=LOST)),
        ("pos b03", c.TakePosition(position="B03")),
        ("pos- chac", c.LeavePosition()),
        ('addpos b08 "Bàn 8" 115', c.AddPosition(position="B08", label="Bàn 8", services=("ambulance",))),
        ("addpos B09 “Bàn 9” 113,114 cap",
         c.AddPosition(position="B09", label="Bàn 9", services=("police", "fire", "ambulance"))),
        ("gi", c.HoldCall(call=MINE)),
        ("giữ", c.HoldCall(call=MINE)),
        ("hold", c.HoldCall(call=MINE)),
        ("giữ máy", c.HoldCall(call=MINE)),
        ("hold #3 tòa án yêu cầu", c.HoldRecording(incident=LOST, reason="tòa án yêu cầu")),
        ("nói tiếp", c.ResumeCall(call=MINE)),
        ("trả lời 0868112233", c.AnswerCall(call=WAITING)),
        ("n nghỉ rồi", c.AddNote(incident=CRASH, text="nghỉ rồi")),
        ("chuyển B03", c.TransferCall(call=MINE, kind=TargetKind.POSITION, target="B03")),
        ("chuyển máy 114", c.TransferCall(call=MINE, kind=TargetKind.SERVICE, target="fire")),
        ("chuyển giao #2 @lan gom lại", c.ReassignIncident(incident=FIRE, to="lan", reason="gom lại")),
        ("resume", c.ResumeCall(call=MINE)),
        ("mic", c.MuteCall(call=MINE, on=True)),
        ("ch b03", c.TransferCall(call=MINE, kind=TargetKind.POSITION, target="B03")),
        ("ch 114", c.TransferCall(call=MINE, kind=TargetKind.SERVICE, target="fire")),
        ("transfer cong an", c.TransferCall(call=MINE, kind=TargetKind.SERVICE, target="police")),
        ("ch 028 1234.567", c.TransferCall(call=MINE, kind=TargetKind.NUMBER, target="0281234567")),
        ("hoi +84281234567", c.ConsultCall(call=MINE, kind=TargetKind.NUMBER, target="+84281234567")),
        ("hỏi B03", c.ConsultCall(call=MINE, kind=TargetKind.POSITION, target="B03")),
        ("nối", c.CompleteConsult(call=MINE)),
        ("ba", c.JoinConsult(call=MINE)),
        ("về", c.BackToCaller(call=MINE)),
        ("mời B03", c.InviteToCall(call=MINE, kind=TargetKind.POSITION, target="B03")),
        ("rời", c.LeaveConference(call=MINE)),
        ("gs b03", c.WatchPosition(position="B03", how=WatchHow.LISTEN)),
        ("nhắc B03", c.WatchPosition(position="B03", how=WatchHow.WHISPER)),
        ("barge B03", c.WatchPosition(position="B03", how=WatchHow.BARGE)),
        ("ch mặt trăng", None),
        ("gi B03", None),
        ("ch", None),
        ("gs", None),
        ("pos", None),
        ("nghe B02", None),
        ("alarm", c.HandleAlarm(key="message_parked:hcm1")),
        ("alarm 1", c.HandleAlarm(key="message_parked:hcm1")),
        ("cb message_parked:hcm1", c.HandleAlarm(key="message_parked:hcm1")),
    ],
)  # fmt: skip
def test_what_a_line_asks_of_the_core(typed: str, body: c.Body | None) -> None:
    outcome = parse(typed, HERE)
    assert outcome == Send(body) if body is not None else isinstance(outcome, Wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("@ chợ Bến Thành", FindPlace("chợ Bến Thành", CRASH, 1)),
        ("@chợ Bến Thành #3", FindPlace("chợ Bến Thành", LOST, 0)),
        ("#2", Screen(Act.SHOW, FIRE)),
        ("lang en", Screen(Act.LANGUAGE, "en")),
        ("theme sáng", Screen(Act.THEME, "light")),
        ("theme dark", Screen(Act.THEME, "dark")),
        ("/ 115", Screen(Act.FILTER, "115")),
        ("/", Screen(Act.FILTER, "")),
        ("map", Screen(Act.MAP, "")),
        ("map #2", Screen(Act.MAP, FIRE)),
        ("map a2", Screen(Act.MAP, "A2")),
        ("?", Screen(Act.HELP, "")),
        ("quit sure", Screen(Act.QUIT, "")),
        ("thôi", Screen(Act.STOP)),
    ],
)
def test_what_a_line_does_on_the_screen(typed: str, outcome: object) -> None:
    assert parse(typed, HERE) == outcome


def test_of_several_alarms_one_is_named() -> None:
    night = busy_night()
    night.must(SWITCH, c.ForgerySeen(node="hcm1", trunk="vnpt"))
    here = dataclasses.replace(HERE, state=night.state)
    outcome = parse("cb", here)
    assert isinstance(outcome, Wrong) and "2 cảnh báo" in outcome.sentence("vi") and "vnpt" in outcome.sentence("en")
    assert parse("cb 2", here) == Send(c.HandleAlarm(key="message_parked:hcm1"))


def test_words_of_the_caller_become_a_place_without_coordinates() -> None:
    outcome = parse("@! sau chợ, hẻm có cây me", HERE)
    assert isinstance(outcome, Send) and isinstance(outcome.body, c.Locate)
    assert outcome.body.location.source is LocationSource.SPOKEN
    assert outcome.body.location.lat is None


@pytest.mark.parametrize(
    ("typed", "context", "code", "must_say"),
    [
        ("", HERE, "empty", "F1"),
        ("zzz A1", HERE, "verb", "zzz"),
        ("d Z9", HERE, "unit", "Z9"),
        ("d A99 #2", HERE, "unit", "A9"),
        ("d", HERE, "units", "d A12"),
        ("d #2", HERE, "units", "d A12"),
        ("/st A2 bay", HERE, "status", "toi"),
        ("/st A99 toi", HERE, "unit", "A9"),
        ("/st", HERE, "usage", "/st"),
        ("d A1 #77", HERE, "incident", "#77"),
        ("d A1", NOWHERE, "no_incident", "#42"),
        ("leg 119", HERE, "service", "113"),
        ("leg", HERE, "usage", "leg"),
        ("t zzz", HERE, "type", "zzz"),
        ("t", HERE, "usage", "t tngt"),
        ("p 9", HERE, "priority", "5"),
        ("p 12", HERE, "priority", "5"),
        ("p", HERE, "priority", "5"),
        ("@", HERE, "place", "@"),
        ("@ 99,200", HERE, "coordinates", "99"),
        ("n", HERE, "note", "n"),
        ("re #2 @nobody why", LEADING, "user", "@lan"),
        ("re A4 @lan", LEADING, "usage", "re A12 #43"),
        ("re #2", LEADING, "usage", "re"),
        ("re A99 #2 x", LEADING, "unit", "A99"),
        ("re-", LEADING, "no_undo", "30"),
        ("xep lung tung", LEADING, "choice", "tre"),
        ("re #2/115 station:XX why", LEADING, "station", "CC-TT"),
        ("re #2/119 @lan why", LEADING, "service", "115"),
        ("pos B77", HERE, "position", "B03"),
        ("x", HERE, "disposition", "đã xử lý"),
        ("xx #2", HERE, "units_at_work", "A6"),
        ("a 0000", HERE, "call", "0868112233"),
        ("alarm 9", HERE, "alarm", "9"),
        ("lang fr", HERE, "choice", "vi"),
        ("theme pink", HERE, "choice", "toi"),
        ("addpos B08", SWITCHING, "usage", "addpos"),
        ('addpos B08 "Bàn 8" xyz', SWITCHING, "service", "113"),
        ("x" * 5000, HERE, "too_long", "4200"),
        ("re #2 @nobody why", HERE, "role", "trưởng ca"),
        ("addpos B08", HERE, "role", "quản trị tổng đài"),
        ("addpoz", HERE, "verb", "Thử: toado, do, dd. F1"),
        ("d A\u202e99", HERE, "unit", "“A99”"),
        ("\u200f\u202e", HERE, "empty", "F1"),
        ("z" * 4000, HERE, "verb", "z…”. Thử: a, h"),
    ],
)
def test_a_mistake_says_what_to_write(typed: str, context: Context, code: str, must_say: str) -> None:
    outcome = parse(typed, context)
    assert isinstance(outcome, Wrong), outcome
    assert outcome.code == code
    assert must_say in outcome.sentence("vi")
    assert outcome.sentence("en") != outcome.sentence("vi")


@pytest.mark.parametrize("after", ["", " zzz", " zzz zzz zzz"])
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.names[0])
def test_a_mistake_told_in_english_is_english(verb: Verb, after: str) -> None:
    for context in (HERE, LEADING, SWITCHING):
        outcome = parse(verb.names[0] + after, context) if context.role in verb.roles else None
        if isinstance(outcome, Wrong):
            assert not re.search("[À-ỹđĐ]", outcome.sentence("en")), outcome.sentence("en")


def test_the_default_call_is_for_my_services_or_overflowed() -> None:
    police = Context(_seated("B03"), "lan", Role.DISPATCHER)
    assert parse("a", police) == Send(c.AnswerCall(call=OVERFLOWED))
    nobody = parse("a", Context(_seated("B03", overflowed=False), "lan", Role.DISPATCHER))
    assert isinstance(nobody, Wrong) and nobody.code == "others_wait" and "0868112233" in nobody.sentence("vi")


def _seated(position: str, *, overflowed: bool = True):  # type: ignore[no-untyped-def]
    from msgspec.structs import replace

    state = NIGHT.state
    people = {**state.people, "lan": replace(state.people["lan"], position=position)}
    calls = {k: replace(v, overflowed=v.overflowed and overflowed) for k, v in state.calls.items()}
    return replace(state, people=people, calls=calls)


def test_numbers_of_another_day_are_found_when_today_has_none() -> None:
    from msgspec.structs import replace

    tomorrow = replace(NIGHT.state, day="20261124")
    assert parse("#2", Context(tomorrow, "lan", Role.DISPATCHER)) == Screen(Act.SHOW, FIRE)


def test_everything_a_person_may_ask_has_a_command() -> None:
    """Each command that the rules let a person give is made by some line of this table."""
    made = set()
    lines = [
        "a", "h", "t theft", "p 2", "@ 10.7,106.6", "n x", "d A1", "/st A2 toi", "r A2", "leg 113", "leg- 113",
        "take #3", "x x", "xx #3", "re #2 @lan r", "re #2/115 @lan r", "pos B03", "pos- chac", "alarm",
        "addpos B8 b 115",
        "giu #3 r", "giu- #3 r",
        "gi", "tiep", "mic", "ch B03", "hoi B03", "noi", "ba", "ve", "moi 0281234567", "roi", "gs B01", "thoi",
        "gl", "xn 1 x", "gop #2", "bogop #2", "tach", "ss", "nghi com",
        "cap 2", "cap 1 #2", "vi A4 x", "kip A1 nghi 30", "dolai",
        "tn 456 Xe đang đến", "tn! 456", "tn+ 456", "tn= 456 #3", "tn- 456", "im", "qr #3 r", "thong D1",
        "dn", "dn A1", "nhan", "tc A4 xa", "dn- A4", "at A2",
        "bv A2 H1", "giuong H1 3", "nn H1 60 kín", "nn- H1", "dd gas 50 kho #2", "dd- P1", "dd= P1", "dct A1 CC-TT",
        "dct- A1",
        "khac #2", "caodiem #3 r", "caodiem- r", "th 1",
        "nb tc gọi lại", "doc", "bg+", "bg-",
        "re A4 #3 r", "re-",
    ]  # fmt: skip
    one = Conversation(id="t1", node="n", carrier="", dialled="113", number="0903123456")
    closed = Closure(id="D1", kind=ClosureKind.CLOSED, outline=((106.7, 10.77), (106.71, 10.77)))
    handed = Handed(what="incident", service="", was="lan", to="minh", at=HERE.now, by=f"person:{HERE.user}")
    raised = structs.replace(NIGHT.state.incidents[FIRE], level=2, handed=handed)
    card = Card(code="c", types=(NIGHT.state.incidents[CRASH].type,), ask=("q",))
    asks = CardQuestion(code="q", answers=(CardAnswer(code="a"),))
    written = structs.replace(
        NIGHT.state, cards=CardBook(cards={"c": card}, questions={"q": asks}),
        conversations={"t1": one}, closures={"D1": closed},
        incidents={**NIGHT.state.incidents, FIRE: raised},
        hospitals={"H1": Hospital(id="H1", name="Chợ Rẫy", lat=10.757, lon=106.659)},
        memos={"m": Memo(id="m", at=1, user="thao", kind=MemoTo.PERSON, name="lan", readers=(MemoReader(user="lan"),))},
        hand_overs={"minh": ShiftHandOver(user="minh", to="lan", at=1, incidents=(FIRE,))},
    )  # fmt: skip
    for typed in lines:
        role = Role.SUPERVISOR if typed == "thoi" else HERE.role
        outcome = parse(typed, dataclasses.replace(HERE, state=written, role=role))
        assert isinstance(outcome, Send), (typed, outcome)
        made.add(type(outcome.body))
    over_https = {c.SignOut, c.HearRecording, c.ExportEvidence}
    by_hand = {c.DrawClosure, c.HandShift, c.OpenIncident, c.TellSound}
    assert made == set(PEOPLE) - over_https - by_hand, "signing out, listening, exporting go over HTTPS"


@pytest.mark.parametrize("number", ["0977030109", "20261001", "0912345678"])
def test_a_number_that_could_be_a_day_is_a_number(number: str) -> None:
    asked = parse(f"chungcu {number}", dataclasses.replace(HERE, role=Role.SUPERVISOR))
    assert (asked.number, asked.since) == (number, 0)


@pytest.mark.parametrize("typed", ["tn-", "tn+", "tn= #3"])
def test_of_several_conversations_none_is_guessed(typed: str) -> None:
    one, two = (Conversation(id=f"t{n}", node="n", carrier="", dialled="113", number=f"090312345{n}") for n in (1, 2))
    alone = dataclasses.replace(HERE, state=structs.replace(NIGHT.state, conversations={"t1": one}))
    both = dataclasses.replace(HERE, state=structs.replace(NIGHT.state, conversations={"t1": one, "t2": two}))
    assert isinstance(parse(typed, alone), Send)
    refused = parse(typed, both)
    assert isinstance(refused, Wrong) and refused.code == "which_text"
    assert "0903123452" in refused.sentence("vi")


def test_names_are_unique_and_told_in_both_languages() -> None:
    assert len(BY_NAME) == sum(len(verb.names) for verb in VERBS)
    for verb in VERBS:
        assert all(verb.help) and all(verb.syntax)
        assert verb.help[0] != verb.help[1]
    assert {verb.names[0] for verb in offered(Role.TELEPHONY_ADMIN)} >= {"addpos", "alarm", "quit"}
    assert not any(verb.names[0] == "re" for verb in offered(Role.DISPATCHER))


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(st.text(max_size=40), st.from_regex(r"(/?\w{1,4}|[@#/])[ #/@<:\w,.\"-]{0,40}", fullmatch=True)))
@example(text="re #2/")
@example(text="#99999999999999")
@example(text='addpos "')
@example(text="/")
def test_no_line_breaks_the_parser_or_the_completion(text: str) -> None:
    for context in (HERE, NOWHERE):
        outcome = parse(text, context)
        if isinstance(outcome, Wrong):
            assert outcome.sentence("vi") and outcome.sentence("en")
        for language in ("vi", "en"):
            complete(text, context, language)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("ad", "addpos "),
        ("d A1", "d A10 "),
        ("d ", "d A1 "),
        ("/st A2 ", "/st A2 toi "),
        ("t cha", "t house_fire "),
        ("leg 11", "leg 113 "),
        ("d A1 #", "d A1 #7 "),
        ("#", "#7 "),
        ("re #2 @la", "re #2 @lan "),
        ("pos ", "pos B03 "),
        ("x bao", "x báo nhầm "),
        ("lang ", "lang vi "),
        ("a 08", "a 0868112233 "),
    ],
)
def test_completion(typed: str, line: str) -> None:
    role = Role.TELEPHONY_ADMIN if typed == "ad" else Role.SUPERVISOR
    found = complete(typed, Context(NIGHT.state, "lan", role, CRASH), "vi")
    assert line in [it.line for it in found]


def test_folding() -> None:
    assert fold("  Đường  Nguyễn THỊ Thập ") == "duong nguyen thi thap"
