"""Words of windows, panels, fields and buttons: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "app.title": ("Điều phối khẩn cấp", "Emergency dispatch"),
    # sign-in
    "signin.title": ("Đăng nhập", "Sign in"),
    "signin.user": ("Tên đăng nhập", "User name"),
    "signin.password": ("Mật khẩu", "Password"),
    "signin.enter": ("Đăng nhập", "Sign in"),
    "signin.quit": ("Thoát", "Quit"),
    "signin.busy": ("Đang kết nối {core}…", "Connecting to {core}…"),
    "signin.empty": ("Hãy nhập tên đăng nhập và mật khẩu.", "Enter your user name and password."),
    "signin.language": ("English", "Tiếng Việt"),
    "signin.core": ("Máy chủ {core}", "Core {core}"),
    # top band
    "band.answered": ("trả lời ≤{limit} s", "answered ≤{limit} s"),
    "band.no_position": ("Chưa nhận bàn trực", "No position"),
    "band.take": ("F9 nhận bàn", "F9 take one"),
    "band.position": ("Bàn trực {position}", "Position {position}"),
    "band.leave": ("F9 rời bàn", "F9 leave"),
    "band.age": ("dữ liệu {age}", "data {age}"),
    "band.no_data": ("chưa có dữ liệu", "no data yet"),
    "band.waiting_for": ("{count} cuộc gọi {number} đang chờ", "{count} calls to {number} waiting"),
    # staleness
    "stale.banner": ("DỮ LIỆU CŨ {age}", "STALE {age}"),
    "stale.never": ("CHƯA CÓ DỮ LIỆU", "NO DATA YET"),
    "stale.disconnected": (
        "mất kết nối luồng dữ liệu, đang nối lại; đừng điều động theo bảng này",
        "the stream is disconnected, reconnecting; do not dispatch by this board",
    ),
    "stale.denied": (
        "phiên đăng nhập không còn được nhận; đăng xuất (quit) rồi đăng nhập lại",
        "the session is no longer accepted; sign out (quit) and sign in again",
    ),
    "stale.silent": (
        "máy chủ không gửi nhịp; đừng điều động theo bảng này",
        "the core sends no pulse; do not dispatch by this board",
    ),
    "stale.resync": (
        "đang lấy lại toàn bộ trạng thái ({why})",
        "taking the whole state again ({why})",
    ),
    "why.no_snapshot": ("chưa có ảnh chụp trạng thái", "no snapshot yet"),
    "why.gap": ("thiếu số thứ tự", "a gap in the sequence"),
    "why.generation": ("luồng mới", "a new stream"),
    "why.checksum": ("lệch số kiểm", "the checksum differs"),
    "why.unreadable": ("có mẩu tin không đọc được", "an unreadable message"),
    "read_only.banner": (
        "CHỈ ĐỌC: cơ sở dữ liệu không trả lời, lệnh chưa được nhận",
        "READ ONLY: the database does not answer, commands are not taken",
    ),
    "band.dropped": ("{count} mẩu tin không đọc được", "{count} unreadable messages"),
    "drafts.lost": (
        "Không lưu được bản nháp ({why}); nếu máy hỏng, chữ đang gõ sẽ mất.",
        "Drafts cannot be saved ({why}); if this machine fails, what is being typed is lost.",
    ),
    # panels
    "panel.calls": ("CUỘC GỌI", "CALLS"),
    "panel.incidents": ("BẢNG VỤ VIỆC", "INCIDENTS"),
    "panel.units": ("ĐƠN VỊ", "UNITS"),
    "panel.alarms": ("CẢNH BÁO", "ALARMS"),
    "panel.form": ("VỤ VIỆC", "INCIDENT"),
    "panel.people": ("NGƯỜI VÀ BÀN TRỰC", "PEOPLE AND POSITIONS"),
    "panel.trunks": ("TRUNG KẾ, NHÀ MẠNG", "TRUNKS, CARRIERS"),
    "panel.probes": ("GỌI THỬ ĐẦU SỐ", "TEST CALLS"),
    "panel.queues": ("HÀNG CHỜ", "QUEUES"),
    "panel.phones": ("MÁY BÀN TRỰC", "PHONES"),
    "panel.positions": ("BÀN TRỰC", "POSITIONS"),
    "panel.nodes": ("TỔNG ĐÀI", "SWITCHES"),
    "calls.texts": ("tin nhắn: {count}", "messages: {count}"),
    "calls.missed": ("nhỡ: {count}", "missed: {count}"),
    "units.filter": (
        "lọc: tên, trạng thái, lực lượng, trạm  ( / )",
        "filter: call sign, status, service, station  ( / )",
    ),
    "units.free": ("sẵn sàng", "free"),
    "units.keys": (
        "1\u00a0nhận   2\u00a0đi   3\u00a0tới   4\u00a0chở   5\u00a0viện   6\u00a0về   "
        "0\u00a0sẵn\u00a0sàng   9\u00a0ngưng   Enter\u00a0điều",
        "1\u00a0ack   2\u00a0go   3\u00a0scene   4\u00a0transport   5\u00a0hospital   6\u00a0return   "
        "0\u00a0free   9\u00a0out   Enter\u00a0send",
    ),
    # empty states
    "empty.calls": (
        "Không có cuộc gọi.\nCuộc gọi 113, 114, 115 đang chờ và đang nói hiện ở đây; F5 trả lời.",
        "No calls.\nCalls to 113, 114 and 115 that wait or talk appear here; F5 answers.",
    ),
    "empty.incidents": (
        "Không có vụ việc.\nMỗi cuộc gọi đến mở một vụ việc tại đây.",
        "No incidents.\nEvery incoming call opens an incident here.",
    ),
    "empty.units": ("Không có đơn vị nào hợp với bộ lọc.", "No unit fits the filter."),
    "empty.alarms": ("Không có cảnh báo.", "No alarms."),
    "empty.form": (
        "Chưa mở vụ việc nào.\n\nF5 trả lời cuộc gọi chờ lâu nhất; vụ việc của nó hiện ở đây.\n"
        "Gõ #42 để mở một vụ việc có sẵn.",
        "No incident is open.\n\nF5 answers the call that has waited longest; its incident appears here.\n"
        "Type #42 to open one.",
    ),
    "empty.trunks": ("Tổng đài chưa báo nhà mạng nào.", "The switch has reported no carrier yet."),
    "empty.probes": ("Chưa gọi thử đầu số nào.", "No test call has been made yet."),
    "empty.queues": ("Tổng đài chưa báo hàng chờ nào.", "The switch has reported no queue yet."),
    "empty.phones": ("Tổng đài chưa báo máy nào.", "The switch has reported no phone yet."),
    "empty.positions": ("Chưa có bàn trực; thêm ở khung bên dưới.", "No positions yet; add one below."),
    "empty.nodes": ("Chưa nối với tổng đài nào.", "No switch is connected yet."),
    # incident form
    "form.type": ("Loại", "Type"),
    "form.place": ("Địa chỉ", "Place"),
    "form.type_hint": ("gõ vài chữ: tngt, chay nha…", "type a few letters: fire, theft…"),
    "form.place_hint": ("số nhà, đường, phường, địa danh…", "house, street, ward, landmark…"),
    "form.note_hint": ("điều người gọi nói; Enter để ghi", "what the caller says; Enter adds it"),
    "form.owner": ("phụ trách: {owner}", "owner: {owner}"),
    "form.nobody": ("chưa ai phụ trách", "nobody owns it"),
    "form.no_calls": ("không có cuộc gọi", "no call"),
    "form.callers": ("{count} người gọi", "{count} callers"),
    "form.recording": ("● Đang ghi âm", "● Recording"),
    "form.recorded": ("Đã ghi âm", "Recorded"),
    "form.from": ("Thuê bao ở {place}", "Caller at {place}"),
    "form.take_from": ("gõ @@ để lấy làm địa chỉ", "type @@ to take it as the place"),
    "form.location_unread": ("Vị trí thuê bao không đọc được", "The caller's location could not be read"),
    "form.no_place": ("chưa có địa chỉ", "no place yet"),
    "form.no_legs": (
        "Chưa có nhánh điều động: chọn loại (F6), hoặc gõ leg 113.",
        "No legs yet: choose a type (F6), or type leg 113.",
    ),
    "form.legs": ("NHÁNH ĐIỀU ĐỘNG", "LEGS"),
    "form.story": ("DIỄN BIẾN", "NARRATIVE"),
    "form.empty_call": ("F8 Không nội dung", "F8 No content"),
    "form.close": ("Đóng vụ việc…", "Close incident…"),
    "form.reassign": ("Chuyển giao…", "Reassign…"),
    "form.answer": ("F5 Trả lời", "F5 Answer"),
    "form.hang_up": ("F10 Gác máy", "F10 Hang up"),
    "form.no_name": ("không có tên", "no name given"),
    "form.hidden_number": ("số ẩn", "number withheld"),
    "form.new_place": (
        "Địa chỉ vừa được đổi thành “{value}” trong lúc bạn gõ.",
        "The place was changed to “{value}” while you typed.",
    ),
    "leg.zone": ("địa bàn {zone}", "zone {zone}"),
    "leg.border": ("cách ranh {metres}, kế bên {zone}", "{metres} from the border, next {zone}"),
    "leg.border_only": ("cách ranh {metres}", "{metres} from the border"),
    "leg.outside": (
        "ngoài mọi địa bàn {metres}: lấy địa bàn gần nhất",
        "outside every zone by {metres}: the nearest was taken",
    ),
    "leg.approximate": ("gần đúng, để minh họa", "approximate, for demonstration"),
    "leg.no_zone": ("chưa có địa bàn", "no zone yet"),
    "leg.station_fixed": ("do trưởng ca chọn", "chosen by the supervisor"),
    "leg.dispatcher": ("giao cho {user}", "given to {user}"),
    "leg.closed": ("đã đóng", "closed"),
    "leg.suggested": ("đề xuất", "suggested"),
    "leg.not_capable": ("thiếu khả năng", "lacks the capability"),
    "leg.nobody_free": ("không còn đơn vị sẵn sàng", "no unit is free"),
    # command line
    "line.hint": ("Gõ lệnh, F1 xem tất cả", "Type a command, F1 shows all"),
    "line.keys": (
        "F1 phím   F3 địa chỉ   F5 trả lời   F6 loại   F7 ghi chú   F8 không nội dung   F9 bàn trực   F10 gác máy",
        "F1 keys   F3 place   F5 answer   F6 type   F7 note   F8 no content   F9 position   F10 hang up",
    ),
    "line.keys_admin": ("F1 phím   F9 thêm bàn trực   F12 dòng lệnh", "F1 keys   F9 add a position   F12 command line"),
    "line.pending": ("Đã gửi, chờ xác nhận", "Sent, waiting for confirmation"),
    "line.looking": ("Đang tìm địa chỉ", "Looking the place up"),
    "line.refused": ("Không được", "Refused"),
    "line.full": (
        "Còn quá nhiều lệnh chưa được xác nhận; lệnh này chưa được gửi.",
        "Too many commands are unconfirmed; this one was not sent.",
    ),
    "line.no_place_found": (
        "Không tìm thấy “{text}”: sửa lại, gõ toạ độ @ 10.77,106.69, hoặc @! để ghi nguyên lời.",
        "“{text}” was not found: correct it, type coordinates @ 10.77,106.69, or @! to keep the words.",
    ),
    # help
    "help.title": ("Phím và lệnh", "Keys and commands"),
    "help.key": ("phím", "key"),
    "help.command": ("lệnh", "command"),
    "help.meaning": ("làm gì", "what it does"),
    "help.close": ("Đóng", "Close"),
    "help.more": (
        "Tab điền tiếp, ↑ ↓ lệnh cũ, Esc về dòng lệnh. #42 là vụ việc 00042 của ngày mới nhất. F12 dòng lệnh, "
        "F11 toàn màn hình.",
        "Tab completes, ↑ ↓ earlier lines, Esc back to the line. #42 is incident 00042 of the newest day. F12 command "
        "line, F11 full screen.",
    ),
    # reassignment
    "reassign.title": ("Chuyển giao {incident}", "Reassign {incident}"),
    "reassign.what": ("Chuyển giao", "Reassign"),
    "reassign.incident": ("cả vụ việc", "the whole incident"),
    "reassign.leg": ("nhánh {service}", "the {service} leg"),
    "reassign.to": ("Cho", "To"),
    "reassign.kind": ("Theo", "By"),
    "reassign.dispatcher": ("điều phối viên", "dispatcher"),
    "reassign.station": ("đơn vị trú đóng", "station"),
    "reassign.unit": ("đơn vị", "unit"),
    "reassign.instead": ("thay cho", "in place of"),
    "reassign.reason": ("Lý do (bắt buộc)", "Reason (required)"),
    "reassign.do": ("Chuyển giao", "Reassign"),
    "reassign.cancel": ("Bỏ qua", "Cancel"),
    "reassign.none": ("không thay", "nobody"),
    # supervisor
    "figure.waiting": ("đang chờ", "waiting"),
    "figure.longest": ("chờ lâu nhất", "longest wait"),
    "figure.answered": ("trả lời ≤{limit} s", "answered ≤{limit} s"),
    "figure.abandoned": ("cuộc gọi nhỡ", "missed calls"),
    "figure.unsent": ("chưa điều đơn vị", "no unit sent"),
    "figure.late_offers": ("đề nghị quá {limit} s", "offers over {limit} s"),
    "figure.open": ("vụ việc đang mở", "open incidents"),
    "figure.free": ("đơn vị sẵn sàng", "units free"),
    # telephony admin
    "admin.add": ("Thêm bàn trực", "Add a position"),
    "admin.add_id": ("Mã bàn", "Id"),
    "admin.add_label": ("Tên bàn", "Label"),
    "admin.add_services": ("Lực lượng", "Services"),
    "admin.add_what": (
        "Tổng đài sẽ thêm máy cho {position} rồi xác nhận; các cuộc gọi đang nói không bị ảnh hưởng. "
        "Nếu không cài được, bàn này biến khỏi bảng và lý do hiện ở đây.",
        "The switch adds a phone for {position}, then confirms; calls in progress are not touched. "
        "If it cannot, the position leaves the table and the reason appears here.",
    ),
    "admin.no_id": ("Chưa có mã bàn: gõ ví dụ B08.", "The id is missing: type for instance B08."),
    "admin.no_services": (
        "Chưa chọn lực lượng: chọn ít nhất một.",
        "No service is chosen: choose at least one.",
    ),
    "admin.add_id_hint": ("ví dụ B08", "such as B08"),
    "admin.add_label_hint": ("ví dụ Bàn 8, cạnh cửa sổ", "such as Desk 8, by the window"),
    "map.fit": ("Toàn cảnh", "Fit"),
}
