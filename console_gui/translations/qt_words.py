"""Qt's own words (context menus, standard buttons) in Vietnamese: Qt comes with no Vietnamese translation."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QTranslator

from console_gui.translations.language import Words

QT_WORDS: dict[str, str] = {
    "&Undo": "&Hoàn tác",
    "&Redo": "&Làm lại",
    "Cu&t": "Cắ&t",
    "&Copy": "&Chép",
    "Copy &Link Location": "Chép địa chỉ &liên kết",
    "&Paste": "&Dán",
    "Delete": "Xóa",
    "Select All": "Chọn tất cả",
    "OK": "Đồng ý",
    "&OK": "Đồng ý",
    "Cancel": "Bỏ qua",
    "&Cancel": "&Bỏ qua",
    "Close": "Đóng",
    "&Close": "Đón&g",
    "Save": "Lưu",
    "&Save": "&Lưu",
    "Discard": "Không lưu",
    "&Yes": "&Có",
    "&No": "&Không",
    "Apply": "Áp dụng",
    "Reset": "Đặt lại",
    "Help": "Trợ giúp",
    "Retry": "Thử lại",
    "Ignore": "Bỏ qua",
    "Abort": "Dừng",
    "Float": "Tách rời",
    "Minimize": "Thu nhỏ",
    "Maximize": "Phóng to",
    "Restore": "Phục hồi",
    "Scroll here": "Cuộn tới đây",
    "Top": "Trên cùng",
    "Bottom": "Dưới cùng",
    "Page up": "Trang trên",
    "Page down": "Trang dưới",
    "Scroll up": "Cuộn lên",
    "Scroll down": "Cuộn xuống",
    "Left edge": "Mép trái",
    "Right edge": "Mép phải",
    "Page left": "Trang trái",
    "Page right": "Trang phải",
    "Scroll left": "Cuộn trái",
    "Scroll right": "Cuộn phải",
    "Insert Unicode control character": "Chèn ký tự điều khiển Unicode",
    "Select Input Method": "Chọn bộ gõ",
}


class QtVietnamese(QTranslator):
    """Gives Vietnamese for Qt's texts while the screens speak Vietnamese; what it does not know stays as Qt has it."""

    def __init__(self, words: Words, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words
        words.changed.connect(self._install)
        self._install()

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return QT_WORDS.get(text, text)  # "" would count as a translation, and blank the text

    def _install(self) -> None:
        QCoreApplication.removeTranslator(self)
        if self._words.language == "vi":
            QCoreApplication.installTranslator(self)
