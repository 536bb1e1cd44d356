"""Words of the board on paper."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "incident.afterwards": ("GHI BÙ {at}", "AFTERWARDS {at}"),
    "note.afterwards": ("Ghi bù: việc xảy ra lúc {at}, nhập vào máy sau", "Entered afterwards: it happened at {at}"),
    "band.paper": ("giấy {at}", "paper {at}"),
    "band.paper_failed": ("GIẤY LỖI", "PAPER FAILED"),
    "band.paper_tip": ("Bản giấy mới nhất: {file}", "The newest sheet: {file}"),
    "paper.title": ("Bảng điều phối", "Dispatch board"),
    "paper.card": ("Phiếu vụ việc {incident}", "Card of incident {incident}"),
    "paper.head": ("{site} · {at} · số thứ tự {seq} · dữ liệu {age}", "{site} · {at} · sequence {seq} · data {age}"),
    "paper.head_stale": (
        "{site} · {at} · số thứ tự {seq} · DỮ LIỆU CŨ {age}", "{site} · {at} · sequence {seq} · STALE {age}",
    ),
    "paper.no_data": ("chưa có", "none"),
    "paper.stale": (
        "CHÚ Ý: lúc in, bảng này đang mất kết nối; việc xảy ra sau đó không có ở đây.",
        "NOTE: this board was cut off when it was printed; what happened since is not here.",
    ),
    "paper.foot": (
        "In bởi {user}. Có dữ liệu cá nhân: giữ kín, huỷ sau khi đã nhập lại vào máy.",
        "Printed by {user}. Personal data: keep it safe, destroy it when it has been typed in.",
    ),
    "paper.not_sent": ("LỆNH CHƯA GỬI", "COMMANDS NOT SENT"),
    "paper.calls": ("CUỘC GỌI ĐANG CÓ", "LIVE CALLS"),
    "paper.missed": ("CUỘC GỌI NHỠ", "MISSED CALLS"),
    "paper.incidents": ("VỤ VIỆC ĐANG MỞ", "OPEN INCIDENTS"),
    "paper.units_at_work": ("ĐƠN VỊ ĐANG LÀM VIỆC", "UNITS AT WORK"),
    "paper.units_available": ("ĐƠN VỊ SẴN SÀNG", "UNITS AVAILABLE"),
    "paper.units_out_of_service": ("ĐƠN VỊ NGƯNG TRỰC", "UNITS OUT OF SERVICE"),
    "paper.people": ("NGƯỜI ĐANG TRỰC", "PEOPLE ON DUTY"),
    "paper.level": ("báo động cấp {level}", "alarm level {level}"),
    "paper.received": ("nhận {at}, phụ trách {owner}", "received {at}, owner {owner}"),
    "paper.nobody": ("chưa có đơn vị", "no unit yet"),
    "paper.asked": ("đang hỏi {whom}", "asked: {whom}"),
    "paper.blank": (
        "Vụ số (ghi sau) / Ngày giờ nhận / Người nhận|Số gọi đến / Tên người gọi|Nơi xảy ra"
        "|Loại vụ việc / Mức ưu tiên / Số người bị nạn|113: đơn vị / điều lúc / tới lúc / xong lúc"
        "|114: đơn vị / điều lúc / tới lúc / xong lúc|115: đơn vị / điều lúc / tới lúc / xong lúc|Diễn biến",
        "Incident no. (later) / Received at / Taken by|Caller's number / Caller's name|Place"
        "|Type / Priority / Casualties|113: unit / sent at / arrived at / free at"
        "|114: unit / sent at / arrived at / free at|115: unit / sent at / arrived at / free at|Narrative",
    ),
    "paper.every": ("Tự in bảng ra tệp mỗi {minutes} phút.", "The board is printed to a file every {minutes} minutes."),
    "paper.done": ("Đã in ra tệp {file} ({pages} trang).", "Printed to {file} ({pages} pages)."),
    "paper.printed": (
        "Đã gửi máy in {pages} trang; tệp {file}.", "Sent to the printer, {pages} pages; the file is {file}.",
    ),
    "paper.not_printed": (
        "Máy in không nhận ({why}); bản in nằm ở tệp {file}.", "The printer refused ({why}); the sheet is {file}.",
    ),
    "paper.failed": (
        "KHÔNG in được bảng ra tệp: {why}. Xem lại đĩa của máy này.",
        "The board could NOT be printed to a file: {why}. Look at this machine's disk.",
    ),
}
