"""A position that an admin adds from the screen, down to the phone that registers for it."""

from __future__ import annotations

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.registering import registered_phone
from scripts.acceptance.spine.rig import rig, until
from scripts.stage.callers import Caller
from scripts.stage.ports import Ports
from scripts.stage.secret_files import read_secret


def added_position() -> str:
    r = rig()
    hung, lan = r.console("hung"), r.console("lan")
    file = r.system.site.file
    before = file.read_text("utf-8")
    comments = [line for line in before.splitlines() if line.strip().startswith("#")]
    position = f"T{r.number()[-3:]}"
    hung.do(f'addpos {position} "Bàn thêm" 115 113')
    until(lambda: position in r.system.asterisk.ask("queue show"), f"{position} in a queue", 20.0)
    told = r.system.asterisk.ask(f"pjsip show endpoint {position}")
    need("Endpoint:" in told and position in told, f"Asterisk has no such endpoint: {told}")
    after = file.read_text("utf-8")
    need([line for line in after.splitlines() if line.strip().startswith("#")] == comments, "comments were lost")
    need(after.startswith(before.rstrip()), "what the admin wrote was changed")
    queues = r.system.asterisk.ask("queue show")
    members = [block.split()[0] for block in queues.split("\n\n") if f"PJSIP/{position}" in block]
    need(len(members) == 3, f"in the queues {members}, not in its two services' and the overflow")
    confirmed = "SELECT 1 FROM journal WHERE type = 'PositionAdded' AND payload::text LIKE %s"
    until(lambda: r.sql(confirmed, f"%{position}%"), "the switch's confirmation in the journal")
    vy = r.console("vy")
    until(lambda: vy.type(f"pos {position}").accepted, f"a dispatcher sitting down at {position}")
    number, port = r.number(), Ports(r.layout.ports).udp(f"registering-{position}")
    password = read_secret(r.layout.secrets / f"phone-{position}")
    with registered_phone(position, password, port, r.system.site.site.ports.sip, r.layout.var / "phones"):
        until(lambda: f"127.0.0.1:{port}" in r.system.asterisk.ask("pjsip show contacts"), "its phone registered")
        with r.calling(Caller("115", number)):
            r.shown(vy, number, "ringing")
            need(r.answered(vy, number)["position"] == position, "answered somewhere else")
            need(position in r.talking(), f"channels up: {r.talking()}")
            vy.key("F8")
            r.shown(vy, number, "ended")
    vy.do("pos- chac")
    refusals = [
        hung.type(line)
        for line in (f'addpos {position} "Lại" 115', 'addpos B_9! "Bàn 9" 115', 'addpos T99 "Bàn 99" 116')
    ]
    need(not any(it.accepted for it in refusals), f"{refusals}")
    need(all(it.sentence for it in refusals) and position in refusals[0].sentence, f"{refusals}")
    broken = f"{after}\n[[positions\n"  # somebody is at the file with an editor
    file.write_text(broken, "utf-8")
    try:
        hung.do('addpos T99 "Bàn 99" 115')
        told = until(lambda: [it for it in hung.notices if it["code"] == "position_refused"], "the admin told", 20.0)
        need("T99" in told[-1]["sentence"] and "dòng" in told[-1]["sentence"], told[-1]["sentence"])
        need(file.read_text("utf-8") == broken, "a refused position changed the site file")
    finally:
        file.write_text(after, "utf-8")
    need("T99" not in r.system.asterisk.ask("queue show"), "Asterisk has the refused position")
    need(lan.report()["in_step"], "lan's console is out of step")
    return f"{position} in {members}, a call answered on its own phone; refused: “{told[-1]['sentence']}”"


SCENARIOS = [
    Scenario(
        "a position added from the screen",
        "Asterisk knows it, its phone registers and takes a call, comments stay, an impossible one is refused",
        added_position,
    ),
]  # fmt: skip
