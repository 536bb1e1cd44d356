"""Taking calls by keyboard: to a three-leg dispatch, an empty one, the next one while one is unsaved, a crash, an
address that was heard wrongly."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Person, Task, task
from scripts.acceptance.console.scenes import (
    PATIENCE_S,
    answer,
    caller_waits,
    caller_with,
    hang_up,
    legs_of,
    ranked,
)
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.stage.callers import Caller
from scripts.stage.keyboard import BURST, HUMAN

MOST_KEYS = 14
TOLD = "Xe tải tông xe máy, một người kẹt dưới gầm"
"""As a Telex program hands it over: letters with their marks."""

SENT = "SELECT service, count(*) FROM assignments WHERE incident = %s AND released_at IS NULL GROUP BY service"


def _dispatch(r: KeyedRig, lan: Person, number: str, rate: float) -> str:
    """From the ringing call to three legs with units; the incident."""
    incident = str(answer(r, lan, number)["incident"])
    lan.press("F6")
    lan.type("ket", rate=rate)
    lan.offered("có người kẹt")
    lan.press("Return", "F3")
    lan.type("nga tu hang xanh", "address", rate=rate)
    lan.offered("Hàng Xanh")
    lan.press("Return", "F7")
    lan.type(TOLD, "narrative", rate=rate)
    lan.press("Return")
    ranked(lan, incident, 3)
    lan.press("alt+d")
    until(lambda: all(leg["units"] for leg in legs_of(lan, incident).values()), "units on three legs")
    return incident


def to_three_legs(r: KeyedRig, rate: float) -> str:
    lan, minh = r.person("lan"), r.person("minh")
    with caller_waits(r, lan) as number:
        doing = Task(lan)
        incident = _dispatch(r, lan, number, rate)
        seen = doing.done()
        sent = dict(r.sql(SENT, incident))
        need(set(sent) == {"ambulance", "fire", "police"}, f"assignments in the database: {sent}")
        need(doing.strokes.keys <= MOST_KEYS, f"{seen}: more than {MOST_KEYS} keys")
        until(lambda: all(leg["units"] for leg in legs_of(minh, incident).values()), "the same on the other console")
        need(r.noted(incident, TOLD) == 1, f"the narrative is {r.noted(incident, TOLD)} times in the journal")
    return f"{seen}: {sent}"


def no_content(r: KeyedRig) -> str:
    lan = r.person("lan")
    with caller_with(r, lan, "113") as call:
        doing = Task(lan)
        lan.press("F8")
        r.shown(lan.console, call["number"], "ended")
        seen = doing.done()
    row = r.sql("SELECT state, disposition FROM incidents WHERE id = %s", call["incident"])[0]
    need(row == ("closed", "no_content"), f"stored as {row}")
    need(doing.strokes.keys == 1, seen)
    return f"{seen}: hung up and {row[0]} as {row[1]}"


def next_one(r: KeyedRig) -> str:
    """The next call is answered while the form of the first still has words that were not sent; they are there again
    when one comes back, and nothing of them went into the second."""
    lan = r.person("lan")
    half = "Cháy ở tầng ba, hướng"
    one, other = r.number(), r.number()
    with r.calling(Caller("115", one, patience=PATIENCE_S), Caller("115", other, patience=PATIENCE_S), rate=2.0):
        for number in (one, other):
            r.shown(lan.console, number, "queued", "ringing")
        first = answer(r, lan, one)
        doing = Task(lan)
        lan.press("F7")
        lan.type(half, "narrative")
        hang_up(r, lan, one)
        second = answer(r, lan, other)
        need(second["incident"] != first["incident"], "the second call joined the first incident")
        field = lan.see()["fields"]["note"]
        need(field == "", f"the note of the second form begins with “{field}”")
        lan.press("alt+q")
        lan.in_form(first["incident"])
        lan.sees(lambda it: (it["focus"], it["fields"]["note"]) == ("note", half), "the words, to be gone on with")
        lan.type(" đường Ba Tháng Hai", "narrative")
        lan.press("Return")
        until(lambda: any("Ba Tháng Hai" in line for line in lan.console.story()), "the whole sentence in the log")
        seen = doing.done()
        hang_up(r, lan, other)
    whole = f"{half} đường Ba Tháng Hai"
    need(r.noted(first["incident"], whole) == 1, f"“{whole}” is not once in the journal of {first['incident']}")
    return f"{seen}: the first form had “{half}” when it was opened again"


def crash(r: KeyedRig) -> str:
    """Killed while the narrative is typed: started again, the words stand in the field of that incident."""
    lan = r.person("lan")
    typed = "Nạn nhân nam, khoảng bốn mươi"
    with caller_with(r, lan) as call:
        doing = Task(lan)
        lan.press("F7")
        lan.type(typed, "narrative")
        lan.sees(lambda it: it["fields"]["note"] == typed, "the letters in the field")
        lan.console.kill9()
        lan.again()
        lan.press("F12")
        if lan.see()["open"] != call["incident"]:
            lan.line(f"#{int(call['incident'].rpartition('-')[2])}")
        lan.in_form(call["incident"])
        kept = str(lan.sees(lambda it: it["fields"]["note"], "what was typed before the crash"))
        need(kept == typed, f"restored “{kept}” of “{typed}”")
        lan.press("F7", "End")
        lan.press("Return")
        until(lambda: any(typed in line for line in lan.console.story()), "the sentence in the log")
        seen = doing.done()
        lan.press("F10")
        r.shown(lan.console, call["number"], "ended")
    return f"{seen}, signing in again and its keys included: “{kept}” whole"


SCENARIOS = [
    task(
        "a call to a three-leg dispatch, at the pace of a person",
        f"three services on their way with at most {MOST_KEYS} keys besides address and narrative",
        lambda r: to_three_legs(r, HUMAN),
    ),
    task(
        "a call to a three-leg dispatch, in a burst of keys",
        f"the same with 15 keys a second, at most {MOST_KEYS} keys",
        lambda r: to_three_legs(r, BURST),
    ),
    task("nothing said", "one key hangs up and closes as no content", no_content),
    task("the next call while one is unsaved", "nothing hidden or mixed; the words stand there again", next_one),
    task("killed while typing", "started again, what was typed stands in its field", crash),
]
