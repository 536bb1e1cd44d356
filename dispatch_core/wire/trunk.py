"""What consoles and `dispatch trunk` ask of the core about the trunk, and what it answers: `/v1/trunk…`, JSON.

Times are milliseconds UTC. No answer holds a secret, nor anything of a caller.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct

# --- the description and its mistakes ---------------------------------------------------------------------------------


class Edit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change of a form. ``section``: "carriers"; ``entry``: its name ("viettel"; "" for a section that is one).

    ``key`` with ``value`` sets, ``key`` with None takes the line out; without ``key``, ``value`` (a table) adds an
    entry named ``entry`` and None takes it out.
    """

    section: str
    entry: str = ""
    key: str = ""
    value: Any = None


class Mistake(Struct, frozen=True, kw_only=True):
    """``key``: "carriers.viettel.peers"; ``line``: in the text, 0 = none. ``instead``: what to write."""

    code: str
    key: str
    line: int
    vi: str
    en: str
    instead_vi: str
    instead_en: str


class Candidate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be checked or planned. ``text``: a whole site.toml, "" = the one in force; ``version``: an earlier one
    in its place; then ``edits``, in order."""

    text: str = ""
    version: int = 0
    edits: tuple[Edit, ...] = ()


class Checked(Struct, frozen=True, kw_only=True):
    """``text``: with the edits made, comments kept. Nothing was tried at a switch."""

    text: str
    mistakes: tuple[Mistake, ...]


class FieldShown(Struct, frozen=True, kw_only=True):
    """One key of a form. ``kind``: text, number, decimal, yes, choice, list, secret, table.

    ``pattern``: a regular expression for text (of each part for a list); ``hint``: what to write, ``unit`` "" or such
    as "s". ``usual`` is its value where the line is missing, None where it must stand.
    """

    section: str
    key: str
    kind: str
    vi: str
    en: str
    hint_vi: str
    hint_en: str
    pattern: str = ""
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    unit: str = ""
    usual: Any = None
    required: bool = False


class SecretShown(Struct, frozen=True, kw_only=True):
    """``name``: the file as the description names it. ``used_by``: "carriers.vnpt". ``state``: good, missing, bad."""

    name: str
    used_by: tuple[str, ...]
    state: str
    changed_at: int = 0


class DriftShown(Struct, frozen=True, kw_only=True):
    """A file at a node that is not what was applied: ``how`` is changed, missing or added. ``diff``: masked."""

    node: str
    file: str
    how: str
    diff: str = ""


class TrunkShown(Struct, frozen=True, kw_only=True):
    """What is in force. ``values``: the description as plain data, by section. ``may_change``: for who asks."""

    text: str
    version: int
    applied_at: int
    applied_by: str
    nodes: tuple[str, ...]
    values: dict[str, Any]
    fields: tuple[FieldShown, ...]
    secrets: tuple[SecretShown, ...]
    drift: tuple[DriftShown, ...]
    may_change: bool
    job: str = ""


# --- a change ---------------------------------------------------------------------------------------------------------


class FileDiff(Struct, frozen=True, kw_only=True):
    """Unified diff of one rendered file at one node, secrets masked."""

    node: str
    file: str
    diff: str


class Planned(Struct, frozen=True, kw_only=True):
    """A candidate that was tried on a scratch switch. With ``mistakes`` it cannot be applied and ``ident`` is "".

    ``confirm``: the word that must be typed to apply it. ``restarts``: nodes that must be restarted after, because a
    reload ignores the change; ``later``: what counts only from the core's next start, (vi, en) each.
    """

    ident: str
    text: str
    mistakes: tuple[Mistake, ...]
    site_diff: str = ""
    files: tuple[FileDiff, ...] = ()
    confirm: str = ""
    restarts: tuple[str, ...] = ()
    later: tuple[tuple[str, str], ...] = ()
    summary: tuple[tuple[str, str], ...] = ()
    calls_up: int = 0


class ApplyWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    plan: str
    confirm: str
    why: str = ""


class RollbackWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``version`` 0: the one that was in force before."""

    version: int = 0
    why: str = ""


class SecretWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Replaces the secret in the file ``name``; reloaded like any other change."""

    name: str
    secret: str
    why: str = ""


class RestartWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``patience_s``: how long its calls are waited for; then it is given up and the node takes calls again.
    ``confirm``: the node's name, where it is the only one."""

    node: str
    why: str = ""
    patience_s: int = 3600
    confirm: str = ""


class TestCallWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A marked call through ``carrier`` to ``number``. ``node`` "" = the first that is up."""

    carrier: str
    number: str
    node: str = ""


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"  # nothing running was touched
    ROLLED_BACK = "rolled_back"  # the last good state is back
    STOPPED = "stopped"  # taken back by a person
    BROKEN = "broken"  # also the way back failed: look at once


class Step(Struct, frozen=True, kw_only=True):
    """``ok`` None while it goes on."""

    at: int
    code: str
    vi: str
    en: str
    node: str = ""
    ok: bool | None = True
    ms: int = 0


class JobShown(Struct, frozen=True, kw_only=True):
    """``kind``: apply, rollback, secret, restart, test_call. ``why``: the reason of an end that was not wished."""

    ident: str
    kind: str
    by: str
    began_at: int
    state: JobState
    steps: tuple[Step, ...]
    why_vi: str = ""
    why_en: str = ""
    version: int = 0


class JobStarted(Struct, frozen=True, kw_only=True):
    job: str


# --- what was -----------------------------------------------------------------------------------------------------


class ChangeShown(Struct, frozen=True, kw_only=True):
    """``outcome``: as `JobState`. ``diff`` and ``text`` are given for one change, "" in the list."""

    version: int
    at: int
    by: str
    kind: str
    why: str
    outcome: str
    reason_vi: str = ""
    reason_en: str = ""
    in_force: bool = False
    site_diff: str = ""
    files: tuple[FileDiff, ...] = ()
    text: str = ""


# --- live -------------------------------------------------------------------------------------------------------------


class CarrierHealth(Struct, frozen=True, kw_only=True):
    """One carrier at one node. ``reachable`` and ``registered`` None = not known, or not its way. Since the node's
    start: ``failed`` by Q.850 cause ("34": in words by `wire.causes`), both ways, and ``failed_in`` of those that came
    in. ``jitter_ms`` and ``lost_percent``: of what was heard from it in the last five minutes' calls; ``…_out`` of what
    it heard from us, as it says itself."""

    carrier: str
    node: str
    reachable: bool | None
    round_trip_ms: float | None = None
    registered: bool | None = None
    registration: str = ""
    in_use: int = 0
    capacity: int = 0
    failed: dict[str, int] = {}
    failed_in: dict[str, int] = {}
    jitter_ms: float | None = None
    lost_percent: float | None = None
    jitter_out_ms: float | None = None
    lost_out_percent: float | None = None
    since: int = 0


class SwitchEvent(Struct, frozen=True, kw_only=True):
    """One event of a switch as the event view shows it: what a caller controls is left out."""

    number: int
    at: int
    node: str
    name: str
    about: str
    details: dict[str, str]


class SwitchEvents(Struct, frozen=True, kw_only=True):
    """``missed``: so many since ``after`` are no longer held."""

    events: tuple[SwitchEvent, ...]
    newest: int
    missed: int


class TrunkStatus(Struct, frozen=True, kw_only=True):
    carriers: tuple[CarrierHealth, ...]
    nodes: dict[str, dict[str, Any]]
    queues: dict[str, dict[str, Any]]
    phones: dict[str, dict[str, Any]]
