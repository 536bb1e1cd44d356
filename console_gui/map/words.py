"""The map's own words in both languages, and how its scale writes lengths. Without Qt."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "map": ("Bản đồ", "Map"),
    "described": (
        "{incidents} vụ việc, {urgent} khẩn hoặc trễ; {units} đơn vị, {available} sẵn sàng",
        "{incidents} incidents, {urgent} urgent or late; {units} units, {available} available",
    ),
    "keys": (
        "Mũi tên dời bản đồ, + − phóng to thu nhỏ, 0 xem tất cả, Page Up Page Down qua từng vụ việc, L chú giải; "
        "X tâm ngắm, Space bấm tại tâm, Menu việc làm được ở đó; S Z U I K Y C R T H bật tắt lớp, D vẽ đoạn cấm, "
        "F vẽ chỗ ngập, M đo, B bám, G tìm, N mở vụ, P ghim, W ở đây là đâu",
        "Arrows move, + − zoom, 0 shows all, Page Up and Page Down go through incidents, L the legend; "
        "X a crosshair, Space clicks there, Menu what can be done there; S Z U I K Y C R T H layers, D draws a "
        "closure, F a flood, M measures, B follows, G finds, N opens an incident, P the pin, W what is here",
    ),
    "approximate": ("Địa bàn gần đúng, để minh họa", "Zones approximate, for demonstration"),
    "late": ("trễ", "late"),
    "legend": ("chú giải", "legend"),
    "available": ("sẵn sàng", "available"),
    "at_work": ("đang làm nhiệm vụ", "at work"),
    "station": ("trạm, trụ sở", "station"),
    "unit_group": ("sẵn sàng / tổng số", "available / all"),
    "incident": ("vụ việc, mức ưu tiên", "incident, priority"),
    "urgent": ("vụ P1", "P1 incident"),
    "late_incident": ("vụ trễ", "late incident"),
    "circle": ("người gọi ở trong vòng này", "the caller is within"),
    "seen": ("vị trí báo {ago}", "position of {ago}"),
    "not_seen": ("chưa báo vị trí: ghi ở trạm", "no position reported: shown at its station"),
    "since": ("từ {time}", "since {time}"),
    "of_incident": ("vụ {number}", "incident {number}"),
    "incidents": ("{count} vụ việc", "{count} incidents"),
    "units": ("{count} đơn vị, {available} sẵn sàng", "{count} units, {available} available"),
    "more": ("… và {count} nữa", "… and {count} more"),
    "closure.closed": ("CẤM ĐƯỜNG", "CLOSED"),
    "closure.flooded": ("NGẬP", "FLOODED"),
    "draft.line": ("đoạn đường", "stretch of road"),
    "draft.area": ("vùng khép kín", "area"),
    "draft.keys": (
        "Đang vẽ {kind}, {shape}, {points} điểm: bấm từng điểm, A đổi đoạn/vùng, Backspace bỏ điểm cuối, "
        "Enter xong, Esc thôi",
        "Drawing {kind}, {shape}, {points} points: click point by point, A line/area, Backspace takes one back, "
        "Enter is done, Esc leaves",
    ),
    "minutes": ("{count} phút", "{count} min"),
    "way.straight": ("đường chim bay, ước chừng", "straight line, a guess"),
    "way.walk": ("đi bộ {metres} cuối", "{metres} on foot at the end"),
    "streets.none": (
        "Chưa có bản đồ đường phố. Quản trị nhập bằng lệnh: dispatch map import TỆP.osm.pbf",
        "No streets yet. An administrator imports them: dispatch map import FILE.osm.pbf",
    ),
    "streets.without": (
        "Bản đồ đang dùng không có đường phố để vẽ; quản trị nhập lại: dispatch map import TỆP.osm.pbf",
        "The map in force has no streets to draw; import it again: dispatch map import FILE.osm.pbf",
    ),
    "streets.fetching": ("Đang tải bản đồ đường phố: {percent}%", "Fetching the streets: {percent}%"),
    "streets.broken": (
        "Phần vẽ đường phố vừa dừng, đang chạy lại; ranh giới và vị trí vẫn đúng",
        "What paints the streets has stopped and is starting again; outlines and marks stand",
    ),
    "streets.unreadable": (
        "Không đọc được tệp đường phố trên máy này ({why}); tải lại khi khởi động lại chương trình",
        "The streets' file on this machine cannot be read ({why}); it is fetched again at the next start",
    ),
    "age.none": ("chưa rõ ở đâu", "position unknown"),
    "age.old": ("vị trí cũ {minutes}'", "{minutes}' old"),
    "age.lost": ("mất vị trí {minutes}'", "lost for {minutes}'"),
    "age.legend_old": ("vị trí cũ hơn 1 phút", "position over 1 min old"),
    "age.legend_lost": ("mất vị trí", "position lost"),
    "measure.begin": ("Đo: chưa có hai điểm", "Measuring: two points are needed"),
    "measure.straight": ("thẳng {length}", "straight {length}"),
    "measure.road": ("đường bộ {length}, {minutes}", "by road {length}, {minutes}"),
    "measure.no_road": ("chưa rõ đường bộ", "by road not known"),
    "measure.keys": (
        "Bấm từng điểm, Backspace bỏ điểm cuối, Enter xong, Esc thôi",
        "Click point by point, Backspace takes one back, Enter is done, Esc leaves",
    ),
    "measure.fixed": ("Esc xoá", "Esc takes it off"),
    "cross.keys": (
        "Tâm ngắm: mũi tên dời, Shift dời ít, Space bấm, Menu hay Shift+F10 việc ở đó, X hay Esc cất",
        "Crosshair: arrows move it, Shift a little, Space clicks, Menu or Shift+F10 what can be done, X or Esc ends it",
    ),
    "crowd.keys": ("Enter chọn · + phóng to · Esc đóng", "Enter takes · + looks closer · Esc closes"),
    "found.keys": ("Enter tới đó · Esc đóng", "Enter goes there · Esc closes"),
    "follow.unit": ("Đang bám {name} (B thôi)", "Following {name} (B ends it)"),
    "follow.call": ("Đang bám cuộc gọi của bàn mình (B thôi)", "Following your own call (B ends it)"),
    "follow.call_nowhere": (
        "Đang bám cuộc gọi của bàn mình: chưa có vị trí (B thôi)",
        "Following your own call: no position yet (B ends it)",
    ),
    "follow.ended": ("Thôi bám {name}: bản đồ vừa được dời tay", "No longer following {name}: moved by hand"),
    "open_group": ("bấm để xem danh sách", "click to list them"),
}


def said(key: str, language: str, **values: object) -> str:
    """The sentence of ``key``; every language but English reads Vietnamese."""
    return WORDS[key][language == "en"].format(**values)


def length(metres: float, language: str) -> str:
    """``200 m``, ``1,5 km``: decimal comma in Vietnamese."""
    if metres < 1000:
        return f"{metres:.0f} m"
    text = f"{metres / 1000:.1f}".removesuffix(".0")
    return f"{text if language == 'en' else text.replace('.', ',')} km"
