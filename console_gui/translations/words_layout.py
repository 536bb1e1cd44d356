"""Words of sizes, monitors and layouts: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "size.now": ("Cỡ chữ: {name}", "Text size: {name}"),
    "size.small": ("nhỏ", "small"),
    "size.normal": ("vừa", "normal"),
    "size.large": ("lớn", "large"),
    "size.larger": ("rất lớn", "larger"),
    "beside.out": ("{panel} đã sang màn hình {screen}. Gõ ra, không kèm gì, để đưa về.",
                   "{panel} is on monitor {screen}. Type beside alone to bring it back."),
    "beside.one": ("Máy chỉ có một màn hình: {panel} đứng riêng một cửa sổ.",
                   "There is one monitor only: {panel} has a window of its own."),
    "beside.back": ("Đã đưa về cửa sổ chính: {panel}", "Back in the main window: {panel}"),
    "beside.none": ("Không có gì ở màn hình khác.", "Nothing is on another monitor."),
    "beside.not_here": ("Bàn làm việc này không có bảng đó.", "This workplace has no such panel."),
    "layout.reset": ("Bố cục trở lại như ban đầu.", "The layout is the preset again."),
    "layout.kept": ("Đã ghi bố cục “{name}”; gõ bocuc {name} để dùng lại.",
                    "The layout “{name}” is kept; layout {name} brings it back."),
    "layout.worn": ("Bố cục “{name}”", "Layout “{name}”"),
    "layout.none": ("Chưa có bố cục “{name}”. Đang có: {near}", "There is no layout “{name}”. There are: {near}"),
    "help.layout": ("BỐ CỤC, CỠ CHỮ", "LAYOUT, TEXT SIZE"),
    "panel.map": ("Bản đồ", "Map"),
}  # fmt: skip
