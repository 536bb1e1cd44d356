"""Every workplace, day and night, in both languages, on a small and a large screen: nothing cut, all readable."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel

from dispatch_core.domain.vocabulary import AlarmLevel
from tests.console.readable import best_contrast, contrast, cut_off, hard_to_read

CRASH = "20261123-00001"
SIZES = ((1366, 768), (1920, 1080))


def settle(window: Any, qtbot: Any) -> None:
    for _ in range(4):
        QApplication.processEvents()
    qtbot.wait(30)


@pytest.mark.parametrize("user", ["lan", "hung", "quan"])
def test_all_that_is_seen_can_be_read(user: str, open_window: Any, qtbot: Any) -> None:
    local, window = open_window(user)
    if user != "quan":
        local.desk.show(CRASH)
    bad: dict[str, object] = {}
    for width, height in SIZES:
        window.resize(width, height)
        for language in ("vi", "en"):
            window.set_language(language)
            settle(window, qtbot)
            if window.width() > width or window.height() > height:
                bad[f"{width} {language} window"] = (window.width(), window.height())
            if cut := cut_off(window):
                bad[f"{width} {language} cut"] = cut
        for theme in ("dark", "light"):
            window.set_theme(theme)
            settle(window, qtbot)
            if faint := hard_to_read(window):
                bad[f"{width} {theme} faint"] = faint
    assert bad == {}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("user", ["lan", "hung"])
def test_a_crowded_band_widens_no_window_and_keeps_what_matters(
    user: str, language: str, open_window: Any, qtbot: Any
) -> None:
    """Without sound, with an alarm that rings and a sheet on paper, on a small screen."""
    _, window = open_window(user, language)
    band = window.band
    window.resize(*SIZES[0])
    long = "0903123456 chờ quá lâu: Nguyễn Thị Ngọc Lan"
    ringing = SimpleNamespace(level=AlarmLevel.CRITICAL, sentence=lambda _: long)
    band._bell = SimpleNamespace(now=[ringing], works=False)
    band.paper.setText("giấy 21:04")
    band._want(band.paper, True)
    band.refresh()
    settle(window, qtbot)
    assert window.width() == 1366
    for label in (band.deaf, band.rings, band.age, band.clock):
        assert label.isVisible() and label.geometry().right() <= band.width()
    assert not band.rings_key.isVisible() and cut_off(band) == []
    window.resize(*SIZES[1])
    settle(window, qtbot)
    assert band.person.isVisible() and band.deaf.isVisible() and band.answered.isVisible()


def test_a_faint_text_and_a_cut_one_are_found(open_window: Any, qtbot: Any) -> None:
    _, window = open_window("lan")
    label = QLabel("chữ mờ khó đọc", window)
    label.setStyleSheet("color: #3a4048; background: #1a2028;")
    label.setGeometry(300, 300, 200, 24)
    label.show()
    settle(window, qtbot)
    assert any(text == "chữ mờ khó đọc" for text, _ in hard_to_read(window))
    label.setFixedWidth(40)
    assert any("chữ mờ khó đọc" in it for it in cut_off(window))


def test_contrast_is_what_the_guideline_says() -> None:
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    image.setPixelColor(3, 3, QColor("#767676"))
    assert best_contrast(image, image.rect()) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("user", ["lan", "hung"])
def test_notices_make_no_window_higher_than_a_small_screen(
    user: str, language: str, open_window: Any, qtbot: Any
) -> None:
    local, window = open_window(user, language)
    local.desk.show(CRASH)
    window.resize(*SIZES[0])
    for typed in ("d A99", "p 9", "st A99 toi", "x khonghieu"):
        window.bar.run(typed)
    settle(window, qtbot)
    assert (window.width(), window.height()) == SIZES[0]
    assert window.minimumSizeHint().height() <= SIZES[0][1]
