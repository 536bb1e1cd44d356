"""Who may: a telephony admin changes, a supervisor looks, a dispatcher neither; and every try is in the audit."""

from __future__ import annotations

from collections.abc import Callable

from dispatch_core.main.trunk_command.client import TrunkClient
from dispatch_core.wire.https_client import CoreRefused
from dispatch_core.wire.trunk import (
    ApplyWanted,
    Candidate,
    RestartWanted,
    RollbackWanted,
    SecretWanted,
    TestCallWanted,
)
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import FIRST, LEAD, Centre, row

CHANGES: dict[str, Callable[[TrunkClient], object]] = {
    "apply": lambda it: it.apply(ApplyWanted(plan="x", confirm="x")),
    "rollback": lambda it: it.roll_back(RollbackWanted()),
    "secret": lambda it: it.replace_secret(SecretWanted(name="x", secret="hush-hush-never-told")),
    "restart": lambda it: it.restart(RestartWanted(node=FIRST, confirm=FIRST)),
    "test_call": lambda it: it.test_call(TestCallWanted(carrier="viettel", number="113")),
}
LOOKS: dict[str, Callable[[TrunkClient], object]] = {
    "shown": lambda it: it.shown(),
    "status": lambda it: it.status(),
    "history": lambda it: it.history(),
    "plan": lambda it: it.check(Candidate()),
}
DENIED = (
    "SELECT payload->>'kind', count(*) FROM journal WHERE type = 'TrunkTouched' AND payload->>'outcome' = 'denied' "
    "AND payload->>'by' = %s GROUP BY 1"
)


def _refused(client: TrunkClient, ask: Callable[[TrunkClient], object]) -> str:
    try:
        ask(client)
    except CoreRefused as refused:
        need(refused.vi and refused.en and refused.vi != refused.en, f"without words: {refused}")
        return refused.vi
    return ""


def who_may(r: Centre) -> str:
    files = r.files()
    before = dict(r.sql(DENIED, LEAD))
    with r.client(LEAD) as lead:
        looked = {name: _refused(lead, ask) for name, ask in LOOKS.items()}
        need(not any(looked.values()), f"a supervisor could not look: {looked}")
        need(not lead.shown().may_change, "a supervisor is told that he may change")
        changed = {name: _refused(lead, ask) for name, ask in CHANGES.items()}
        need(all(changed.values()), f"a supervisor could: {[it for it, why in changed.items() if not why]}")
    with r.client("lan") as desk:
        need(_refused(desk, LOOKS["shown"]), "a dispatcher could look")

    def noted() -> bool:
        now = dict(r.sql(DENIED, LEAD))
        return all(now.get(name, 0) == before.get(name, 0) + 1 for name in CHANGES)

    until(noted, f"each refusal once in the audit, seen {dict(r.sql(DENIED, LEAD))}", 5.0)
    need(r.sql(DENIED, "lan"), "the dispatcher's try is not in the audit")
    told = r.sql("SELECT count(*) FROM journal WHERE payload::text LIKE '%%hush-hush%%'")[0][0]
    need(told == 0, "the secret that was offered stands in the journal")
    need(r.files() == files, "something was changed")
    return f"{LEAD} looks in {len(LOOKS)} ways; {len(CHANGES)} changes refused, each in the audit; “{changed['apply']}”"


SCENARIOS = [row("a supervisor looks and does not change", "each refusal in words and in the audit", who_may)]
