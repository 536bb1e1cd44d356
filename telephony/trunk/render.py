"""A site in, every file of etc/asterisk out (but for asterisk.conf's [directories], which are the machine's).

Guarded here: the same site, secrets and paths give the same bytes, so that a difference between two renderings
is a difference between two sites.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from telephony.trunk.files.confbridge_conf import confbridge_conf
from telephony.trunk.files.extensions_conf import extensions_conf
from telephony.trunk.files.manager_conf import manager_conf
from telephony.trunk.files.modules_conf import modules_conf
from telephony.trunk.files.pjsip_conf import pjsip_conf
from telephony.trunk.files.queues_conf import queues_conf
from telephony.trunk.files.small_confs import asterisk_conf, hep_conf, small_confs
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import Site


@dataclass(frozen=True)
class Paths:
    """Where the node keeps what the dialplan names: `recordings`, an absolute directory that exists; `prompt`, the
    sound that asks for a key, absolute, without its suffix, and `surge`, the folder of the words about a surge (a site
    may name its own)."""

    recordings: str
    prompt: str = str(Path(__file__).parent / "sounds" / "press-five")
    surge: str = str(Path(__file__).parent / "sounds")


def render(site: Site, secrets: Secrets, paths: Paths, node: str | None = None) -> dict[str, str]:
    """File name to text, for one node of the site (the first one unless named). KeyError: see `Secrets.phones`."""
    name = node or site.node_names[0]
    site = site.at(name)
    prompt = site.silence.prompt or paths.prompt
    return {
        "asterisk.conf": asterisk_conf(name),
        "hep.conf": hep_conf(site, secrets),
        "confbridge.conf": confbridge_conf(),
        "extensions.conf": extensions_conf(site, paths.recordings, prompt, site.surge.folder or paths.surge),
        "manager.conf": manager_conf(site, secrets),
        "modules.conf": modules_conf(site),
        "pjsip.conf": pjsip_conf(site, secrets),
        "queues.conf": queues_conf(site),
        **small_confs(site),
    }
