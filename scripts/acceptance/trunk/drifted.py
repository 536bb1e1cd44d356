"""Files that somebody changed outside: found, named with their difference, told in both languages, and mended."""

from __future__ import annotations

from dispatch_core.wire.trunk import Candidate, DriftShown, JobState
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import FIRST, SECOND, Centre, row, told

EVERY_S = 60.0
SLACK_S = 5.0
SEEN_S = 6.0


def by_hand(r: Centre) -> str:
    """One file changed, one taken away, one added; then everything applied again is as it was."""
    queues, foreign = r.system.site.home_of(SECOND) / "etc/queues.conf", r.system.site.home_of(FIRST) / "etc/extra.conf"
    features = r.system.site.home_of(FIRST) / "etc/features.conf"
    files = r.files()
    with r.client() as client:
        until(lambda: not client.shown().drift, "no drift at first", SEEN_S)
        queues.write_text(queues.read_text("utf-8").replace("timeout = ", "timeout = 1", 1), "utf-8")
        foreign.write_text("[nobody]\n", "utf-8")
        features.unlink()
        wanted = {
            (SECOND, "queues.conf"): "changed", (FIRST, "extra.conf"): "added", (FIRST, "features.conf"): "missing",
        }  # fmt: skip
        drift: dict[tuple[str, str], DriftShown] = {}

        def seen() -> bool:
            drift.update({(it.node, it.file): it for it in client.shown().drift})
            return {key: it.how for key, it in drift.items()} == wanted

        until(seen, f"{wanted}", SEEN_S)
        need("+timeout = 1" in drift[SECOND, "queues.conf"].diff, drift[SECOND, "queues.conf"].diff)
        said = r.command("status")
        need(said.returncode == 1 and "queues.conf" in said.stdout, f"status: {said.returncode} {said.stdout}")
        known = "SELECT count(*) FROM journal WHERE type = 'TrunkTouched' AND payload->>'kind' = 'drift'"
        until(lambda: r.sql(known)[0][0] > 0, "the drift in the audit, by itself", EVERY_S + SLACK_S)
        foreign.unlink()
        plan = client.plan(Candidate(text=client.shown().text))
        job = r.applied(client, plan, "as it was")
        need(job.state is JobState.DONE, told(job))
        until(lambda: not client.shown().drift, "no drift any more", SEEN_S)
    now = r.files()
    need(now == files, f"other files than at first: {[it for it in files if now.get(it) != files[it]]}")
    return "changed, added and missing files named with their node, in the audit by itself; applied again: as it was"


SCENARIOS = [row("files changed by another hand", "each named with how it differs; then mended by an apply", by_hand)]
