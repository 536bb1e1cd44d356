"""Carriers of other kinds, connected while somebody talks: one with which we register and that says our numbers in its
own form, one over TLS with enciphered sound."""

from __future__ import annotations

from dispatch_core.wire.trunk import Candidate, JobState
from scripts.acceptance.rows import need
from scripts.acceptance.trunk.centre import NODES, Centre, row, told, took
from scripts.stage.certificates import Certificate, server_certificate
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.secret_files import secret_file
from scripts.stage.tls_line import TlsLine

NEW = "account"
SECRET = f"carrier-{NEW}"
SAFE = "safe"
TLS_HOST = "127.0.0.5"
ACCOUNT = "842838230000"


def registered(r: Centre) -> str:
    lan = r.console("lan")
    port = r.port(f"carrier-{NEW}")
    secret_file(r.layout.secrets, SECRET)
    lines = (
        'auth = "register"', f'user = "{ACCOUNT}"', f'secret_file = "{r.layout.secrets / SECRET}"', 'did = ["+8428"]',
    )  # fmt: skip
    with r.line() as viettel, r.line(port=port) as account:
        before = viettel.call("113", r.number()).wait_connected()
        with r.client() as client:
            plan = client.plan(Candidate(text=r.with_carrier(NEW, port, *lines)))
            need(not plan.restarts, f"a restart for the first account: {plan.summary}")
            job = r.applied(client, plan, "an account with a form of its own")
            need(job.state is JobState.DONE, told(job))
        asked = [where for method, where in account.asked if method == "REGISTER"]
        need(len(asked) >= len(NODES), f"registered from {asked}")
        calls = [account.call("+8428113", r.number(), first=r.sip(node)).wait_connected() for node in NODES]
        r.answered(lan, calls[0].number)
        found = r.sql("SELECT dialled FROM calls WHERE number = %s", calls[0].number)
        need([it[0] for it in found] == ["113"], f"arrived as {found}")
        stranger = viettel.call("+8428113", r.number())
        stranger.wait(lambda it: it.given_up, "refused everywhere")
        need({status for _, status in stranger.tried} == {404}, f"another carrier's form: {stranger.tried}")
        need(not before.over, "the call that was up is over")
        for call in (*calls, before):
            call.hang_up()
    return f"applied in {took(job):.1f} s, registered from {len(NODES)} nodes; +8428113 rings as 113 and is answered"


def _enciphered(r: Centre, port: int, ours: Certificate) -> str:
    """The description with a carrier over tls, and a port for it at each node."""
    text = r.with_carrier(SAFE, port, 'transport = "tls"', 'media = "srtp"', 'did = ["+8428"]')
    text = text.replace(f'"{LOOPBACK}:{port}"', f'"{TLS_HOST}:{port}"')
    ports = Ports(r.layout.ports)
    for node in NODES:
        text = text.replace(f'name = "{node}"\n', f'name = "{node}"\ntls = {ports.tcp(f"tls-{node}")}\n', 1)
    paths = f'certificate = "{ours.certificate}"\nkey = "{ours.key}"\nauthority = "{ours.authority}"\n'
    return f"{text.rstrip()}\n\n[tls]\n{paths}"


def enciphered(r: Centre) -> str:
    lan = r.console("lan")
    port = Ports(r.layout.ports).tcp(f"carrier-{SAFE}")
    ours = server_certificate(r.layout.tls, "switch")
    theirs = server_certificate(r.layout.tls, "carrier", TLS_HOST)
    with r.line() as viettel, TlsLine(TLS_HOST, port, theirs) as safe:
        before = viettel.call("113", r.number()).wait_connected()
        with r.client() as client:
            plan = client.plan(Candidate(text=_enciphered(r, port, ours)))
            need(not plan.restarts, f"a restart for the first one over tls: {plan.summary}")
            job = r.applied(client, plan, "nobody shall listen")
            need(job.state is JobState.DONE, told(job))
        safe.wait(lambda: len(safe.ways) == len(NODES), "a connection from each node")
        calls = [safe.call(way, "+8428113", r.number()) for way in safe.ways]
        for call in calls:
            call.wait(lambda it: it.status == 200, "not answered")
        r.answered(lan, calls[0].number)
        need(not before.over, "the call that was up is over")
        for call in calls:
            call.hang_up()
        before.hang_up()
    return f"applied in {took(job):.1f} s without a restart; calls over both connections, with keys for their sound"


def not_theirs(r: Centre) -> str:
    """Its certificate is by an authority that nobody named."""
    port = Ports(r.layout.ports).tcp(f"carrier-{SAFE}")
    ours = server_certificate(r.layout.tls, "switch")
    (r.layout.tls / "other").mkdir(exist_ok=True)
    with TlsLine(TLS_HOST, port, server_certificate(r.layout.tls / "other", "carrier", TLS_HOST)), r.client() as client:
        job = r.applied(client, client.plan(Candidate(text=_enciphered(r, port, ours))))
    need(job.state is JobState.ROLLED_BACK, told(job))
    need(f"carriers.{SAFE}" in job.why_en and "tls.authority" in job.why_en, job.why_en)
    return f"back after {took(job):.1f} s: {job.why_en}"


SCENARIOS = [
    row("a carrier with an account and a form of its own", "registered at both nodes, +8428113 is 113", registered),
    row("a carrier over tls with enciphered sound", "no restart; its calls are answered", enciphered),
    row("a carrier over tls with a strange certificate", "rolled back, with the reason", not_theirs),
]
