"""The switch's nodes as one core holds them, and what reaches it beside their AMI: copies of SIP messages and what
phones say by AML, for where callers are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dispatch_core.domain.commands import Actor, ActorKind, Command, SenderKind
from dispatch_core.domain.errors import DispatchError
from dispatch_core.ports import Clock, Ids
from dispatch_core.runtime.http.aml import AmlIntake
from dispatch_core.runtime.http.senders import Senders
from dispatch_core.settings import Settings
from telephony.caller_location.aml_https import is_signed, read_form
from telephony.caller_location.sip_invite import Told
from telephony.sip_answers import SipAnswers
from telephony.sip_capture import SipCapture
from telephony.switchboard import AsteriskSwitchboard
from telephony.trunk.secrets import capture_key
from telephony.trunk.site import Site

Tell = Callable[[Actor, Command], None]


def switchboards(
    settings: Settings, site: Site, tell: Tell, live: Callable[[str, str, dict[str, Any]], None], clock: Clock, ids: Ids
) -> dict[str, AsteriskSwitchboard]:
    """One for each node; which nodes there are, the settings and the site must agree."""
    asked, named = sorted(node.name for node in settings.nodes), sorted(site.node_names)
    if asked != named:
        raise DispatchError(
            "nodes_differ",
            f"[[nodes]] của cấu hình máy chủ ({', '.join(asked)}) khác các tổng đài của site.toml "
            f"({', '.join(named)}); hãy sửa cho giống nhau.",
            f"[[nodes]] of the core's settings ({', '.join(asked)}) are not the nodes of site.toml "
            f"({', '.join(named)}); make them the same.",
        )

    def facts(node: str) -> Callable[[Command], None]:
        return lambda body: tell(Actor(ActorKind.SWITCH, node), body)

    return {
        node.name: AsteriskSwitchboard.for_site(
            site,
            node=node.name,
            host=node.host,
            port=node.port,
            user=node.user,
            secret=settings.secret(node.secret_file),
            facts=facts(node.name),
            live=live,
            clock=clock,
            ids=ids,
        )
        for node in settings.nodes
    }


class CallerPlaces:
    """``run`` listens to copies of SIP messages; ``subjects`` of the HTTPS side take AML where somebody may send it."""

    def __init__(
        self, settings: Settings, boards: Mapping[str, AsteriskSwitchboard], known: Senders, tell: Tell, clock: Clock,
        ids: Ids, answers: SipAnswers,
    ) -> None:  # fmt: skip
        keys: dict[str, list[Callable[[Told], None]]] = {}
        for node in settings.nodes:
            key = capture_key(settings.secret(node.secret_file))
            keys.setdefault(key, []).append(boards[node.name].heard_place)
        board = boards[settings.nodes[0].name]  # all of them know the site that is in force
        self._capture = SipCapture(keys, lambda: board.peers, clock, answers)
        self.run = self._capture.run
        self.subjects: list[AmlIntake] = []
        if known.any_of(SenderKind.LOCATION):
            intake = AmlIntake(
                known, read_form, is_signed, lambda sender, body: tell(sender.actor(), body), clock, ids
            )
            self.subjects.append(intake)

    def health(self) -> dict[str, int]:
        counts = {f"aml_{name}": count for intake in self.subjects for name, count in intake.counts.items()}
        return {"locations_heard": self._capture.heard} | counts
