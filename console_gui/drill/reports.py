"""The console's account of its own state, and of what its map draws: see `console_gui.drill`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from console_gui.accounts import account_of_likeness, account_of_missed, account_of_surge
from console_gui.limits import STALE_S
from console_gui.main_window import MainWindow
from console_gui.map.mercator import to_degrees
from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.state import EVOLVE_VERSION


def report(window: MainWindow) -> dict[str, Any]:
    """Event ``report``."""
    desk, panels = window.desk, window.panels
    state, health, age = desk.state, desk.health, desk.age()
    tables = {"calls": panels.calls, "incidents": panels.incidents, "units": panels.units}
    return {
        "seq": state.seq,
        "checksum": checksum(state),
        "generation": health.generation,
        "epoch": health.epoch,
        "evolve": EVOLVE_VERSION,
        "in_step": not health.needs_snapshot,
        "age_s": age,
        "stale": age is None or age >= STALE_S or bool(health.needs_snapshot),
        "position": desk.position,
        "form": desk.current,
        "pending": len(desk.outbox.pending),
        "away": desk.away,
        "waiting": [
            {"typed": it.typed, "fate": it.fate.value, "differs": desk.differs(it, desk.words.language)}
            for it in desk.outbox.waiting
        ],
        "dropped": health.dropped,
        "calls": Counter(call.state.value for call in state.calls.values()),
        "incidents": Counter(it.state.value for it in state.incidents.values()),
        "units": Counter(unit.status.value for unit in state.units.values()),
        "alarms": sorted(state.alarms),
        "missed": [account_of_missed(line) for line in state.missed.values()],
        "duty": {ident: seat.duty.state.value for ident, seat in state.positions.items() if seat.user},
        "alike": [account_of_likeness(it) for it in desk.alike.of(state, desk.current)],
        "same": panels.form.same.what.text() if panels.form is not None else "",
        "surge": account_of_surge(state),
        "surge_bar": window.surge.what.text(),
        "rows": {name: panel.table.rowCount() for name, panel in tables.items() if panel is not None},
    }


def streets(window: MainWindow) -> dict[str, Any]:
    """Event ``streets``: what the map draws of the streets now."""
    panel = window.panels.map
    if panel is None:
        return {"archive": ""}
    city = panel.map
    drawn, shelf = city.streets, city.streets.shelf
    return {
        "archive": drawn.archive,
        "version": panel.streets.library.following,
        "complete": drawn.complete,
        "names": sorted({name for name, _, _ in drawn.names}),
        "tiles": len(shelf),
        "mb": round(shelf.bytes / 1e6, 1),
        "worker": drawn.workshop.pid,
        "up": drawn.workshop.up,
        "restarts": drawn.workshop.restarts,
        "selected": city.selected,
        "marks": [it.id for it in city.picture().targets],
        "notes": [note for note, _ in city.notes],
        "labels": [it.text for it in city.picture().labels],
        "middle": to_degrees(city.viewport.x, city.viewport.y),
        "hint": city.hint[0] if city.hint is not None else "",
        "closures": len(city.closures),
        "route_m": round(city.route.metres) if city.route is not None else 0,
        "route": city.route.measured.value if city.route is not None else "",
        "reach": city.reach.measured.value if city.reach is not None else "",
    }
