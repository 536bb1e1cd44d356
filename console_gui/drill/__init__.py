"""The console driven by lines: for runs without a display and for tests of the real program.

Standard input, one line each:

- ``!signin USER PASSWORDFILE`` types both into the sign-in dialog and presses its button;
- ``!report``, ``!shown``, ``!story``, ``!streets``, ``!shot FILE.png`` (the window, or the dialog open over it),
  ``!key F8`` (presses a key, named as in Qt: F8, Escape, Return, Ctrl+B), ``!size 1366 768``, ``!quit`` (signs out and
  ends); with a panel on another monitor the picture has both;
- ``!map LAT LON`` clicks there on the map, ``!map LAT LON LAT LON`` drags from the first place to the second;
- anything else is typed, key by key, into the command line's field, and Enter is pressed. End of input ends the
  program without signing out.

Standard output, one JSON object a line, each with ``event``. Times (``at``, ``row_at``) are seconds of this machine's
monotonic clock (``time.monotonic()``, the same for all processes of a machine).

- ``ready``: the sign-in dialog stands. ``signed_in`` (user, role, view): the window stands and shows a first state.
  ``sign_in_failed`` (code, sentence).
- ``call_row`` (call, number, dialled, row_at): the call's row came into the calls model at ``row_at``.
- ``call`` (call, number, dialled, state, position, ringing, incident, parties, muted, name, location, location_note,
  location_link, other_locations, at): a call changed, as the screen shows it now.
- ``incident`` (incident, state, type, priority, owner, located, disposition, legs, at): an incident changed; ``legs``
  maps each service to state, station, zone, dispatcher, units, candidates, and as the screen says it: chosen (unit to
  what it is for), passed (unit to why), lacking, overrides, measured, and ranked_at (when, ms UTC); offers,
  spent.
- ``gone`` (incident, at): it left the live state.
- ``form`` (incident, at): the incident that the form shows, "" for none.
- for the line number ``n`` (1 is the first typed one), exactly one of
  ``accepted`` (n, typed, seq, at) the core took it; ``seq`` is the last event of it,
  ``refused`` (n, typed, code, sentence, at) the core refused it,
  ``wrong`` (n, typed, code, sentence, at) it was not sent, and is still in the line,
  ``screen`` (n, typed, act, argument, at) it concerned this screen alone.
- ``notice`` (kind, code, typed, sentence): what the screen says beside the boards.
- ``health`` (connected, needs_snapshot, problem, generation, epoch): when one of them changes.
- ``report`` (seq, checksum, generation, epoch, evolve, in_step, stale, age_s, position, form, pending, dropped, calls,
  incidents, units, alarms, alike, same, surge, surge_bar, rows): ``checksum`` is over the canonical form of the
  very state that the models show; ``alike`` is what the form proposes as the same, ``same`` how it says so; calls,
  incidents and units are counts by state; ``rows`` are the rows of each model.
- ``shown`` (focus, chosen, fields, choices, said, desks, hint, form, labels, boards, dialog, active, size, open,
  language): what a person reads on the screen now, after ``!shown``: the part that has the keyboard and the row chosen
  in it, the texts of the fields, the list under one, what is said above the line, the labels of the form and of the
  whole window, the rows of each board that stands there.
- ``story`` (incident, lines): what the form's narrative shows, after ``!story``.
- ``streets`` (archive, version, complete, names, tiles, mb, worker, up, restarts, hint, closures, route_m, route,
  reach, selected, marks, notes, labels, middle): what the map draws and says; ``names`` of streets, ``marks`` of
  units, stations and incidents.
- ``shot`` (file). ``bye``: the last line.

Nothing here goes around the widgets: it types, presses, and reads what the models and the desk show.

The parts: `driver` takes the lines and tells what becomes of them, `shown` reads what stands on the screen.
"""

from __future__ import annotations

from console_gui.drill.driver import Drill

__all__ = ["Drill"]
