"""The admin at his window, with the keyboard alone: a carrier added, a broken one that comes back, a change undone."""

from __future__ import annotations

from scripts.acceptance.console.keyed import Person, Task
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import ADMIN, NODES, Centre, row, within
from scripts.stage.ports import LOOPBACK

NEW, BROKEN = "mobi", "hong"
BACK_S = 12.0
"""Ten seconds are promised; the rest is the keys after the word."""


def _focus(person: Person, name: str, seconds: float = 20.0) -> None:
    person.sees(lambda it: it["focus"] == f"trunk_{name}", f"the keyboard in {name}", seconds)


def _typed(r: Centre, hung: Person, name: str, port: int) -> Task:
    """A carrier typed into the form and tried on the scratch switches; the keyboard is where its name confirms it."""
    for left in ("daxem", "bothaydoi"):  # by a row that failed
        hung.line(left)
    doing = Task(hung)
    hung.press("alt+3")
    _focus(hung, "entries")
    hung.press("F12")
    hung.line("themmuc nhamang")
    _focus(hung, "carriers_name")
    hung.type(name)
    hung.press("Return")
    _focus(hung, "carriers_peers")
    hung.type(f"{LOOPBACK}:{port}")
    hung.press("Return")
    hung.type("30")
    hung.press("F3")
    _focus(hung, "confirm", 40.0)
    return doing


def _says(person: Person, *words: str, seconds: float = 20.0) -> str:
    """What stands there with all of these words."""

    def told() -> str:
        said = [*person.see()["labels"], *person.see()["said"]]
        return next((it for it in said if all(word in it for word in words)), "")

    return str(until(told, f"{words} on the screen", seconds))


def added(r: Centre) -> str:
    hung = r.person(ADMIN)
    port = r.port(f"carrier-{NEW}")
    with r.line(port=port) as mobi:
        doing = _typed(r, hung, NEW, port)
        hung.picture("trunk a carrier to be applied")
        hung.type(NEW)
        hung.press("Return")
        until(lambda: all(r.reached(node, NEW) for node in NODES), f"{NEW} reached from both nodes")
        _says(hung, "✓", "xong")
        seen = doing.done()
        call = mobi.call("113", r.number()).wait_connected()
        call.hang_up()
        with r.client() as client:
            change = client.history()[0]
        need((change.by, change.outcome) == (ADMIN, "done") and change.in_force, f"history: {change}")
        _taken_back(r, hung)
    return f"{seen}: reached from both nodes, its caller taken; then given back by a line"


def _taken_back(r: Centre, hung: Person) -> None:
    hung.press("Escape")
    hung.sees(lambda it: it["focus"] == "line", "the command line")
    hung.line("tralai chưa ký xong")
    until(lambda: not any(r.knows(node, NEW) for node in NODES), f"nobody knowing {NEW} any more")
    with r.client() as client:
        until(lambda: not client.shown().job, "the end of the roll-back")
        change = client.history()[0]
        need((change.kind, change.outcome, change.why) == ("rollback", "done", "chưa ký xong"), f"history: {change}")
        need(client.shown().text == r.base, "what is in force is not what was before")


def came_back(r: Centre) -> str:
    """A carrier that nobody answers at."""
    hung = r.person(ADMIN)
    files = r.files()
    doing = _typed(r, hung, BROKEN, r.port(f"carrier-{BROKEN}"))
    hung.type(BROKEN)
    hung.press("Return")
    seconds = within(lambda: _noticed(hung), "the notice over every page", BACK_S + 5.0)
    seen = doing.done()
    reason = _says(hung, f"carriers.{BROKEN}.peers")
    hung.picture("trunk came back")
    need(seconds < BACK_S, f"the notice came after {seconds:.1f} s")
    until(lambda: r.files() == files, "the files of before", 5.0)
    need(_stands(hung), "the notice does not stand over the page")
    hung.press("alt+s")
    until(lambda: not _stands(hung), "the notice gone when it was read", 10.0)
    hung.line("bothaydoi")
    return f"{seen}: after {seconds:.1f} s the notice says: {reason}"


def _noticed(hung: Person) -> bool:
    return any(f"carriers.{BROKEN}.peers" in text for text in hung.see()["labels"])


def _stands(hung: Person) -> bool:
    """The notice alone says what is now; the reason stays with the steps of the apply when it was read."""
    return any("chạy lại bản trước" in text for text in hung.see()["labels"])


SCENARIOS = [
    row("by keyboard: a carrier is added, and taken back", "reached from both nodes; then as before", added),
    row("by keyboard: a broken carrier comes back", "a notice with the reason over every page", came_back),
]
