"""The commands that concern the screen: alarms, filters, the map, language, leaving."""

from __future__ import annotations

from console_gui.command_line import verbs_calls, verbs_macros, verbs_map, verbs_screen
from console_gui.command_line.verb import ALL, Verb

VERBS: tuple[Verb, ...] = (
    Verb(("alarm", "cb"), ("cb [SỐ]", "alarm [NUMBER]"),
         ("Đã xử lý cảnh báo mang số đó ở bảng", "The alarm with that number is handled"),
         verbs_calls.handle_alarm, roles=ALL, arguments=("alarm",)),
    Verb(("/",), ("/ LỌC", "/ FILTER"), ("Lọc bảng đơn vị: / 115, / A1, / sẵn sàng", "Filter units: / 115, / A1"),
         verbs_screen.filter_units, arguments=("text",)),
    Verb(("map", "bd"), ("map [#42 | A12]", "map [#42 | A12]"),
         ("Bản đồ: toàn cảnh, một vụ việc, một đơn vị", "Map: everything, an incident, a unit"),
         verbs_screen.map_view, arguments=("incident",)),
    Verb(("chan", "block", "chan duong"), ("chan [LÝ DO]", "block [REASON]"),
         ("Vẽ đoạn hay vùng cấm đường: bấm từng điểm trên bản đồ, Enter xong",
          "Draw a closed road or area: click points on the map, Enter is done"),
         verbs_map.close_road, arguments=("text",)),
    Verb(("ngap", "flood"), ("ngap [LÝ DO]", "flood [REASON]"),
         ("Vẽ chỗ ngập", "Draw a flood"), verbs_map.flood, arguments=("text",)),
    Verb(("thong", "open", "thong duong"), ("thong [D3]", "open [D3]"),
         ("Đoạn cấm, chỗ ngập đã thông", "A closure or a flood is over"), verbs_map.open_road, arguments=("closure",)),
    Verb(("duong", "route", "lo trinh"), ("duong [ĐƠN VỊ [#42]]", "route [UNIT [#42]]"),
         ("Đường đi của đơn vị tới vụ việc; không nêu thì xoá", "A unit's way to an incident; none takes it off"),
         verbs_map.route, arguments=("unit",)),
    Verb(("tam", "reach", "tam voi"), ("tam [ĐƠN VỊ | 115 [PHÚT]]", "reach [UNIT | 115 [MINUTES]]"),
         ("Tới được đâu trong mấy phút; không nêu thì xoá", "What is reached in some minutes; none takes it off"),
         verbs_map.reach, arguments=("unit",)),
    Verb(("lop", "layer"), ("lop duong | dia ban | cam | lo trinh | tam | ho",
                            "layer streets | zones | closures | route | reach | holes"),
         ("Bật tắt một lớp bản đồ", "A layer of the map on, off again"), verbs_map.layer, arguments=("layer",)),
    Verb(("lang",), ("lang vi | en", "lang vi | en"), ("Ngôn ngữ", "Language"),
         verbs_screen.language, roles=ALL, arguments=("language",)),
    Verb(("theme", "nen"), ("theme toi | sang", "theme dark | light"), ("Nền tối hay sáng", "Dark or light"),
         verbs_screen.theme, roles=ALL, arguments=("theme",)),
    Verb(("den", "go", "di toi"), verbs_screen.GO_SYNTAX,
         ("Đưa con trỏ tới một ô hay một bảng: diachi F3, loai F6, ghichu F7, cuocgoi Alt+G, vuviec Alt+V, "
          "donvi Alt+U, nhanh Alt+N, canhbao Alt+B, bando Ctrl+B, dong F12",
          "To a field or a board: place F3, type F6, note F7, calls Alt+G, incidents Alt+V, units Alt+U, legs Alt+N, "
          "alarms Alt+B, map Ctrl+B, line F12"),
         verbs_screen.go, roles=ALL, arguments=("spot",)),
    Verb(("man", "full", "toan man hinh"), ("man", "full"), ("Toàn màn hình, lần nữa trở lại", "Full screen, and back"),
         verbs_screen.full_screen, roles=ALL),
    Verb(("mc", "macro"), verbs_macros.SYNTAX,
         ("Ghi một lệnh gộp của riêng mình; $1 là chữ gõ sau tên; kèm Ctrl+F1…F12 nếu muốn có phím",
          "Keep a macro of your own; $1 is the word typed after its name; Ctrl+F1…F12 gives it a key"),
         verbs_macros.keep, roles=ALL, arguments=("macro",)),
    Verb(("mc-", "macro-"), ("mc- TÊN", "macro- NAME"), ("Bỏ một lệnh gộp", "Drop a macro"),
         verbs_macros.drop, roles=ALL, arguments=("macro",)),
    Verb(("?", "help"), ("?", "?"), ("Trang này", "This sheet"), verbs_screen.show_help, roles=ALL),
    Verb(("quit", "out", "thoat"), ("quit", "quit"), ("Đăng xuất và thoát", "Sign out and quit"),
         verbs_calls.sign_out, roles=ALL),
)  # fmt: skip
