"""Who may what: users, the intake's token, Redis's own rules; where personal data lies; what the audit sees."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any

import redis

from console_gui.core_client import CoreClient, CoreRefused
from console_gui.redis_door import connect
from dispatch_core.domain.views import View
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import SignedIn
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.desk import proposed, worked_incident
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.headless.operators import short
from scripts.stage.secret_files import read_secret

CALLER = "Lê Hoàng Ngọc Huyền"


# --- users ------------------------------------------------------------------------------------------------------------


def _sign_in(r: Rig, user: str, password: str) -> SignedIn:
    client = CoreClient(r.system.site.core_url, r.system.site.certificate.authority)
    try:
        return client.sign_in(user, password)
    finally:
        client.close()


def _no_entry(r: Rig, user: str, password: str) -> str:
    try:
        _sign_in(r, user, password)
    except CoreRefused as refusal:
        return f"{refusal.status} {refusal.vi}"
    need(False, f"{user} came in")
    return ""


def _shut_out(client: CoreClient) -> bool:
    try:
        client.suggest("chợ Bến Thành")
    except CoreRefused as refusal:
        return refusal.status == 401
    return False


def users() -> str:
    r = rig()
    user = f"tam{r.number()[-4:]}"
    password, renewed = r.layout.var / "password-1", r.layout.var / "password-2"
    password.write_text("mat-khau-dau-tien-1\n", "utf-8")
    renewed.write_text("mat-khau-thu-hai-2\n", "utf-8")

    def dispatch(*words: str) -> str:
        ran = r.system.dispatch("users", *words)
        need(ran.returncode == 0, f"users {words[0]}: {ran.stderr}")
        return ran.stdout

    dispatch("add", user, "--role", "dispatcher", "--name", "Hồ Thị Tám", "--password-file", str(password))
    need(f"{user} " in dispatch("list") and "Hồ Thị Tám" in dispatch("list"), "not in the list")
    need(_sign_in(r, user, "mat-khau-dau-tien-1").role == "dispatcher", "not a dispatcher")
    dispatch("reset", user, "--password-file", str(renewed))
    old = _no_entry(r, user, "mat-khau-dau-tien-1")
    nobody = _no_entry(r, f"{user}x", "mat-khau-dau-tien-1")
    need(old == nobody, f"an unknown user is told apart: “{old}”, “{nobody}”")
    client = CoreClient(r.system.site.core_url, r.system.site.certificate.authority)
    client.sign_in(user, "mat-khau-thu-hai-2")
    client.suggest("chợ Bến Thành")
    dispatch("disable", user)
    until(lambda: _shut_out(client), "the session that was open being ended")
    client.close()
    disabled = _no_entry(r, user, "mat-khau-thu-hai-2")
    line = next(line for line in dispatch("list").splitlines() if line.startswith(f"{user} "))
    need("disabled" in line, f"listed as “{line}”")
    words = ("--role", "dispatcher", "--name", "x", "--password-file", str(password))
    twice = r.system.dispatch("users", "add", user, *words)
    need(twice.returncode == 1 and user in twice.stderr, f"added twice: {twice.stderr}")
    stored = r.sql('SELECT password FROM users WHERE "user" = %s', user)[0][0]
    need(stored.startswith("$argon2id$"), f"the password is stored as {stored[:12]}…")
    return f"added, listed, reset, disabled: “{disabled}”"


# --- the intake -------------------------------------------------------------------------------------------------------


def _report(r: Rig, token: str, ident: str, unit: str, status: str) -> tuple[int, dict[str, Any]]:
    """POST what another system reports of a unit."""
    address = r.system.site.core_url.removeprefix("https://")
    trust = ssl.create_default_context(cafile=str(r.system.site.certificate.authority))
    link = http.client.HTTPSConnection(address, timeout=5, context=trust)
    try:
        body = json.dumps({"id": ident, "unit": unit, "status": status})
        link.request("POST", "/v1/intake/unit-status", body, {"Authorization": f"Bearer {token}"})
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        link.close()


def intake() -> str:
    r = rig()
    lan = r.console("lan")
    token = read_secret(r.system.site.tokens["mdt"])
    number = r.number()
    with r.calling(Caller("113", number)):
        incident = worked_incident(r, lan, number)
    unit = proposed(lan, incident, "police")
    lan.do(f"d {unit} {short(incident)}")

    def logged() -> list[Any]:
        return [row[0] for row in r.sql("SELECT status FROM unit_log WHERE unit = %s ORDER BY seq", unit)]

    before = logged()
    for wrong in ("", token[:-1], token + "x"):
        status, said = _report(r, wrong, f"w-{number}", unit, "en_route")
        need(status == 401 and said["code"] == "bad_token", f"with a wrong token: {status} {said}")
    need(logged() == before, "a wrong token had an effect")
    first = _report(r, token, number, unit, "en_route")
    again = _report(r, token, number, unit, "en_route")
    other = _report(r, token, number, unit, "on_scene")
    need(first[0] == 200 and first == again == other, f"{first}, {again}, {other}")
    need(logged() == [*before, "en_route"], f"logged: {logged()}")
    until(lambda: lan.report()["units"].get("en_route") == 1, "the unit under way on the console")
    for stranger in ("stations", "rosters", "hospitals"):
        status, said = _report(r, read_secret(r.system.site.tokens[stranger]), f"s-{number}", unit, "on_scene")
        need(status == 403 and said["code"] == "not_allowed", f"with the token of {stranger}: {status} {said}")
    by = r.sql("SELECT \"by\" FROM unit_log WHERE unit = %s ORDER BY seq DESC LIMIT 1", unit)[0][0]
    need(by == "intake:mdt", f"the journal says {by}")
    status, said = _report(r, token, f"u-{number}", "C99", "on_scene")
    need(status == 409 and "C99" in said["vi"], f"an unknown unit: {status} {said}")
    return f"{unit} en route by {first[1]}, one of three reports; three wrong and three other tokens refused"


# --- Redis and personal data ------------------------------------------------------------------------------------------


def redis_rules() -> str:
    """With the very access that sign-in gives: another view, another's commands and everything else is closed."""
    r = rig()
    lan = r.console("lan")
    seen = []
    for user, own, other in (("vy", View.OPERATIONS, View.TELEPHONY), ("hung", View.TELEPHONY, View.OPERATIONS)):
        if user in r.consoles:
            r.consoles.pop(user).stop()
        signed_in = _sign_in(r, user, read_secret(r.system.password_file(user)))
        client = connect(signed_in.redis, r.system.site.certificate.authority)
        client.xrange(names.stream(own), count=1)
        need(client.get(names.snapshot(own)), f"{user} cannot read the own view")
        client.xadd(names.commands(user), {names.BODY_FIELD: b"x"})
        tries: tuple[tuple[Any, ...], ...] = (
            ("XRANGE", names.stream(other), "-", "+"), ("XREAD", "STREAMS", names.stream(other), "0"),
            ("GET", names.snapshot(other)), ("GET", names.beat(other)), ("XADD", names.commands("lan"), "*", "b", "x"),
            ("XRANGE", names.replies("lan"), "-", "+"), ("XADD", names.stream(own), "*", "e", "x"),
            ("XADD", names.replies(user), "*", "b", "x"), ("DEL", names.stream(own)), ("KEYS", "*"), ("FLUSHALL",),
            ("CONFIG", "GET", "*"), ("ACL", "LIST"), ("SUBSCRIBE", "x"), ("SCAN", "0"), ("GET", names.EPOCH_KEY),
        )  # fmt: skip
        for words in tries:
            try:
                answer = client.execute_command(*words)  # type: ignore[no-untyped-call]
            except redis.exceptions.NoPermissionError:
                seen.append(words[0])
                continue
            need(False, f"{user} may {' '.join(map(str, words))}: {answer!s:.80}")
        client.close()
    r.in_step("lan")
    need(lan.report()["dropped"] == 0, "lan's console was disturbed")
    return f"{len(seen)} tries of a dispatcher and an admin refused by Redis itself"


def personal_fields() -> str:
    """The caller's number, name and words: beside the journal, never in it, and nowhere in the admins' view."""
    r = rig()
    lan, _ = r.console("lan"), r.console("hung")
    number, words = r.number(), "nhà số 7, cửa xanh"
    with r.calling(Caller("113", number, CALLER)):
        incident = worked_incident(r, lan, number)
        lan.do(f"n {short(incident)} {words}")
    r.in_step("lan")
    for text in (number, CALLER, words):
        kept = r.sql("SELECT count(*) FROM journal_personal WHERE fields::text LIKE %s", f"%{text}%")[0][0]
        need(kept > 0, f"“{text}” is nowhere: the search cannot fail")
        for table, column in (("journal", "payload"), ("commands", "refusal_details")):
            open_ = r.sql(f"SELECT count(*) FROM {table} WHERE {column}::text LIKE %s", f"%{text}%")[0][0]
            need(open_ == 0, f"“{text}” stands in {open_} rows of {table}.{column}")
    store: Any = redis.Redis.from_url(f"unix://{r.system.redis.socket}", username="core",
                                 password=read_secret(r.system.redis.password_file))  # fmt: skip
    whole = {}
    for view in View:
        entries = store.xrange(names.stream(view))
        whole[view] = b"".join(b"".join(fields.values()) for _, fields in entries) + store.get(names.snapshot(view))
    live = b"".join(b"".join(fields.values()) for _, fields in store.xrange(names.LIVE_STREAM))
    live += b"".join(store.hgetall(names.LIVE_LAST).values())
    store.close()
    for text in (number, CALLER, words):
        need(text.encode() in whole[View.OPERATIONS], f"“{text}” is not in the operations view: the search cannot fail")
        need(text.encode() not in whole[View.TELEPHONY] + live, f"“{text}” is in the telephony view")
    return "number, name and note: in journal_personal and the operations view alone"


# --- the audit --------------------------------------------------------------------------------------------------------


def audit() -> str:
    """Intact after all this; an altered, a removed and a stolen record are located."""
    r = rig()
    lan = r.console("lan")
    number = r.number()
    with r.calling(Caller("113", number, CALLER)):
        call = r.answered(lan, number)
        lan.do(f"xx {short(call['incident'])}")
    intact = r.audit()
    seq, kept = r.sql(
        "SELECT seq, payload::text FROM journal WHERE type = 'IncidentClosed' ORDER BY seq DESC LIMIT 1"
    )[0]
    altered = kept.replace("no_content", "prank")
    need(altered != kept, f"the payload is {kept}")
    found = _tampered(r, f"UPDATE journal SET payload = $x${altered}$x$ WHERE seq = {seq}",
                      f"UPDATE journal SET payload = $x${kept}$x$ WHERE seq = {seq}")  # fmt: skip
    need(f"event {seq} was altered" in found, found)
    victim = r.sql("SELECT seq FROM journal_personal ORDER BY seq DESC LIMIT 1")[0][0]
    stolen = _tampered(
        r,
        f"CREATE TABLE stolen AS SELECT * FROM journal_personal WHERE seq = {victim}; "
        f"DELETE FROM journal_personal WHERE seq = {victim}",
        "INSERT INTO journal_personal SELECT * FROM stolen; DROP TABLE stolen",
    )
    need(f"the personal fields of event {victim} are gone" in stolen, stolen)
    need(r.audit().partition("(")[0] == intact.partition("(")[0], "not as before after the records were put back")
    return f"{intact} Tampered: {found}"


def _tampered(r: Rig, tamper: str, mend: str) -> str:
    """What the audit says while the database's owner has tampered."""
    guard = "ALTER TABLE journal {0} TRIGGER ALL; ALTER TABLE journal_personal {0} TRIGGER ALL;"
    r.system.postgres.query(f"{guard.format('DISABLE')} {tamper}", "dispatch")
    try:
        told = r.system.dispatch("audit", "verify")
    finally:
        r.system.postgres.query(f"{mend}; {guard.format('ENABLE')}", "dispatch")
    need(told.returncode == 1, f"not noticed: {told.stdout}")
    return told.stdout.splitlines()[-1]


SCENARIOS = [
    Scenario("users", "add, list, reset, disable; a disabled user cannot sign in, and is signed out", users),
    Scenario(
        "a unit reported through the intake", "moves with the token, once for one id; a wrong token is refused", intake
    ),
    Scenario("Redis's rules", "a console's user cannot read another view or write another's commands", redis_rules),
    Scenario("personal fields", "apart from the journal; nothing personal in the telephony view", personal_fields),
    Scenario("the audit", "intact after all this; tampering is located", audit),
]  # fmt: skip
