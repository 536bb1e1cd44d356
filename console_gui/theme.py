"""Colours: grey is normal, colour is meaning. Night and day, with text at WCAG AA or better on every surface."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

AA_TEXT = 4.5
"""The contrast that WCAG 2 asks of text at level AA."""


@dataclass(frozen=True, slots=True)
class Theme:
    """``ground`` to ``line`` are the four greys, darkest meaning last in the day; the rest is named for its meaning."""

    name: str
    ground: str
    surface: str
    raised: str
    line: str
    text: str
    dim: str
    chosen: str
    attention: str
    late: str
    on_late: str = "#ffffff"


NIGHT = Theme(
    name="dark", ground="#12161c", surface="#1a2028", raised="#232b35", line="#2e3844", text="#e4e9ef", dim="#9fabb8",
    chosen="#34475c", attention="#F0E442", late="#c62f35",
)  # fmt: skip
DAY = Theme(
    name="light", ground="#f5f6f8", surface="#ffffff", raised="#e9ecf0", line="#d5dae1", text="#1a212a", dim="#535e6b",
    chosen="#cfdcea", attention="#836000", late="#c4232b",
)  # fmt: skip
THEMES = {theme.name: theme for theme in (NIGHT, DAY)}


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=256)
def readable(hue: str, ground: str, wanted: float = AA_TEXT) -> QColor:
    """The hue, made lighter or darker until it can be read on ``ground``. A hue that is no colour becomes grey."""
    colour, below = QColor(hue), QColor(ground)
    if not colour.isValid():
        colour = QColor("#808080")
    towards = QColor("#ffffff") if luminance(below) < 0.18 else QColor("#000000")
    for step in range(21):
        share = step / 20
        mixed = QColor.fromRgbF(
            colour.redF() + (towards.redF() - colour.redF()) * share,
            colour.greenF() + (towards.greenF() - colour.greenF()) * share,
            colour.blueF() + (towards.blueF() - colour.blueF()) * share,
        )
        if contrast(mixed, below) >= wanted:
            return mixed
    return towards


def palette(theme: Theme) -> QPalette:
    made = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.ground), (roles.WindowText, theme.text), (roles.Base, theme.surface),
        (roles.AlternateBase, theme.raised), (roles.Text, theme.text), (roles.Button, theme.raised),
        (roles.ButtonText, theme.text), (roles.ToolTipBase, theme.raised), (roles.ToolTipText, theme.text),
        (roles.Highlight, theme.chosen), (roles.HighlightedText, theme.text), (roles.PlaceholderText, theme.dim),
        (roles.Mid, theme.line), (roles.Midlight, theme.line), (roles.Dark, theme.ground), (roles.Light, theme.raised),
        (roles.Shadow, theme.ground), (roles.Link, theme.text), (roles.BrightText, theme.attention),
        (roles.Accent, theme.chosen),
    ):  # fmt: skip
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.dim))
    return made


SHEET = """
QWidget {{ color: {text}; }}
QMainWindow, QDialog {{ background: {ground}; }}
QMainWindow::separator {{ background: {ground}; width: 5px; height: 5px; }}
QMainWindow::separator:hover {{ background: {line}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px; }}
QTableView, QListView, QPlainTextEdit, QScrollArea, QListWidget {{ background: {surface}; border: none; }}
QTableView, QListView {{ selection-background-color: {chosen}; selection-color: {text}; outline: none; }}
QHeaderView {{ background: {surface}; }}
QHeaderView::section {{ background: {surface}; color: {dim}; border: none; border-bottom: 1px solid {line};
    padding: 2px 6px; font-weight: normal; }}
QLineEdit, QPlainTextEdit#field {{ background: {ground}; border: 1px solid {line}; border-radius: 3px;
    padding: 4px 8px; selection-background-color: {chosen}; }}
QLineEdit:focus, QPlainTextEdit#field:focus {{ border: 1px solid {dim}; }}
QPushButton {{ background: {raised}; border: 1px solid {line}; border-radius: 3px; padding: 4px 12px; }}
QPushButton#narrow {{ padding: 4px 4px; }}
QPushButton:hover {{ background: {line}; }}
QPushButton:focus {{ border: 1px solid {dim}; }}
QPushButton:disabled {{ color: {dim}; background: {surface}; }}
QPushButton:checked {{ background: {chosen}; }}
QListWidget#choices {{ background: {raised}; border: 1px solid {dim}; }}
QLabel#choices_note {{ background: {raised}; color: {dim}; border: 1px solid {dim}; padding: 5px 8px; }}
QScrollBar:vertical {{ background: {surface}; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {line}; min-height: 24px; border-radius: 4px; margin: 1px; }}
QScrollBar:horizontal {{ background: {surface}; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {line}; min-width: 24px; border-radius: 4px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QFrame#panel, QWidget#panel {{ background: {surface}; }}
QFrame#bar, QWidget#bar {{ background: {raised}; }}
QFrame#rule {{ background: {line}; max-height: 1px; min-height: 1px; }}
QLabel#dim {{ color: {dim}; }}
QLabel#caption {{ color: {dim}; }}
QLabel#attention {{ color: {attention}; }}
QLabel#carried {{ background: {raised}; color: {text}; border: 1px solid {dim}; padding: 4px 10px;
    border-radius: 3px; }}
QWidget#chosen_panel {{ background: {chosen}; }}
QLabel#late {{ background: {late}; color: {on_late}; padding: 1px 6px; border-radius: 2px; }}
QFrame#banner {{ background: {late}; }}
QFrame#banner QLabel {{ color: {on_late}; background: transparent; }}
QMenu {{ background: {raised}; border: 1px solid {line}; }}
QMenu::item {{ padding: 4px 24px; }}
QMenu::item:selected {{ background: {chosen}; }}
QMenu::item:disabled {{ color: {dim}; }}
"""


def sheet(theme: Theme) -> str:
    return SHEET.format(
        ground=theme.ground, surface=theme.surface, raised=theme.raised, line=theme.line, text=theme.text,
        dim=theme.dim, chosen=theme.chosen, attention=theme.attention, late=theme.late, on_late=theme.on_late,
    )  # fmt: skip


class Look:
    """The theme in use. Painters read ``now`` every time they paint, so a change is seen at once."""

    def __init__(self, name: str = "dark") -> None:
        self.now = THEMES.get(name, NIGHT)

    def wear(self, application: QApplication, name: str) -> None:
        self.now = THEMES.get(name, NIGHT)
        wanted = sheet(self.now)
        if application.styleSheet() == wanted:
            return  # it is worn: every widget that there is would be dressed anew
        application.setStyle("Fusion")
        application.setPalette(palette(self.now))
        application.setStyleSheet(wanted)
