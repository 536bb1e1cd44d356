"""Every key of the window: what it types. The window binds it, the sheet behind F1 and the manuals show it, from here.

A key is a line of the command line: whatever a key does can be typed, is told in the sheet with its command, and is
carried out on one path. A line that ends in a space (or in ``#``) waits in the command line to be completed.

Free: Ctrl+F1 to Ctrl+F12 belong to macros. Keys of one letter act in boards alone (``BoardView.key_typed``), never in
a field, because Telex is typed there; Ctrl+A, C, E, K, U, V, X, Y, Z are an editor's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console_gui.command_line.outcomes import Context
from console_gui.command_line.parsing import BY_NAME
from console_gui.command_line.verb import ADMIN, ALL, DESK, LEAD, WATCH, Verb
from console_gui.command_line.verbs_dispatching import next_level
from console_gui.command_line.verbs_duty import likely_same, seat_key
from console_gui.command_line.verbs_steering import hold_key
from console_gui.command_line.verbs_surge import proposed
from dispatch_core.domain.vocabulary import Role


def _fold(context: Context) -> str:
    """With the incident that is proposed at once; where none is, with one to be typed."""
    return "gop" if proposed(context) else f"gop {likely_same(context)} ".replace("# ", "#")


@dataclass(frozen=True, slots=True)
class Key:
    """``sequence`` as Qt reads it; ``line`` is typed by it, or made from what is on the screen, and then ``verbs``
    names the commands that it may become. ``repeats``: also while it is held down; all others act once for a press,
    however long a hand or a book lies on them."""

    sequence: str
    line: str | Callable[[Context], str]
    verbs: tuple[str, ...] = ()
    roles: frozenset[Role] = DESK
    repeats: bool = False

    @property
    def shown(self) -> str:
        """As the screens and the manuals write it."""
        return self.sequence.replace("Left", "←").replace("Right", "→").replace("Up", "↑").replace("Down", "↓")

    def typed(self, context: Context) -> str:
        return self.line if isinstance(self.line, str) else self.line(context)

    def commands(self) -> list[Verb]:
        named = self.verbs or ((self.line.split(" ")[0],) if isinstance(self.line, str) else ())
        return [BY_NAME[name] for name in named]


def waits(line: str) -> bool:
    """Whether the line is to be completed by the person."""
    return line.endswith((" ", "#"))


KEYS: tuple[Key, ...] = (
    Key("F1", "?", roles=ALL),
    Key("F2", "gl"),
    Key("F3", "den diachi", ("@",)),
    Key("F4", _fold, ("gop",)),
    Key("F5", "a"),
    Key("F6", "den loai", ("t",)),
    Key("F7", "den ghichu", ("n",)),
    Key("F8", "xx"),
    Key("F9", seat_key, ("pos", "ready", "nghi")),
    Key("F9", "den themban", ("addpos",), ADMIN),
    Key("F10", "h"),
    Key("F11", "man", roles=ALL),
    Key("F12", "den dong", roles=ALL),
    Key("Shift+F2", "nghe"),
    Key("Shift+F3", "ngung"),
    Key("Shift+F4", "nghe-"),
    Key("Alt+Left", "lui", repeats=True),
    Key("Alt+D", "dx"),
    Key("Alt+H", hold_key, ("giu", "tiep")),
    Key("Alt+I", "lichsu"),
    Key("Alt+K", "khac"),
    Key("Alt+L", next_level, ("cap",)),
    Key("Alt+M", "mic"),
    Key("Alt+P", "den uutien", ("p",)),
    Key("Alt+Q", "chuaghi"),
    Key("Alt+R", "dolai"),
    Key("Alt+Z", "bogop"),
    Key("Alt+G", "den cuocgoi", ("den",), ALL),
    Key("Alt+V", "den vuviec", ("den",)),
    Key("Alt+U", "den donvi", ("den",)),
    Key("Alt+N", "den nhanh", ("den",)),
    Key("Alt+B", "den canhbao", ("den",), ALL),
    Key("Alt+C", "chogui", roles=ALL),
    Key("Ctrl+P", "in", roles=ALL),
    *(Key(f"Alt+{number}", f"th {number}") for number in (*range(1, 10), 0)),
    Key("Alt+E", "the"),
    Key("Alt+Up", "the lui", repeats=True),
    Key("Alt+Down", "the toi", repeats=True),
    Key("Ctrl+B", "den bando", ("den",)),
    Key("Ctrl+T", "tn"),
    Key("Ctrl+N", "nb ", ("nb",)),
    Key("Ctrl+R", "doc"),
    Key("Alt+T", "dap ", ("dap",)),
    Key("Ctrl+G", "bg"),
    Key("Ctrl+S", "tat", roles=ALL),
    Key("Ctrl+5", "im"),
    Key("Alt+O", "xep"),
    Key("Alt+J", "re", roles=LEAD),
    Key("Alt+Y", "re-", roles=LEAD),
    *(Key(f"Ctrl+Alt+{number}", f"sl {number}", roles=LEAD) for number in range(1, 10)),
    Key("Ctrl+Alt+0", "sl", roles=LEAD),
    Key("Alt+W", "den nguoi", ("den",), LEAD),
    Key("Shift+F11", "tuong"),
    Key("Alt+X", "mang", roles=WATCH),
    *(Key(f"Alt+{number}", f"mang {number}", roles=ADMIN) for number in range(1, 10)),
    Key("Alt+A", "themmuc", roles=ADMIN),
    Key("Alt+Z", "hoanlai", roles=ADMIN),
    Key("F3", "xemtruoc", roles=ADMIN),
    Key("F4", "xacnhan", roles=ADMIN),
    Key("Alt+S", "daxem", roles=WATCH),
    Key("Ctrl+=", "co +", roles=ALL, repeats=True),
    Key("Ctrl+-", "co -", roles=ALL, repeats=True),
)  # fmt: skip


def keys_of(role: Role) -> list[Key]:
    return [key for key in KEYS if role in key.roles]


def key_of(verb: Verb) -> str:
    """The key that stands beside a command, "" where it has none of its own."""
    return next((key.shown for key in KEYS if verb in key.commands()), "")
