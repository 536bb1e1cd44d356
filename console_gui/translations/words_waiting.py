"""Words about being cut off: commands that wait, and what has changed meanwhile."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "help.cut_off": ("Mất kết nối, giấy", "Cut off, paper"),
    "stale.version": ("KHÁC PHIÊN BẢN", "OTHER VERSION"),
    "band.waiting": ("CHỜ GỬI {count}", "TO SEND {count}"),
    "band.waiting_tip": (
        "Lệnh chưa gửi, chờ bạn duyệt từng lệnh (Alt+C)",
        "Commands not sent, for you to confirm one by one (Alt+C)",
    ),
    "waiting.title_away": (
        "ĐANG MẤT KẾT NỐI: lệnh gõ lúc này chờ ở đây, chưa gửi. Alt+C vào danh sách, Del bỏ lệnh",
        "CUT OFF: what you enter now waits here and is not sent. Alt+C goes there, Del drops a command",
    ),
    "waiting.title_back": (
        "ĐÃ NỐI LẠI: duyệt từng lệnh. Alt+C vào danh sách, Enter gửi, Del bỏ",
        "BACK: confirm one by one. Alt+C goes there, Enter sends, Del drops",
    ),
    "waiting.age": ("gõ {age}", "given {age}"),
    "waiting.held": ("chưa gửi", "not sent"),
    "waiting.unknown": ("không rõ đã tới chưa", "may have arrived"),
    "waiting.asking": ("đang hỏi máy chủ", "asking the core"),
    "waiting.same": ("không có gì thay đổi", "nothing has changed"),
    "waiting.none": ("Không có lệnh nào chờ gửi.", "No command waits."),
    "waiting.no_such": ("Không có lệnh chờ số {number}.", "No waiting command has the number {number}."),
    "waiting.not_yet": (
        "Chưa nối lại được; lệnh vẫn chờ. Del bỏ lệnh.",
        "Still cut off; the command waits. Del drops it.",
    ),
    "waiting.in_doubt": (
        "Đang hỏi máy chủ lệnh này đã có hiệu lực chưa; chờ trả lời rồi hãy gửi.",
        "The core is being asked whether this command took effect; wait for its answer.",
    ),
    "waiting.back": (
        "Đã nối lại. {count} lệnh chờ bạn duyệt từng lệnh: Alt+C, rồi Enter gửi, Del bỏ.",
        "Back. {count} commands wait for you to confirm one by one: Alt+C; Enter sends, Del drops.",
    ),
    "waiting.took_effect": (
        "“{typed}” gửi trước lúc mất kết nối đã có hiệu lực.",
        "“{typed}”, sent before the cut, took effect.",
    ),
    "waiting.too_late": (
        "“{typed}” bạn đã bỏ, nhưng đã tới máy chủ trước đó và có hiệu lực.",
        "“{typed}” was dropped by you, but had reached the core before and took effect.",
    ),
    "waiting.not_kept": (
        "Không lưu được lệnh đang chờ ra đĩa ({why}); nếu máy này hỏng thì mất.",
        "Commands that wait cannot be kept on disk ({why}); if this machine fails they are lost.",
    ),
    "waiting.unreadable": (
        "Không đọc được lệnh còn chờ từ lần chạy trước ({why}); tệp được cất riêng.",
        "Commands left waiting by the run before cannot be read ({why}); the file was set aside.",
    ),
    "about.changed": ("{thing} {what}: {was} → {now}", "{thing} {what}: {was} → {now}"),
    "about.gone": ("{thing}: không còn trên bảng", "{thing}: no longer on the board"),
    "about.state": ("trạng thái", "state"),
    "about.owner": ("phụ trách", "owner"),
    "about.type": ("loại", "type"),
    "about.priority": ("ưu tiên", "priority"),
    "about.place": ("nơi", "place"),
    "about.legs": ("nhánh", "legs"),
    "about.notes": ("số dòng ghi chú", "notes"),
    "about.unit": ("đang", "is"),
    "about.call": ("cuộc gọi", "call"),
    "about.seat": ("người ngồi", "person"),
    "command.AnswerCall": ("trả lời cuộc gọi", "answer the call"),
    "command.HangUp": ("gác máy", "hang up"),
    "command.SetType": ("đặt loại vụ việc", "set the type"),
    "command.SetPriority": ("đặt mức ưu tiên", "set the priority"),
    "command.Locate": ("đặt vị trí", "set the place"),
    "command.AddNote": ("ghi vào diễn biến", "add a note"),
    "command.AssignUnits": ("điều", "send"),
    "command.ReportStatus": ("trạng thái của", "status of"),
    "command.ReleaseUnit": ("rút", "release"),
    "command.OfferLeg": ("đề nghị", "offer"),
    "command.SendText": ("gửi tin nhắn", "send a text"),
    "command.DrawClosure": ("vẽ đoạn cấm", "draw a closure"),
    "command.AddPosition": ("thêm bàn trực", "add a position"),
    "command.ReassignLeg": ("chuyển giao nhánh", "reassign a leg"),
    "command.ReassignIncident": ("chuyển giao vụ việc", "reassign an incident"),
    "command.CloseIncident": ("đóng vụ việc", "close the incident"),
}
