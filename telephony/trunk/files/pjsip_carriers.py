"""The part of pjsip.conf that follows from carriers: transports, endpoints, passwords, registrations.

Guarded here: see `pjsip_conf`. A carrier over tcp or tls is recognised by the host alone, since the port from which it
connects is any; `site_checks` sees that nobody else is on that host.
"""

from __future__ import annotations

from collections.abc import Mapping

from telephony.trunk.files.ini import Value, section
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import Carrier, Site
from telephony.trunk.site_carriers import host_of

FROM_CARRIER = "from-carrier"
NO_MESSAGES = "no_messages"  # a context without extensions: a message there is answered 404
NOT_FORWARDED = "FORWARD_CONTEXT=no_forwarding"  # a context without extensions
QUALIFY: Mapping[str, Value] = {"qualify_frequency": 2, "qualify_timeout": 2}  # seconds: silence is told within 4

COMMON: Mapping[str, Value] = {
    "type": "endpoint",
    "transport": "udp",
    # else one would run through the context of calls, and all messages wait behind what it does there
    "message_context": NO_MESSAGES,
    "disallow": "all",
    "direct_media": "no",  # recording and moving a call need the media here
    "rtp_timeout": 0,  # silence never ends an emergency call
    "rtp_timeout_hold": 0,
    "trust_id_inbound": "no",
    "trust_id_outbound": "no",
    "send_connected_line": "no",
    "send_pai": "no",
    "send_rpid": "no",
    "allow_transfer": "no",
    "allow_subscribe": "no",
    "100rel": "no",
    "timers": "no",
}

AGAIN_S = 10  # seconds until a registration that was not answered is tried again
REFUSED_AGAIN_S = 30  # ... that was refused
FOR_EVER = 2_000_000_000  # tries


def message_context(carrier: Carrier) -> str:
    """The context in which a carrier's text messages arrive: they do not tell their endpoint otherwise."""
    return f"message-{carrier.name}"


def call_context(carrier: Carrier) -> str:
    """The context in which its calls arrive: one of its own where it says numbers in a way of its own."""
    own = carrier.did or carrier.auth == "register" or carrier.transport == "tls"
    return f"carrier-{carrier.name}" if own else FROM_CARRIER


def peer_name(carrier: Carrier, at: int) -> str:
    """The AOR of one peer: an AOR of several contacts would not keep their order. No name of a site has a '_'."""
    return f"{carrier.name}_{at + 1}" if at else carrier.name


def transports(site: Site) -> list[str]:
    """Where SIP is heard."""
    ports, tls = site.ports, site.tls
    parts = [section("udp", {"type": "transport", "protocol": "udp", "bind": f"{ports.listen}:{ports.sip}"})]
    if ports.tcp:
        parts.append(section("tcp", {"type": "transport", "protocol": "tcp", "bind": f"{ports.listen}:{ports.tcp}"}))
    if ports.tls:
        heard: dict[str, Value] = {
            "type": "transport",
            "protocol": "tls",
            "bind": f"{ports.listen}:{ports.tls}",
            "method": "tlsv1_2",
            "cert_file": tls.certificate,
            "priv_key_file": tls.key,
            **({"ca_list_file": tls.authority} if tls.authority else {}),
            "verify_client": _yes(tls.verify_client),
            "require_client_cert": _yes(tls.verify_client),
            "verify_server": _yes(tls.verify_server),
        }
        parts.append(section("tls", heard))
    return parts


def carrier(carrier: Carrier, secrets: Secrets) -> list[str]:
    """One carrier's sections. KeyError: see `Secrets.carriers`."""
    names = [peer_name(carrier, at) for at in range(len(carrier.peers))]
    endpoint: dict[str, Value] = {
        **COMMON,
        "transport": carrier.transport,
        "context": call_context(carrier),
        "message_context": message_context(carrier),
        "aors": ",".join(names),
        "allow": ",".join(carrier.codecs),
        "identify_by": "ip",
        "callerid": f"{carrier.name} <0>",
        # whom we call there cannot send us on (302): that would go through the context of calls, as one more caller
        "set_var": NOT_FORWARDED,
        **_account(carrier),
        **({"media_encryption": "sdes"} if carrier.media == "srtp" else {}),
    }
    peers = [
        section(
            name,
            [
                ("type", "aor"),
                ("contact", _uri(carrier, peer)),
                *(QUALIFY.items() if carrier.qualify else ()),
                *([("authenticate_qualify", "no")] if carrier.qualify and carrier.answers else ()),
            ],
        )
        for name, peer in zip(names, carrier.peers, strict=True)
    ]
    hosts = carrier.peers if carrier.transport == "udp" else dict.fromkeys(host_of(peer) for peer in carrier.peers)
    known = [("type", "identify"), ("endpoint", carrier.name), *(("match", host) for host in hosts)]
    parts = [section(carrier.name, endpoint), *peers, section(f"{carrier.name}-peers", known)]
    if carrier.asks or carrier.answers:
        parts.append(_password(carrier, secrets))
    if carrier.auth == "register":
        parts.append(_registration(carrier))
    return parts


def _account(carrier: Carrier) -> dict[str, Value]:
    """What the account adds to an endpoint."""
    added: dict[str, Value] = {}
    if carrier.asks:
        added |= {"auth": carrier.name, "allow_unauthenticated_options": "yes"}
    if carrier.answers:
        added["outbound_auth"] = carrier.name
    if carrier.from_account:
        added["from_user"] = carrier.user
    if carrier.domain:
        added["from_domain"] = carrier.domain
    return added


def _password(carrier: Carrier, secrets: Secrets) -> str:
    known: dict[str, Value] = {
        "type": "auth",
        "auth_type": "userpass",
        "username": carrier.auth_user or carrier.user,
        "password": secrets.carriers[carrier.name],
    }
    return section(carrier.name, known | ({"realm": carrier.realm} if carrier.realm else {}))


def _registration(carrier: Carrier) -> str:
    """It is tried again for ever, also where it was refused: nobody may have to notice that it gave up."""
    told: dict[str, Value] = {
        "type": "registration",
        "transport": carrier.transport,
        "outbound_auth": carrier.name,
        "server_uri": _uri(carrier, carrier.registrar),
        "client_uri": f"sip:{carrier.user}@{carrier.domain or carrier.registrar}",
        "contact_user": carrier.user,
        "expiration": carrier.expiry,
        "retry_interval": AGAIN_S,
        "forbidden_retry_interval": REFUSED_AGAIN_S,
        "fatal_retry_interval": REFUSED_AGAIN_S,
        "auth_rejection_permanent": "no",
        "max_retries": FOR_EVER,
        "max_random_initial_delay": 0,
    }
    return section(carrier.name, told)


def _uri(carrier: Carrier, address: str) -> str:
    return f"sip:{address}" + (f"\\;transport={carrier.transport}" if carrier.transport != "udp" else "")


def _yes(on: bool) -> str:
    return "yes" if on else "no"
