"""pjsip.conf: the transport, one endpoint for each carrier and for each position's phone.

Guarded here, against a caller who writes false events into AMI through his own identity headers:
`callerid` is fixed and `trust_id_inbound` off on every carrier, so that nothing of the INVITE becomes a
channel's caller id; a carrier is recognised by its address, never by what it says in From, also one that
must bring a password besides and one with which we register (no `line`, no name of the account); no
transfers and no subscriptions are taken from a carrier. `send_connected_line` and `send_pai` are off because
a carrier would otherwise get a re-INVITE with the call taker's identity when a call is answered.
"""

from __future__ import annotations

from collections.abc import Sequence

from telephony.dialplan_contexts import PROBE_IN, PROBE_OUT, PROBE_OVER, REPLACING
from telephony.trunk.files.ini import Value, file, section
from telephony.trunk.files.pjsip_carriers import COMMON, FROM_CARRIER, NOT_FORWARDED, QUALIFY, carrier, transports
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import Position, Site
from telephony.trunk.site_checks import EVERY_ADDRESS

FROM_POSITION = "from-position"
PHONE_TRANSFER = "phone-transfer"  # where a phone may send the other end of its call
LOOPBACK = "127.0.0.1"


def pjsip_conf(site: Site, secrets: Secrets) -> str:
    """The text of pjsip.conf."""
    parts = [
        section(
            "global",
            {
                "type": "global",
                "user_agent": "Dispatch",
                "endpoint_identifier_order": "header,ip,username",
                # voice is not refused because a reader of events is slow
                "taskprocessor_overload_trigger": "pjsip_only",
            },
        ),
        *transports(site),
    ]
    parts += _replacing()
    codecs = site.phones.codecs or sorted({codec for carrier in site.carriers for codec in carrier.codecs})
    for one in site.carriers:
        if one.enabled:
            parts += carrier(one, secrets)
    for position in site.positions:
        parts += _position(position, codecs, secrets)
    parts += _probe(site.ports.listen, site.ports.sip, codecs, secrets)
    return file(*parts)


def _replacing() -> list[str]:
    """Whoever sends an INVITE with Replaces is this endpoint, which nobody may use: answered 401 before it is a call.

    Asterisk would give such an INVITE the place of the channel that it names whatever the endpoint may transfer; a
    phone's attended transfer comes as a REFER and needs none.
    """
    return [
        section(REPLACING, {"type": "endpoint", "context": REPLACING, "identify_by": "header", "deny": "0.0.0.0/0"}),
        section(
            f"{REPLACING}-header",
            {"type": "identify", "endpoint": REPLACING, "match_header": "Replaces: /.*/"},
        ),
    ]


def _probe(listen: str, port: int, codecs: Sequence[str], secrets: Secrets) -> list[str]:
    """The node's two ends of a call to itself. Who says to be the probe must know its password and call from here: a
    carrier is known by its address before anybody looks at what it says, and anybody else is asked for the password."""
    own = LOOPBACK if listen == EVERY_ADDRESS else listen
    ends: dict[str, Value] = {**COMMON, "allow": ",".join(codecs)}
    password: dict[str, Value] = {
        "type": "auth",
        "auth_type": "userpass",
        "username": PROBE_IN,
        "password": secrets.probe,
    }
    calling: dict[str, Value] = {
        **ends, "context": PROBE_OVER, "aors": PROBE_OUT, "outbound_auth": PROBE_OUT, "from_user": PROBE_IN,
        "identify_by": "ip",
    }  # fmt: skip
    called: dict[str, Value] = {
        **ends, "context": FROM_CARRIER, "auth": PROBE_IN, "identify_by": "username",
        "callerid": f"{PROBE_IN} <0>", "deny": "0.0.0.0/0.0.0.0", "permit": f"{own}/255.255.255.255",
    }  # fmt: skip
    return [
        section(PROBE_OUT, calling),
        section(PROBE_OUT, password),
        section(PROBE_OUT, {"type": "aor", "contact": f"sip:{own}:{port}"}),
        section(PROBE_IN, called),
        section(PROBE_IN, password),
    ]


def _position(position: Position, codecs: Sequence[str], secrets: Secrets) -> list[str]:
    endpoint: dict[str, Value] = {
        **COMMON,
        "context": FROM_POSITION,
        "aors": position.id,
        "allow": ",".join(codecs),
        "callerid": f"{position.id} <{position.id}>",
        "allow_transfer": "yes",
        "set_var": f"TRANSFER_CONTEXT={PHONE_TRANSFER}",
    }
    forwards = ("set_var", NOT_FORWARDED)
    aor: list[tuple[str, Value]] = [("type", "aor"), *QUALIFY.items()]
    if isinstance(position.phone, str):
        address = position.phone.partition("@")[2]
        return [
            section(position.id, [*endpoint.items(), forwards, ("identify_by", "ip")]),
            section(position.id, [*aor, ("contact", position.phone)]),
            section(
                f"{position.id}-phone", {"type": "identify", "endpoint": position.id, "match": address}
            ),
        ]
    auth: dict[str, Value] = {
        "type": "auth",
        "auth_type": "userpass",
        "username": position.id,
        "password": secrets.phones[position.id],
    }
    return [
        section(position.id, [*endpoint.items(), forwards, ("identify_by", "username"), ("auth", position.id)]),
        section(position.id, auth),
        section(position.id, [*aor, ("max_contacts", 1), ("remove_existing", "yes")]),
    ]
