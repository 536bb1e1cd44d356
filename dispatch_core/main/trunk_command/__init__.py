"""``dispatch trunk``: carriers, numbers, queues and positions checked, compared, applied and given back at a running
core, from the command line.

``check`` and ``schema`` need no core; everything else is asked of it over HTTPS, and only a telephony admin may change
something. A session of a command leaves the console of the same person signed in.
"""

from __future__ import annotations

from dispatch_core.main.trunk_command.parser import add_parser

__all__ = ["add_parser"]
