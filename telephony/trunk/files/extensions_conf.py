"""extensions.conf: the contexts of `telephony.trunk.dialplan`, in the order in which a call meets them."""

from __future__ import annotations

from telephony.trunk.dialplan.announcing import announcing
from telephony.trunk.dialplan.arrival import LINE_OVER, arrival
from telephony.trunk.dialplan.calling_back import calling_back
from telephony.trunk.dialplan.forms import forms
from telephony.trunk.dialplan.from_phones import from_phones
from telephony.trunk.dialplan.headers import headers
from telephony.trunk.dialplan.messages import messages
from telephony.trunk.dialplan.picking_up import picking_up
from telephony.trunk.dialplan.probing import probing
from telephony.trunk.dialplan.prompting import prompting
from telephony.trunk.dialplan.steering import steering
from telephony.trunk.dialplan.testing import testing
from telephony.trunk.dialplan.waiting import WAIT, WAIT_ALL, waiting
from telephony.trunk.files.ini import file, section
from telephony.trunk.site import Site


def extensions_conf(site: Site, recordings: str, prompt: str, surge: str) -> str:
    """The text of extensions.conf. `recordings`: absolute directory; `prompt`: the sound, without its suffix; `surge`:
    the folder of the words about a surge."""
    return file(
        section("general", {"static": "yes", "writeprotect": "yes", "clearglobalvars": "no"}),
        arrival(site, recordings),
        *([own] if (own := forms(site)) else []),
        headers(),
        waiting(site),
        picking_up(site),
        calling_back(site),
        steering(site),
        messages(site),
        from_phones(site),
        probing(),
        testing(site, LINE_OVER),
        prompting(prompt, surge, (WAIT, WAIT_ALL), bool(site.silence.prompt_after)),
        *((announcing(site, surge),) if site.announcements else ()),
    )
