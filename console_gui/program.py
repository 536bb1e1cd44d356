"""The program ``dispatch-console``: arguments, the Qt application, signals, and the end.

``dispatch-console --core https://HOST:PORT --ca CA.pem [--language vi|en] [--theme dark|light] [--user U] [--wall]
[--drill]``; ``--drill`` is described in ``console_gui.drill``. Works off screen (QT_QPA_PLATFORM=offscreen). Ends with
0 when it was closed, by a person, by SIGTERM or by SIGINT; with 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QSocketNotifier, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from console_gui import typefaces
from console_gui.door import SystemDoor
from console_gui.preferences import ORGANISATION, PROGRAM, Preferences
from console_gui.session import Session
from console_gui.theme import THEMES, Look
from console_gui.translations.language import Words
from console_gui.translations.qt_words import QtVietnamese
from console_gui.translations.tables import LANGUAGES
from console_gui.version import version


def arguments(given: Sequence[str] | None = None) -> tuple[argparse.Namespace, argparse.ArgumentParser]:
    parser = argparse.ArgumentParser(prog="dispatch-console", description="The console of the dispatch centre.")
    parser.add_argument("--core", required=True, metavar="https://HOST:PORT", help="where the core answers")
    parser.add_argument("--ca", required=True, type=Path, metavar="CA.pem", help="the site's certificate authority")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version()}")
    parser.add_argument("--language", choices=LANGUAGES, help="the screens' language (default: the last one)")
    parser.add_argument("--theme", choices=sorted(THEMES), help="dark or light (default: the last one)")
    parser.add_argument("--wall", action="store_true", help="begin with the large screen for the wall")
    parser.add_argument("--user", default="", help="the name to start the sign-in with")
    parser.add_argument(
        "--drill", action="store_true", help="read lines from standard input, report on standard output"
    )
    return parser.parse_args(given), parser


class Signals:
    """SIGTERM and SIGINT close the console as a person would; Python sees them though Qt's loop is in C++."""

    def __init__(self, session: Session) -> None:
        self._here, self._there = socket.socketpair()
        self._there.setblocking(False)
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, session)
        self._notifier.activated.connect(self._came)
        self._session = session
        signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, frame: None)

    def _came(self) -> None:
        self._here.recv(64)
        self._session.close()

    def stop(self) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        self._here.close()
        self._there.close()


OFF_SCREEN_SAYS = frozenset(f"This plugin does not support {what}()" for what in ("propagateSizeHints", "raise"))


def tell_qt_message(kind: QtMsgType, where: QMessageLogContext, text: str) -> None:
    """Qt's warnings go to standard error, but for what the off-screen plugin says of every window,
    and what the sound library says where the band says it better."""
    if text not in OFF_SCREEN_SAYS:
        sys.stderr.write(f"qt {kind.name}: {text}\n")


def main(given: Sequence[str] | None = None) -> int:
    options, parser = arguments(given)
    qInstallMessageHandler(tell_qt_message)
    application = QApplication([sys.argv[0]])
    application.setOrganizationName(ORGANISATION)
    application.setApplicationName(PROGRAM)
    application.setQuitOnLastWindowClosed(False)
    typefaces.load()
    application.setFont(typefaces.font())
    preferences = Preferences()
    words = Words(options.language or preferences.get("language", "vi"))
    translator = QtVietnamese(words, application)
    look = Look()
    look.wear(application, options.theme or preferences.get("theme", "dark"))
    chosen = frozenset(name for name in ("language", "theme") if getattr(options, name))
    try:
        session = Session(options.core, options.ca, words, look, preferences, SystemDoor(), options.user, chosen)
    except (ValueError, OSError) as problem:
        parser.error(f"{problem} ({options.ca})" if isinstance(problem, OSError) else str(problem))
    session.ended.connect(application.quit)
    signals = Signals(session)
    if options.wall:
        session.opened.connect(lambda window: window.leading.show_wall())
    session.start()
    if options.drill:
        from console_gui.drill import Drill  # with Qt's library for tests: no console at work loads it

        drill = Drill(session, SystemDoor())
        drill.start()
    status = application.exec()
    signals.stop()
    application.removeTranslator(translator)
    return status
