"""How a context of extensions.conf is written, and how our UserEvents are.

Guarded here: an extension is never a pattern, so that nobody chooses one that was not written down; an event
has exactly the headers of `dialplan_events`, in its order, each written as the table says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from telephony.dialplan_events import DialplanEvent

Steps = Sequence[str]  # applications, in order; "(label) App(...)" gives one a label
_LABEL = re.compile(r"\((\w+)\) ")


def context(name: str, extensions: Mapping[str, Steps]) -> str:
    """The text of one context. ValueError for a pattern or a line break."""
    lines = [f"[{name}]"]
    for extension, steps in extensions.items():
        if not re.fullmatch(r"[A-Za-z0-9+-]+", extension):
            raise ValueError(f"not a plain extension: {extension!r}")
        for number, step in enumerate(steps):
            if "\n" in step or "\r" in step:
                raise ValueError(f"a line break in {step!r}")
            label = _LABEL.match(step)
            application = step[label.end() :] if label else step
            priority = ("n" if number else "1") + (f"({label[1]})" if label else "")
            head = f"exten => {extension}" if not number else " same => "
            lines.append(f"{head},{priority},{application}" if not number else f"{head}{priority},{application}")
    return "\n".join(lines) + "\n"


def tell(event: DialplanEvent, **values: str) -> str:
    """The UserEvent that tells `event`. `values`: header to a dialplan expression. ValueError: wrong headers."""
    if set(values) != set(event.headers):
        raise ValueError(f"{event.name} has the headers {list(event.headers)}, not {list(values)}")
    headers = [f"{header}: {how.write(values[header])}" for header, how in event.headers.items()]
    return f"UserEvent({','.join([event.name, *headers])})"
