"""Between desks: a note read with one key, a shift handed over with unsent words, a call that rings too long."""

from __future__ import annotations

from scripts.acceptance.console.keyed import KeyedRig, Person, Task, task
from scripts.acceptance.console.scenes import caller_waits, caller_with, incident_at_work
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until

NOTE = "nho goi lai nguoi nha"
HALF = "còn một người trong xe"


def _short(incident: str) -> str:
    return f"#{int(incident.rpartition('-')[2])}"


def _between(person: Person, words: str) -> None:
    person.sees(lambda it: any(words in line for line in it["desks"]), f"“{words}” above {person.user}'s line")


def _nothing_between(person: Person, words: str) -> None:
    person.sees(lambda it: not any(words in line for line in it["desks"]), f"no “{words}” above {person.user}'s line")


def note(r: KeyedRig) -> str:
    lan, minh = r.person("lan"), r.person("minh")
    with caller_with(r, lan) as call:
        doing = Task(lan)
        lan.press("ctrl+n")
        lan.line(f"b02 {_short(call['incident'])} {NOTE}")
        seen = doing.done()
        _between(minh, NOTE)
        stored = r.sql("SELECT payload::text FROM journal WHERE type = 'MemoSent' ORDER BY seq DESC LIMIT 1")[0][0]
        need(NOTE not in stored, "the words stand in the public part of the journal")
        minh.press("ctrl+r")
        _nothing_between(minh, NOTE)
        lan.sees(lambda it: any("đã đọc" in line and NOTE in line for line in it["said"]), "who read it, at lan's")
    return f"{seen}: at minh's at once, gone with one key, “đã đọc” with the time at lan's; its words in the side table"


def hand_over(r: KeyedRig) -> str:
    lan, minh = r.person("lan"), r.person("minh")
    with incident_at_work(r, lan) as incident:
        lan.press("F7")
        lan.type(HALF, "narrative")
        doing = Task(lan)
        lan.press("F12")
        lan.line(f"bg @minh {_short(incident)} trong giup")
        _between(minh, _short(incident))
        need(_owner(r, incident) == "lan", "it was minh's before he took it")
        minh.press("ctrl+g")
        minh.sees(lambda it: it["dialog"] == "ShiftSheet", "the sheet")
        minh.sees(lambda it: any(HALF in text for text in it["labels"]), "what lan had typed and not sent")
        minh.press("Return")
        until(lambda: _owner(r, incident) == "minh", "minh as the owner")
        seen = doing.done()
        _nothing_between(minh, _short(incident))
        _nothing_between(lan, _short(incident))
        taken = r.sql("SELECT count(*) FROM journal WHERE type = 'ShiftTaken'")[0][0]
        need(taken >= 1, "the journal does not tell that it was taken")
        lan.press("F7")
        lan.press("ctrl+shift+Home", "Delete")
    return f"{seen}: lan's until minh took it with Ctrl+G and Return, her unsent words on the sheet"


def _owner(r: KeyedRig, incident: str) -> str:
    rows = r.sql("SELECT owner FROM incidents WHERE id = %s", incident)
    return str(rows[0][0]) if rows else ""


def rings(r: KeyedRig) -> str:
    lan = r.person("lan")
    with caller_waits(r, lan) as number:
        doing = Task(lan)
        told = lan.sees(lambda it: [text for text in it["labels"] if text.startswith("♪")], "what sounds", 30.0)[0]
        lan.press("ctrl+s")
        lan.sees(lambda it: not any(text.startswith("♪") for text in it["labels"]), "nothing sounding")
        seen = doing.done()
        need(any(number[-3:] in row for row in lan.see()["boards"]["calls"]), "the call left its board")
        lan.press("F5")
        r.shown(lan.console, number, "answered")
        lan.press("F10")
        r.shown(lan.console, number, "ended")
    return f"{seen}: the band said “{told}”, nothing after one key, the call still on its board"


SCENARIOS = [
    task("a note to another desk", "there at once, read with one key, and the sender sees who read it", note),
    task("unsent words go with a shift", "on the sheet of who takes it, and in the narrative", hand_over),
    task("a call that waits too long", "sounds with its words in the band; one key silences it, nothing else", rings),
]
