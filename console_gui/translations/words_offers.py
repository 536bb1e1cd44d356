"""Words of the handshake and of crews that somebody looks after: key -> (Vietnamese, English)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # what the narrative tells
    "note.offered": (
        "Đề nghị {unit} ({station}), trả lời trong {seconds} s",
        "{unit} ({station}) is asked, {seconds} s to answer",
    ),
    "note.offered.station": (
        "Đề nghị {station} cử {unit}, trả lời trong {seconds} s",
        "{station} is asked to send {unit}, {seconds} s to answer",
    ),
    "note.offered.station_alone": (
        "Đề nghị {station}, trả lời trong {seconds} s",
        "{station} is asked, {seconds} s to answer",
    ),
    "note.offer_accepted": ("{who} nhận, cử {unit}", "{who} said yes and sends {unit}"),
    "note.offer_declined": ("{who} từ chối: {why}", "{who} said no: {why}"),
    "note.offer_expired": ("{who} hết giờ, không trả lời", "{who} did not answer in time"),
    "note.offer_withdrawn": ("Thu hồi đề nghị với {who}", "{who} is asked no more"),
    "note.offer_withdrawn.taken": (
        "Thôi hỏi {who}: đã có đơn vị khác nhận",
        "{who} is asked no more: another one was first",
    ),
    "note.offer_withdrawn.skipped": ("Bỏ qua {who}, hỏi người kế tiếp", "{who} was skipped, the next one is asked"),
    "note.passed_over": ("Bỏ qua {who}", "Passed over: {who}"),
    "note.offers_exhausted": (
        "{service}: không còn ai để đề nghị; đã báo trưởng ca",
        "{service}: nobody is left to ask; the supervisor was told",
    ),
    "note.turned_back": ("{unit} quay đầu, không tới nữa", "{unit} turned back and does not come"),
    "note.not_routed": (
        "{service}: không tính được đường và trạm; đã báo trưởng ca",
        "{service}: neither ways nor station could be found; the supervisor was told",
    ),
    "note.station_gone": (
        "{service}: {station} không còn trong danh sách trạm; đang tìm trạm khác",
        "{service}: {station} is no longer on the list of stations; another one is looked for",
    ),
    "note.measured_first": (
        "{service}: các xe đã tính đều bận; đang tính lại đường rồi hỏi xe kế tiếp",
        "{service}: all units that were measured are busy; the ways of others are measured, then the next is asked",
    ),
    "note.checked": ("{unit}: kiểm tra an toàn, ổn", "{unit}: safety check, all is well"),
    "note.overdue": ("{unit} quá giờ ở trạng thái “{status}”", "{unit} has been “{status}” too long"),
    "offer.who": ("{unit} ({station})", "{unit} ({station})"),
    # why somebody was passed over
    "not_asked.declined": ("đã từ chối", "said no"),
    "not_asked.expired": ("không trả lời", "did not answer"),
    "not_asked.turned_back": ("đã quay đầu", "turned back"),
    "not_asked.skipped": ("đã bỏ qua", "was skipped"),
    "not_asked.station_declined": ("trạm đã từ chối nhiều lần", "the station said no too often"),
    "not_asked.at_work": ("đang đi vụ {about}", "on {about}"),
    "not_asked.not_available": ("{about}", "{about}"),
    "not_asked.not_staffed": ("không có kíp", "no crew"),
    "not_asked.no_unit": ("không có đơn vị rảnh", "no unit is free"),
    "why.given": ("{why}: {reason}", "{why}: {reason}"),
    # alarms
    "alarm.offers_exhausted": ("{subject}: không còn ai để đề nghị", "{subject}: nobody is left to ask"),
    "alarm.turned_back": (
        "{subject}: đơn vị quay đầu, chưa ai đi thay",
        "{subject}: a crew turned back, nobody goes in its place",
    ),
    "alarm.not_routed": (
        "{subject}: không tính được đường và trạm",
        "{subject}: neither ways nor station could be found",
    ),
    "alarm.unit_not_moving": (
        "{subject} chưa nhận lệnh hoặc chưa xuất phát",
        "{subject} has not said yes, or is not on the road",
    ),
    "alarm.unit_late": ("{subject} đi lâu hơn giờ đã báo", "{subject} takes longer than was said"),
    "alarm.crew_unchecked": (
        "{subject}: quá giờ kiểm tra an toàn tại hiện trường",
        "{subject}: the safety check on scene is overdue",
    ),
    "alarm.unit_long": ("{subject} ở một trạng thái quá lâu", "{subject} has been in one status too long"),
    # on the legs
    "offer.station_asked": ("đang hỏi, đề xuất {unit}", "asked, {unit} proposed"),
    "offer.station_asked_alone": ("đang hỏi", "asked"),
    "offer.by_itself": ("hết giờ thì tự hỏi người kế tiếp", "the next one is asked when time is up"),
    "offer.spent": ("KHÔNG CÒN AI ĐỂ ĐỀ NGHỊ: điều thẳng bằng d", "NOBODY IS LEFT TO ASK: send with d"),
    # declines, for the supervisor
    "panel.declines": ("TỪ CHỐI HÔM NAY", "DECLINES TODAY"),
    "empty.declines": ("Hôm nay chưa ai từ chối hay để hết giờ.", "Nobody declined or let an offer run out today."),
    "empty.decline_lines": ("Chọn một trạm để xem từng lần.", "Choose a station to see each time."),
    "column.declined": ("từ chối", "no"),
    "column.expired": ("hết giờ", "silent"),
    "column.units_named": ("đơn vị", "units"),
    "column.reasons": ("lý do", "reasons"),
    "column.time": ("lúc", "at"),
    "decline.other": ("lý do khác", "other"),
    "decline.expired": ("không trả lời", "no answer"),
    "decline.times": ("{what} ×{count}", "{what} ×{count}"),
    "decline.shown": ("[{count}]", "[{count}]"),
    "help.handshake": ("ĐỀ NGHỊ, TRẢ LỜI, AN TOÀN", "OFFERS, ANSWERS, SAFETY"),
    # keys on the legs
    "legs.keys": (
        "+ đề nghị   1 nhận   - từ chối   > kế tiếp   = kiểm tra an toàn",
        "+ offer   1 accept   - decline   > next   = safety check",
    ),
    "told.offer_late": ("{who} sắp hết giờ trả lời.", "{who}: the time to answer is nearly up."),
}
