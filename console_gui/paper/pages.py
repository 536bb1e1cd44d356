"""A sheet as HTML and as an A4 PDF in black and greys, with the house's own letters; blank cards follow the board."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen, QTextDocument

from console_gui.paper.job import Job
from console_gui.paper.sheet import Line, foot, head
from console_gui.translations.tables import say
from console_gui.typefaces import FAMILY

DPI = 300
MARGIN_MM = 12.0
HEAD_MM = 9.0
FOOT_MM = 7.0
CARDS_ON_A_PAGE = 3
CARD_PAGES = 2

STYLE = """
body { color: #000000; }
p.title { font-size: 15pt; font-weight: 600; margin-bottom: 4px; }
p.heading { font-size: 11pt; font-weight: 600; margin-top: 12px; margin-bottom: 2px; background-color: #dddddd; }
p.thing { font-size: 9pt; font-weight: 600; margin-top: 5px; margin-bottom: 0; }
p.line { font-size: 8pt; font-weight: 400; margin-top: 0; margin-bottom: 0; margin-left: 16px; }
"""


def _body(lines: list[Line]) -> str:
    return "\n".join(f'<p class="{it.kind}">{escape(it.text)}</p>' for it in lines)


def as_html(job: Job, lines: list[Line]) -> str:
    top = f'<p class="line">{escape(head(job))}</p>'
    bottom = f'<p class="line">{escape(foot(job))}</p>'
    style = f"<style>body {{ font-family: Inter, sans-serif; }} {STYLE}</style>"
    title = f'<meta charset="utf-8"><title>{escape(head(job))}</title>'
    return (
        f'<!DOCTYPE html><html lang="{job.language}"><head>{title}{style}</head>'
        f"<body>{top}{_body(lines)}{bottom}</body></html>\n"
    )


def as_pdf(job: Job, lines: list[Line]) -> tuple[bytes, int]:
    """(the file, its pages). Needs a QGuiApplication with the fonts loaded."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(head(job))
    writer.setCreator("dispatch-console")
    writer.setResolution(DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait,
            QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter,
        )
    )  # fmt: skip
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDefaultFont(_face(9))
    document.setDefaultStyleSheet(STYLE)
    document.setDocumentMargin(0)
    width, height = writer.width(), writer.height() - _mm(HEAD_MM + FOOT_MM)
    document.setPageSize(QSizeF(width, height))
    document.setHtml(f"<body>{_body(lines)}</body>")
    pages = document.pageCount()
    cards = 0 if job.incident else CARD_PAGES
    painter = QPainter(writer)
    for page in range(pages + cards):
        if page:
            writer.newPage()
        _frame(painter, writer, job, page + 1, pages + cards)
        painter.save()
        painter.translate(0, _mm(HEAD_MM))
        if page < pages:
            part = QRectF(0, page * height, width, height)
            painter.translate(0, -part.top())
            document.drawContents(painter, part)
        else:
            _blank_cards(painter, QRectF(0, 0, width, height), job.language)
        painter.restore()
    painter.end()
    buffer.close()
    return bytes(data.data()), pages + cards


def _face(points: int, *, strong: bool = False) -> QFont:
    """Without the variants of letters: a figure that another glyph draws cannot be searched for or copied."""
    made = QFont(FAMILY, points, QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    for variant in ("calt", "tnum"):
        made.setFeature(QFont.Tag(variant), 0)
    return made


def _mm(length: float) -> float:
    return length / 25.4 * DPI


def _frame(painter: QPainter, writer: QPdfWriter, job: Job, page: int, pages: int) -> None:
    """What stands on every page: where, when, up to which event and how old; and which page it is."""
    width, height = float(writer.width()), float(writer.height())
    painter.setPen(QPen(Qt.GlobalColor.black, _mm(0.3)))
    painter.setFont(_face(8, strong=True))
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
    painter.drawText(QRectF(0, 0, width, _mm(HEAD_MM)), left, head(job))
    painter.drawText(QRectF(0, 0, width, _mm(HEAD_MM)), right, f"{page}/{pages}")
    painter.drawLine(0, int(_mm(HEAD_MM - 3)), int(width), int(_mm(HEAD_MM - 3)))
    painter.setFont(_face(7))
    painter.drawText(QRectF(0, height - _mm(FOOT_MM - 3), width, _mm(FOOT_MM)), left, foot(job))


def _blank_cards(painter: QPainter, area: QRectF, language: str) -> None:
    """To be written by hand, and typed in afterwards with the time that stands on them."""
    gap = _mm(4)
    high = (area.height() - gap * (CARDS_ON_A_PAGE - 1)) / CARDS_ON_A_PAGE
    rows = say(language, "paper.blank").split("|")
    for place in range(CARDS_ON_A_PAGE):
        card = QRectF(area.left(), area.top() + place * (high + gap), area.width(), high)
        painter.setPen(QPen(Qt.GlobalColor.black, _mm(0.4)))
        painter.drawRect(card)
        painter.setFont(_face(9))
        step = high / (len(rows) + 4)  # the last row is the narrative: it has the rest
        for row, text in enumerate(rows):
            top = card.top() + row * step
            for part, label in enumerate(labels := text.split("/")):
                wide = card.width() / len(labels)
                tall = step if row < len(rows) - 1 else card.bottom() - top
                cell = QRectF(card.left() + part * wide, top, wide, tall)
                painter.setPen(QPen(Qt.GlobalColor.darkGray, _mm(0.15)))
                painter.drawRect(cell)
                painter.setPen(QPen(Qt.GlobalColor.black, _mm(0.3)))
                painter.drawText(cell.adjusted(_mm(1.5), _mm(1), 0, 0), Qt.AlignmentFlag.AlignLeft, label.strip())
