"""Which changes of the rendered files a reload does not bring in force."""

from __future__ import annotations

from pathlib import Path

from telephony.trunk.reload_ignored import reload_ignored
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import parse_site

SAMPLE = (Path(__file__).parents[3] / "scripts" / "demo_data" / "site.toml").read_text("utf-8")
TLS = "[tls]\ntype = transport\nprotocol = tls\nbind = 127.0.0.1:5061\ncert_file = /etc/a.pem\n"
SYSTEM = "[system]\ntype = system\ntimer_t1 = 500\n"


def files(text: str = SAMPLE, **more: str) -> dict[str, str]:
    rendered = render(parse_site(text), Secrets("s" * 24), Paths("/srv/recordings"))
    rendered["pjsip.conf"] += "".join(f"\n{it}" for it in more.values())
    return rendered


def changed(old: str, new: str) -> dict[str, str]:
    assert old in SAMPLE
    return files(SAMPLE.replace(old, new))


def test_what_a_reload_takes_needs_no_restart() -> None:
    for old, new in (
        ("capacity = 120", "capacity = 121"),
        ("overflow_after = 20", "overflow_after = 21"),
        ("enabled = false", "enabled = true"),
    ):
        assert reload_ignored(files(), changed(old, new)) == ()
    assert reload_ignored(files(), files()) == ()
    assert reload_ignored(files(), files(tls=TLS)) == (), "a transport that is new is opened by a reload"
    assert reload_ignored(files(tls=TLS), files() | {"pjsip.conf": files(tls=TLS)["pjsip.conf"] + "; a remark\n"}) == ()


def test_a_transport_that_is_there_keeps_its_address_and_its_certificate() -> None:
    here = files()
    moved = here | {"pjsip.conf": here["pjsip.conf"].replace("\nbind = ", "\nbind = 10.0.0.9:5062 ; ", 1)}
    assert [en for _, en in reload_ignored(here, moved)] == ["address or certificate of the transport udp"]
    other = TLS.replace("a.pem", "b.pem")
    assert [en for _, en in reload_ignored(files(tls=TLS), files(tls=other))] == [
        "address or certificate of the transport tls"
    ]
    assert [vi for vi, _ in reload_ignored(files(tls=TLS), files())] == ["đường tls bị bỏ vẫn giữ cổng"]


def test_modules_and_the_machine_s_settings_are_read_at_the_start_alone() -> None:
    here = files()
    for name in ("modules.conf", "asterisk.conf"):
        assert len(reload_ignored(here, here | {name: here[name] + "more = yes\n"})) == 1
        assert reload_ignored(here, {it: text for it, text in here.items() if it != name}) == ()
    assert reload_ignored({}, {"queues.conf": "[q]\n"}) == ()
    assert len(reload_ignored(files(system=SYSTEM), files(system=SYSTEM.replace("500", "600")))) == 1
