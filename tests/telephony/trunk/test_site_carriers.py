"""Carriers of every kind are described, or refused with the key and what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets, check_secret, read_secrets, secret_files
from telephony.trunk.site import Site, SiteError, parse_site
from telephony.trunk.site_checks.common import plain_text

TEXT = (Path(__file__).parents[3] / "scripts" / "demo_data" / "site.toml").read_text("utf-8")
OF_VIETTEL = "capacity = 120            # calls at a time\n"
TLS = """[tls]
certificate = "/etc/dispatch/tls/node.pem"
key = "/etc/dispatch/tls/node.key"
authority = "/etc/dispatch/tls/carriers.pem"

[recording]"""
REGISTERS = 'auth = "register"\nuser = "+842838230000"\nsecret_file = "carriers/viettel"\n'
AWAY = ('["127.0.0.1:5070"]', '["203.0.113.10:5061", "203.0.113.11:5061"]')
SECRETS = Secrets("s" * 24, {}, {"viettel": "p@ss#w0rd"})


def changed(*lines: str, also: tuple[tuple[str, str], ...] = ()) -> str:
    """The sample with these lines in its first carrier, and `also` replaced."""
    text = TEXT.replace(OF_VIETTEL, OF_VIETTEL + "".join(f"{line}\n" for line in lines))
    for before, after in also:
        assert before in text
        text = text.replace(before, after, 1)
    return text


OVER_TLS = (AWAY, ("[recording]", TLS), ("sip = 5060\n", "sip = 5060\ntls = 5061\n"))


def sections(site: Site, secrets: Secrets = SECRETS) -> dict[str, list[list[str]]]:
    """Of pjsip.conf: name to the lines of each section of that name."""
    found: dict[str, list[list[str]]] = {}
    for line in render(site, secrets, Paths("/r"))["pjsip.conf"].splitlines():
        if head := re.fullmatch(r"\[(.+)\]", line):
            lines: list[str] = []
            found.setdefault(head[1], []).append(lines)
        elif line and not line.startswith(";"):
            lines.append(line)
    return found


def one(site: Site, name: str, kind: str) -> list[str]:
    (lines,) = [lines for lines in sections(site)[name] if f"type = {kind}" in lines]
    return lines


# lines for the first carrier, what else is changed, then the error's code and key
MISTAKES = {
    "no such way": (['auth = "none"'], (), "site.bad-value", "carriers[1].auth"),
    "no account": (['auth = "digest"', 'secret_file = "x"'], (), "site.account-incomplete", "carriers[1].user"),
    "no password": (['auth = "register"', 'user = "u1"'], (), "site.account-incomplete", "carriers[1].secret_file"),
    "account for nothing": (['user = "u1"'], (), "site.unused-key", "carriers[1].user"),
    "registrar for nothing": (['server = "203.0.113.9:5060"'], (), "site.unused-key", "carriers[1].server"),
    "who asks, registered": ([*REGISTERS.splitlines(), 'digest = "in"'], (), "site.unused-key", "carriers[1].digest"),
    "registrar by name": (
        [*REGISTERS.splitlines(), 'server = "ims.vn:5060"'],
        (),
        "site.bad-value",
        "carriers[1].server",
    ),
    "no such registrar": (
        [*REGISTERS.splitlines(), 'server = "203.0.113.999:5060"'],
        (),
        "site.bad-address",
        "carriers[1].server",
    ),
    "hasty registration": ([*REGISTERS.splitlines(), "expiry = 5"], (), "site.bad-value", "carriers[1].expiry"),
    "account that is a pattern": (['user = "_X."'], (), "site.bad-value", "carriers[1].user"),
    "account of one letter": (['user = "h"'], (), "site.bad-value", "carriers[1].user"),
    "realm that breaks out": (['realm = "a]\\n[b"'], (), "site.bad-value", "carriers[1].realm"),
    "domain that breaks out": (['domain = "ims.vn;x"'], (), "site.bad-value", "carriers[1].domain"),
    "no such transport": (['transport = "sctp"'], (), "site.bad-value", "carriers[1].transport"),
    "tcp that is not heard": (['transport = "tcp"'], (AWAY,), "site.transport-not-heard", "carriers[1].transport"),
    "tls that is not heard": (['transport = "tls"'], (AWAY,), "site.transport-not-heard", "carriers[1].transport"),
    "tls without a certificate": (
        [],
        (("sip = 5060\n", "sip = 5060\ntls = 5061\n"),),
        "site.no-certificate",
        "ports.tls",
    ),
    "verified by nobody": (
        [],
        (*OVER_TLS, ('authority = "/etc/dispatch/tls/carriers.pem"\n', "")),
        "site.no-certificate",
        "tls.authority",
    ),
    "certificate at no path": (
        [],
        (*OVER_TLS, ('"/etc/dispatch/tls/node.pem"', '"node.pem"')),
        "site.bad-value",
        "tls.certificate",
    ),
    "keys in clear": (['media = "srtp"'], (), "site.srtp-in-clear", "carriers[1].media"),
    "tls from where we are": (
        ['transport = "tls"'],
        OVER_TLS[1:],
        "site.shared-host",
        "carriers[1].peers",
    ),
    "tls from where another carrier is": (
        ['transport = "tls"'],
        (*OVER_TLS, ("127.0.0.1:5071", "203.0.113.11:5060")),
        "site.shared-host",
        "carriers[1].peers",
    ),
    "tls from where a phone is": (
        ['transport = "tls"'],
        (*OVER_TLS, ("B01@127.0.0.1:5101", "B01@203.0.113.10:5101")),
        "site.shared-host",
        "carriers[1].peers",
    ),
    "peer at our port of tcp": (
        [],
        (("sip = 5060\n", "sip = 5060\ntcp = 5070\n"),),
        "site.duplicate-address",
        "carriers[1].peers",
    ),
    "tcp where AMI is": ([], (("sip = 5060\n", "sip = 5060\ntcp = 5038\n"),), "site.port-conflict", "ports.tcp"),
    "tls where tcp is": (
        [],
        (*OVER_TLS[:2], ("sip = 5060\n", "sip = 5060\ntcp = 5061\ntls = 5061\n")),
        "site.port-conflict",
        "ports.tls",
    ),
    "form that is a pattern": (['did = ["_X."]'], (), "site.bad-value", "carriers[1].did[1]"),
    "form twice": (['did = ["028", "028"]'], (), "site.duplicate", "carriers[1].did"),
    "form of a number that there is not": (['did = ["02838=116"]'], (), "site.dangling-number", "carriers[1].did"),
    "form that could be two": (['did = ["02838=113", "02838=114"]'], (), "site.ambiguous-number", "carriers[1].did"),
    "form that is another number": (['did = ["115=113"]'], (), "site.ambiguous-number", "carriers[1].did"),
    "no such codec": (
        ['codecs = ["g729"]'],
        (('codecs = ["alaw", "ulaw"]\n', ""),),
        "site.bad-value",
        "carriers[1].codecs[1]",
    ),
    "codec twice": (
        ['codecs = ["alaw", "alaw"]'],
        (('codecs = ["alaw", "ulaw"]\n', ""),),
        "site.duplicate",
        "carriers[1].codecs",
    ),
    "codec that no phone speaks": (
        [],
        (("[recording]", '[phones]\ncodecs = ["g722"]\n\n[recording]'),),
        "site.no-shared-codec",
        "carriers[1].codecs",
    ),
    "line break at a pattern's end": (
        [],
        (('"127.0.0.1:5070"', '"127.0.0.1:5070\\n"'),),
        "site.bad-value",
        "carriers[1].peers[1]",
    ),
}


@pytest.mark.parametrize(("lines", "also", "code", "key"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused_where_it_stands(
    lines: list[str], also: tuple[tuple[str, str], ...], code: str, key: str
) -> None:
    text = changed(*lines, also=also)
    with pytest.raises(SiteError) as caught:
        parse_site(text, "etc/site.toml")
    error = caught.value
    assert (error.code, error.details["key"]) == (code, key)
    line = int(error.details["line"])
    assert 1 <= line <= text.count("\n") + 1
    assert "; hãy ghi " in error.vi and "; write " in error.en
    assert error.vi.startswith(f"etc/site.toml, dòng {line}") and error.en.startswith(f"etc/site.toml, line {line}")
    section = key.partition("[")[0].partition(".")[0]
    stands = text.splitlines()[line - 1]
    name = re.findall(r"[a-z_]+", key)[-1]
    assert name in stands or f"[{section}]" in stands


def test_a_carrier_with_which_we_register_is_known_by_its_addresses() -> None:
    site = parse_site(changed(*REGISTERS.splitlines(), 'domain = "ims.vn"', 'realm = "IMS of the carrier"'))
    endpoint = one(site, "viettel", "endpoint")
    for guard in ("identify_by = ip", "callerid = viettel <0>", "trust_id_inbound = no", "allow_transfer = no"):
        assert guard in endpoint
    assert "outbound_auth = viettel" in endpoint and "context = carrier-viettel" in endpoint
    assert not [line for line in endpoint if line.startswith("auth =")]
    told = one(site, "viettel", "registration")
    assert "client_uri = sip:+842838230000@ims.vn" in told and "server_uri = sip:127.0.0.1:5070" in told
    assert "expiration = 600" in told and not [line for line in told if line.startswith(("line", "endpoint"))]
    assert one(site, "viettel-peers", "identify")[2:] == ["match = 127.0.0.1:5070"]
    assert "realm = IMS of the carrier" in one(site, "viettel", "auth")


def test_a_carrier_that_must_bring_the_password_must_also_call_from_its_address() -> None:
    lines = ['auth = "digest"', 'user = "dispatch"', 'secret_file = "x"', 'auth_user = "d@ims.vn"']
    endpoint = one(parse_site(changed(*lines)), "viettel", "endpoint")
    assert "auth = viettel" in endpoint and "outbound_auth = viettel" in endpoint and "identify_by = ip" in endpoint
    assert "username = d@ims.vn" in one(parse_site(changed(*lines)), "viettel", "auth")
    for who, there, absent in (("in", "auth = viettel", "outbound_auth"), ("out", "outbound_auth = viettel", "auth =")):
        endpoint = one(parse_site(changed(*lines, f'digest = "{who}"')), "viettel", "endpoint")
        assert there in endpoint and not [line for line in endpoint if line.startswith(absent)]


def test_peers_are_called_in_their_order() -> None:
    site = parse_site(changed(also=(AWAY,)))
    assert "aors = viettel,viettel_2" in one(site, "viettel", "endpoint")
    assert "contact = sip:203.0.113.10:5061" in one(site, "viettel", "aor")
    assert "contact = sip:203.0.113.11:5061" in one(site, "viettel_2", "aor")


def test_over_tls_the_host_counts_and_the_sound_is_enciphered() -> None:
    site = parse_site(changed('transport = "tls"', 'media = "srtp"', also=OVER_TLS))
    assert one(site, "viettel-peers", "identify")[2:] == ["match = 203.0.113.10", "match = 203.0.113.11"]
    endpoint = one(site, "viettel", "endpoint")
    assert "transport = tls" in endpoint and "media_encryption = sdes" in endpoint
    assert "contact = sip:203.0.113.10:5061\\;transport=tls" in one(site, "viettel", "aor")
    transport = one(site, "tls", "transport")
    for line in (
        "bind = 127.0.0.1:5061",
        "cert_file = /etc/dispatch/tls/node.pem",
        "verify_client = yes",
        "require_client_cert = yes",
        "verify_server = yes",
        "ca_list_file = /etc/dispatch/tls/carriers.pem",
    ):
        assert line in transport


def test_every_form_of_a_number_is_a_plain_extension_that_leads_to_it() -> None:
    site = parse_site(changed('did = ["+8428", "028", "+", "02838230000=113"]'))
    text = render(site, SECRETS, Paths("/r"))["extensions.conf"]
    own = text.partition("[carrier-viettel]\n")[2].partition("\n\n")[0]
    assert dict(re.findall(r"exten => (\S+),1,Goto\(from-carrier,(\d+),1\)", own)) == {
        **{form: "113" for form in ("113", "+8428113", "028113", "+113", "02838230000")},
        **{form: "114" for form in ("114", "+8428114", "028114", "+114")},
        **{form: "115" for form in ("115", "+8428115", "028115", "+115")},
    }
    texts = text.partition("[message-viettel]\n")[2].partition("\n\n")[0]
    assert "exten => +84288113,1" in texts and "exten => _" not in text
    assert "context = carrier-viettel" in one(site, "viettel", "endpoint")


def test_a_call_of_a_carrier_over_tls_must_not_come_to_a_port_in_clear() -> None:
    site = parse_site(changed('transport = "tls"', also=OVER_TLS))
    own = render(site, SECRETS, Paths("/r"))["extensions.conf"].partition("[carrier-viettel]\n")[2].partition("\n\n")[0]
    assert own.count("Set(LOCAL_ADDR=${CHANNEL(pjsip,local_addr)})") == own.count("(clear),Hangup(21)") == 3
    assert own.count('= "5060"]?clear)') == 3
    both = parse_site(changed('transport = "tls"', also=(*OVER_TLS, ("tls = 5061\n", "tls = 5061\ntcp = 5066\n"))))
    assert '= "5066"]?clear)' in render(both, SECRETS, Paths("/r"))["extensions.conf"]


def test_opus_is_loaded_where_it_is_spoken() -> None:
    assert "opus" not in render(parse_site(TEXT), SECRETS, Paths("/r"))["modules.conf"]
    site = parse_site(changed(also=(('codecs = ["alaw", "ulaw"]', 'codecs = ["opus", "alaw"]'),)))
    assert "load = codec_opus_open_source.so" in render(site, SECRETS, Paths("/r"))["modules.conf"]


def test_phones_speak_what_is_said() -> None:
    site = parse_site(changed(also=(("[recording]", '[phones]\ncodecs = ["g722", "alaw"]\n\n[recording]'),)))
    assert "allow = g722,alaw" in one(site, "B01", "endpoint")
    assert "allow = alaw,ulaw" in one(site, "viettel", "endpoint")


def test_the_password_of_a_carrier_is_read_and_never_said(tmp_path: Path) -> None:
    site = parse_site(changed(*REGISTERS.splitlines()))
    (secret,) = secret_files(site, tmp_path)
    assert (secret.name, secret.used_by, secret.state) == ("carriers/viettel", ("carriers.viettel",), "missing")
    (tmp_path / "ami").write_text("a" * 20)
    with pytest.raises(SiteError) as caught:
        read_secrets(site, tmp_path / "ami", tmp_path)
    assert caught.value.code == "site.secret-unreadable"
    assert caught.value.details["key"] == "carriers.viettel.secret_file"
    secret.path.parent.mkdir()
    for bad in ("abc;def", "a b c d e f", "short", "two\nlines-of-it", "back\\slash"):
        secret.path.write_text(bad)
        assert secret.state == "bad"
        with pytest.raises(SiteError) as caught:
            read_secrets(site, tmp_path / "ami", tmp_path)
        assert caught.value.code == "site.secret-unusable" and bad not in caught.value.en + caught.value.vi
    secret.path.write_text("p@ss#w0rd\n")
    assert secret.state == "good"
    assert read_secrets(site, tmp_path / "ami", tmp_path) == Secrets("a" * 20, {}, {"viettel": "p@ss#w0rd"})
    assert check_secret("p@ss#w0rd", True) == "p@ss#w0rd"
    with pytest.raises(SiteError):
        check_secret("p@ss#w0rd", False)


def test_no_text_of_a_site_holds_a_line_break() -> None:
    site = parse_site(TEXT)
    named = msgspec.structs.replace(site.carriers[0], name="x\n[y]")
    (problem,) = plain_text(msgspec.structs.replace(site, carriers=(named,)))
    assert problem.path == ("carriers", 0, "name")
