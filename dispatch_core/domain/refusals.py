"""Why the rules say no: a value with a stable code and a sentence that a dispatcher can act on, in both languages.

The table below is the whole list. Details fill the braces; they are names and states that the asker may see. Refusals
are kept as audit and cannot be erased, so no detail is personal: a call is named by its incident, never by its number.
"""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.plain_text import one_line
from dispatch_core.domain.vocabulary import IncidentType, Service
from dispatch_core.domain.words import Word

DETAIL_LIMIT = 200
"""Characters of one detail: what was typed is echoed, but not a page of it."""

SENTENCES: dict[str, tuple[str, str]] = {
    "not_signed_in": ("Bạn chưa đăng nhập; hãy đăng nhập lại.", "You are not signed in; sign in again."),
    "not_allowed": (
        "Vai trò “{role}” không được làm việc này ({command}); hãy nhờ trưởng ca hoặc quản trị tổng đài.",
        "The role “{role}” may not do this ({command}); ask a supervisor or a telephony admin.",
    ),
    "no_position": (
        "Bạn chưa ngồi bàn trực nào; gõ “pos B01” để nhận bàn.",
        "You hold no position; type “pos B01” to take one.",
    ),
    "unknown_position": ("Không có bàn trực “{position}”.", "There is no position “{position}”."),
    "position_taken": (
        "Bàn trực {position} đang có {user} ngồi.",
        "Position {position} is taken by {user}.",
    ),
    "position_exists": (
        "Đã có bàn trực {position}; chọn mã khác.",
        "Position {position} exists already; choose another id.",
    ),
    "position_installing": (
        "Bàn trực {position} đang được cài, chờ tổng đài xác nhận.",
        "Position {position} is being installed; the switch has not confirmed it yet.",
    ),
    "bad_position_name": (
        "Tên bàn trực “{position}” không hợp lệ: dùng chữ cái, chữ số, gạch nối, tối đa 12 ký tự, ví dụ B07.",
        "Position name “{position}” is not valid: letters, digits, hyphen, 12 at most, such as B07.",
    ),
    "unknown_call": ("Không có cuộc gọi “{call}”.", "There is no call “{call}”."),
    "call_over": ("Cuộc gọi này đã kết thúc.", "This call is over."),
    "call_taken": (
        "Cuộc gọi này đã có bàn {position} nhận.",
        "This call is already taken by position {position}.",
    ),
    "position_busy": (
        "Bàn {position} đang có cuộc gọi của vụ việc {call}; hãy kết thúc cuộc gọi đó trước.",
        "Position {position} is on the call of incident {call}; end that one first.",
    ),
    "not_waiting": (
        "Cuộc gọi này không chờ ai trả lời.",
        "This call does not wait for an answer.",
    ),
    "caller_waits": (
        "Người gọi còn đang chờ; hãy trả lời, không ngắt.",
        "The caller is still waiting; answer the call, it cannot be dropped.",
    ),
    "not_your_call": (
        "Bàn {position} đang nói cuộc gọi này; chỉ bàn đó hoặc trưởng ca được ngắt.",
        "Position {position} is talking on this call; only that position or a supervisor may end it.",
    ),
    "say_whom": (
        "Chọn đúng một: một cuộc gọi, một dòng nhỡ, hoặc một số.",
        "Name exactly one: a call, a missed line, or a number.",
    ),
    "bad_number": (
        "Số để gọi chỉ gồm chữ số và dấu +, từ 3 đến 20 ký tự.",
        "A number to call has only digits and +, from 3 to 20 of them.",
    ),
    "number_hidden": (
        "Người gọi giấu số, không gọi lại được.",
        "The caller's number was withheld; nobody can be called back.",
    ),
    "caller_is_live": (
        "Người này đang gọi tới, vụ việc {incident}; hãy trả lời cuộc gọi đó.",
        "This caller is calling right now, incident {incident}; answer that call.",
    ),
    "being_called_back": (
        "{user} ở bàn {position} đang gọi lại số này.",
        "{user} at position {position} is calling this number back.",
    ),
    "missed_gone": (
        "{user} đã xử lý cuộc gọi nhỡ này rồi.",
        "{user} has already taken care of this missed call.",
    ),
    "missed_none": ("Cuộc gọi nhỡ này không còn trong danh sách.", "This missed call is no longer on the list."),
    "no_switch": (
        "Không nối được tổng đài nào; chưa gọi ai cả.",
        "No switch can be reached; nobody was called.",
    ),
    "unknown_service_number": ("Không có đầu số “{number}”.", "There is no service number “{number}”."),
    "same_incident": ("Không gộp vụ việc vào chính nó được.", "An incident cannot be folded into itself."),
    "not_folded": ("Vụ việc {incident} không phải vụ đã gộp.", "Incident {incident} was not folded."),
    "only_call": (
        "Vụ việc {incident} chỉ có một cuộc gọi, không có gì để tách.",
        "Incident {incident} has one call only; there is nothing to split off.",
    ),
    "unknown_reason": (
        "Không có lý do “{reason}”; chọn: {near}.",
        "There is no reason “{reason}”; choose: {near}.",
    ),
    "nobody_talks": ("Cuộc gọi này chưa có bàn nào nói.", "No position talks on this call."),
    "not_yours_to_steer": (
        "Bàn {position} đang nói cuộc gọi này; chỉ bàn đó hoặc trưởng ca điều khiển được.",
        "Position {position} is talking on this call; only that position or a supervisor may steer it.",
    ),
    "not_in_call": ("Bàn của bạn không ở trong cuộc gọi này.", "Your position is not in this call."),
    "being_ended": ("Cuộc gọi này đang được ngắt.", "This call is being ended."),
    "being_steered": (
        "Tổng đài đang làm “{act}” cho cuộc gọi này; chờ xong đã.",
        "The switch is doing “{act}” on this call; wait until that is done.",
    ),
    "already_held": ("Người gọi đang được giữ máy; gõ “tiep” để nối lại.", "The caller is on hold; type “resume”."),
    "not_on_hold": ("Cuộc gọi này không bị giữ máy.", "This call is not on hold."),
    "in_conference": (
        "Cuộc gọi đang có thêm người; hãy rời bằng “roi”, hoặc chờ họ gác máy.",
        "Others are in this call; leave it with “leave”, or wait until they are gone.",
    ),
    "not_a_conference": (
        "Không còn ai khác nói với người gọi; muốn kết thúc thì gác máy.",
        "Nobody else would be left with the caller; hang up to end the call.",
    ),
    "already_muted": ("Mic của bàn bạn đã tắt rồi.", "Your microphone is muted already."),
    "not_muted": ("Mic của bàn bạn đang mở.", "Your microphone is not muted."),
    "our_own_call": (
        "Cuộc gọi do bàn gọi ra thì không chuyển được; hãy mời thêm người vào.",
        "A call that was made from here cannot be handed over; invite somebody in.",
    ),
    "nobody_asked": ("Chưa hỏi ai trong cuộc gọi này.", "Nobody is being consulted on this call."),
    "nobody_there": ("Bàn {position} không có người ngồi.", "Nobody sits at position {position}."),
    "already_in_call": (
        "Bàn {position} đang ở trong cuộc gọi này rồi.",
        "Position {position} is in this call already.",
    ),
    "own_number": (
        "{number} là đầu số của trung tâm; hãy chuyển cho lực lượng đó.",
        "{number} is a number of this centre; transfer to that service instead.",
    ),
    "not_a_service": (
        "Chỉ hỏi hay mời được một bàn hoặc một số máy; cho cả lực lượng thì dùng chuyển máy.",
        "Only a position or a number can be consulted or invited; a whole service takes a transfer.",
    ),
    "too_many_parties": ("Cuộc gọi đã có {limit} bên khác.", "The call has {limit} other parties already."),
    "own_position": ("Đó là bàn của chính bạn.", "That is your own position."),
    "not_on_a_call": ("Bàn {position} không có cuộc gọi nào.", "Position {position} is on no call."),
    "watching_already": (
        "Bạn đang nghe bàn {position}; gõ “thoi” trước.",
        "You are listening at position {position}; type “stop” first.",
    ),
    "watching_now": (
        "Máy bàn {position} đang nghe một bàn khác; gõ “thoi” ở bàn đó trước.",
        "The phone of {position} is listening at another position; type “stop” there first.",
    ),
    "not_watching": (
        "Bạn không nghe bàn nào; thôi nghe ghi âm thì gõ “nghe-”.",
        "You are listening at no position; to stop a recording, type “play-”.",
    ),
    "unknown_incident": ("Không có vụ việc “{incident}”.", "There is no incident “{incident}”."),
    "incident_closed": ("Vụ việc {incident} đã đóng.", "Incident {incident} is closed."),
    "incident_owned": (
        "Vụ việc {incident} do {user} phụ trách; cần trưởng ca chuyển giao.",
        "Incident {incident} belongs to {user}; a supervisor may reassign it.",
    ),
    "still_live": (
        "Vụ việc {incident} còn cuộc gọi chưa kết thúc; kết thúc cuộc gọi trước khi đóng.",
        "Incident {incident} still has a live call; end the call before closing.",
    ),
    "unknown_type": ("Không có loại vụ việc “{type}”.", "There is no incident type “{type}”."),
    "bad_priority": ("Mức ưu tiên phải từ 1 đến 5.", "Priority goes from 1 to 5."),
    "changed_meanwhile": (
        "{what} vừa được đổi thành “{value}”; hãy xem lại rồi nhập.",
        "{what} has just been changed to “{value}”; look again, then enter it.",
    ),
    "place_changed": (
        "Vị trí vừa được đổi; hãy xem lại rồi nhập.",
        "The location has just been changed; look again, then enter it.",
    ),
    "bad_location": (
        "Toạ độ không hợp lệ: vĩ độ từ -90 đến 90, kinh độ từ -180 đến 180, cả hai hoặc không.",
        "The coordinates are not valid: latitude from -90 to 90, longitude from -180 to 180, both or none.",
    ),
    "empty_text": ("Chưa có nội dung.", "There is no text."),
    "text_too_long": (
        "Nội dung dài {length} ký tự, tối đa {limit}.",
        "The text has {length} characters, {limit} at most.",
    ),
    "unknown_service": ("Không có lực lượng “{service}”.", "There is no service “{service}”."),
    "no_leg": (
        "Vụ việc {incident} không có nhánh {service}.",
        "Incident {incident} has no {service} leg.",
    ),
    "leg_open": (
        "Nhánh {service} của vụ việc {incident} đang mở.",
        "The {service} leg of incident {incident} is open already.",
    ),
    "leg_at_work": (
        "Nhánh {service} còn đơn vị {units}; cho đơn vị về trước.",
        "The {service} leg still has {units}; release them first.",
    ),
    "leg_is_asked": (
        "Nhánh {service} đang chờ {asked} trả lời; chờ trả lời hoặc rút đề nghị trước.",
        "The {service} leg still waits for an answer from {asked}; wait for it or take the offer back first.",
    ),
    "no_units": ("Chưa nêu đơn vị nào.", "No unit was named."),
    "too_many_units": (
        "Nêu {count} đơn vị một lúc, tối đa {limit}.",
        "{count} units were named at once, {limit} at most.",
    ),
    "unknown_unit": ("Không có đơn vị “{unit}”.", "There is no unit “{unit}”."),
    "unit_busy": (
        "Đơn vị {unit} đang đi vụ việc {incident}, do {user} điều lúc {at}.",
        "Unit {unit} is on incident {incident}, sent by {user} at {at}.",
    ),
    "unit_out_of_service": ("Đơn vị {unit} đang ngưng trực.", "Unit {unit} is out of service."),
    "unit_unstaffed": (
        "Đơn vị {unit} không có kíp trực từ {at}; có kíp thì gõ “kip {unit} co” trước.",
        "Unit {unit} has had no crew since {at}; if there is one now, type “crew {unit} on” first.",
    ),
    "crew_at_work": (
        "Kíp của {unit} đang đi vụ việc {incident}; cho đơn vị về trước.",
        "The crew of {unit} is on incident {incident}; release the unit first.",
    ),
    "bad_rest": ("Nghỉ từ 1 đến {limit} phút.", "A rest takes 1 to {limit} minutes."),
    "bad_level": (
        "Cấp báo động từ 1 đến {limit}; vụ việc {incident} đang ở cấp {level}.",
        "Alarm levels go from 1 to {limit}; incident {incident} is at level {level}.",
    ),
    "no_override": (
        "Không có lần điều {unit} khác đề xuất nào ở vụ việc {incident}.",
        "Incident {incident} has no override of {unit} to explain.",
    ),
    "no_place_to_rank": (
        "Vụ việc {incident} chưa có toạ độ hoặc chưa có nhánh nào mở; đặt địa chỉ trước (F3).",
        "Incident {incident} has no coordinates or no open leg yet; set its place first (F3).",
    ),
    "unit_free": ("Đơn vị {unit} không đi vụ việc nào.", "Unit {unit} is on no incident."),
    "unit_not_on_leg": (
        "Đơn vị {unit} không ở nhánh {service} của vụ việc này.",
        "Unit {unit} is not on the {service} leg of this incident.",
    ),
    "wrong_station": (
        "{station} thuộc lực lượng {has}, không phải {wants}.",
        "{station} belongs to {has}, not to {wants}.",
    ),
    "wrong_service": (
        "Đơn vị {unit} thuộc lực lượng {has}, không phải {wants}.",
        "Unit {unit} belongs to {has}, not to {wants}.",
    ),
    "wrong_status": (
        "{unit} đang “{was}”, không chuyển sang “{to}” được; có thể: {may}.",
        "{unit} is “{was}” and cannot become “{to}”; possible: {may}.",
    ),
    "unknown_hospital": ("Không có bệnh viện “{hospital}”.", "There is no hospital “{hospital}”."),
    "unknown_bed_kind": (
        "Không có loại giường “{kind}”; dùng: {near}.",
        "There is no kind of bed “{kind}”; use: {near}.",
    ),
    "bad_bed_count": ("Số giường trống từ 0 đến {limit}.", "Free beds go from 0 to {limit}."),
    "not_diverted": ("{hospital} đang nhận bệnh bình thường.", "{hospital} takes patients as usual."),
    "bad_divert_minutes": ("Số phút ngưng nhận từ 0 đến {limit}.", "The minutes of a divert go from 0 to {limit}."),
    "hospital_diverts": (
        "{hospital} đang ngưng nhận bệnh; chọn nơi khác, hoặc gõ thêm “chac”.",
        "{hospital} is on divert; choose another one, or add “sure”.",
    ),
    "nobody_aboard": (
        "{unit} đang “{status}”; chỉ đơn vị tại hiện trường hoặc đang chở mới đưa bệnh nhân đi.",
        "{unit} is “{status}”; only a unit on scene or transporting takes a patient anywhere.",
    ),
    "unknown_premise": (
        "Không có ghi chú địa điểm “{premise}” viết tay; dữ liệu nhập từ tệp thì nhập lại tệp.",
        "There is no hand-written premise note “{premise}”; what came from a file is changed by importing it again.",
    ),
    "unknown_premise_kind": (
        "Không có loại ghi chú “{kind}”; dùng: {near}.",
        "There is no kind of note “{kind}”; use: {near}.",
    ),
    "bad_radius": ("Bán kính từ 1 đến {limit} m.", "The radius goes from 1 to {limit} m."),
    "premise_past": ("Hạn của ghi chú đã qua.", "The end of the note is in the past."),
    "unit_at_work": (
        "{unit} đang đi vụ việc hoặc ngưng trực; chỉ điều chuyển trực đơn vị rảnh.",
        "{unit} is on an incident or out of service; only a free unit can be moved up.",
    ),
    "covers_nothing": ("{unit} đang ở trạm nhà.", "{unit} is at its own station."),
    "unknown_user": ("{user} không đăng nhập.", "{user} is not signed in."),
    "not_a_dispatcher": (
        "{user} không phải điều phối viên hay trưởng ca.",
        "{user} is neither a dispatcher nor a supervisor.",
    ),
    "reason_missing": ("Phải ghi lý do.", "A reason is needed."),
    "unknown_station": ("Không có đơn vị trú đóng “{station}”.", "There is no station “{station}”."),
    "say_one": (
        "Chọn đúng một: điều phối viên, trạm, hoặc đơn vị.",
        "Name exactly one: a dispatcher, a station, or a unit.",
    ),
    "already_so": ("Đã đúng như vậy rồi.", "It is so already."),
    "unknown_conversation": ("Cuộc nhắn tin này không còn.", "This conversation is gone."),
    "conversation_closed": (
        "Cuộc nhắn tin này đã đóng; tin mới của người đó sẽ mở lại.",
        "This conversation is closed; a new message of that person opens it again.",
    ),
    "conversation_taken": ("{user} đang trả lời cuộc nhắn tin này.", "{user} is answering this conversation."),
    "no_number_to_answer": (
        "Tin này không kèm số điện thoại nên không trả lời được.",
        "This message came without a number; it cannot be answered.",
    ),
    "answer_too_long": (
        "Tin quá dài {over} byte (chữ có dấu tính 2 đến 3 byte); hãy chia làm hai tin.",
        "The message is {over} bytes too long (an accented letter takes 2 or 3); send it as two.",
    ),
    "too_many_answers": (
        "Đã gửi {limit} tin trong một phút; hãy chờ một chút.",
        "{limit} messages were sent within a minute; wait a little.",
    ),
    "cannot_speak": (
        "Người gọi đã bấm 5: không nói được. Nếu vẫn đóng, gõ “xx chac” kèm số vụ việc {incident}.",
        "The caller pressed 5: cannot speak. To close all the same, type “xx sure” for incident {incident}.",
    ),
    "no_number_to_rate": (
        "Cuộc gọi này không có số gọi đến để xếp.",
        "This call has no caller's number to put behind.",
    ),
    "unknown_offer": ("Không có đề nghị này.", "There is no such offer."),
    "offer_over": (
        "Đề nghị cho {to} đã kết thúc lúc {at}: {outcome}.",
        "The offer to {to} was over at {at}: {outcome}.",
    ),
    "offer_to_another": ("Đề nghị này là cho {unit}.", "This offer is for {unit}."),
    "being_asked": ("{unit} đang được hỏi rồi, chờ trả lời.", "{unit} is being asked already."),
    "nobody_to_ask": (
        "Không còn ai để đề nghị cho nhánh {service}: chưa có địa chỉ, hoặc không đơn vị nào rảnh. "
        "Điều thẳng bằng d, hoặc nêu trạm.",
        "Nobody is left to ask for the {service} leg: no place yet, or no unit is free. "
        "Send with d, or name a station.",
    ),
    "no_open_leg": (
        "Vụ việc {incident} không còn nhánh nào chờ đơn vị.",
        "Incident {incident} has no leg that waits for a unit.",
    ),
    "station_empty": (
        "{station} không có đơn vị nào rảnh; nêu đơn vị, hoặc từ chối.",
        "{station} has no free unit; name one, or decline.",
    ),
    "unknown_alarm": ("Cảnh báo này không còn.", "This alarm is gone."),
    "stale_answer": ("Kết quả cho dữ liệu cũ, bỏ qua.", "An answer for older data; ignored."),
    "nothing_new": ("Không có gì mới.", "Nothing new."),
    "no_recording": ("Cuộc gọi “{call}” không có ghi âm.", "Call “{call}” has no recording."),
    "hold_what": (
        "Nêu đúng một: vụ việc, hoặc cuộc gọi cần giữ ghi âm.",
        "Name exactly one: the incident, or the call whose recording is to be held.",
    ),
    "not_held": ("Ghi âm của “{about}” không bị giữ.", "The recordings of “{about}” are not held."),
    "recording_held": (
        "Ghi âm của “{about}” đang được giữ; trưởng ca thôi giữ rồi mới xoá được.",
        "The recordings of “{about}” are held; they can be removed only after a supervisor releases them.",
    ),
    "too_many_holds": (
        "Đã giữ ghi âm của {limit} vụ; thôi giữ bớt trước.",
        "The recordings of {limit} incidents are held already; release some first.",
    ),
    "surge_is_about": (
        "Lời báo cao điểm đang nói về vụ {incident}; hãy gộp {into} vào {incident}, hoặc tắt lời báo trước.",
        "The surge announcement is about {incident}; fold {into} into {incident}, or switch it off first.",
    ),
    "surge_on_already": (
        "Lời báo cao điểm đang phát cho vụ {incident}; tắt đi rồi mới bật cho vụ khác.",
        "The surge announcement is on for {incident}; switch it off before another one.",
    ),
    "surge_for_nobody": (
        "Vụ {incident} chưa có lực lượng nào được gọi; nêu lực lượng, ví dụ “114”.",
        "No service was called about {incident} yet; name one, such as “114”.",
    ),
    "unknown_sound": (
        "Không có lời báo “{sound}”; hiện có: {sounds}.",
        "There is no announcement “{sound}”; there are: {sounds}.",
    ),
    "surge_too_long": (
        "Lời báo cao điểm kéo dài từ 1 đến {limit} phút.",
        "A surge announcement lasts from 1 to {limit} minutes.",
    ),
    "no_surge": ("Không có lời báo cao điểm nào đang phát.", "No surge announcement is on."),
    "malformed": ("Lệnh không đúng dạng: {why}.", "The command is malformed: {why}."),
    "wrong_version": (
        "Bảng điều khiển này nói phiên bản {theirs}, máy chủ nói {ours}; hãy cập nhật chương trình.",
        "This console speaks version {theirs}, the core speaks {ours}; update the program.",
    ),
    "overloaded": (
        "Hệ thống đang quá tải, lệnh chưa được nhận; hãy gửi lại.",
        "The system is overloaded and did not take the command; send it again.",
    ),
    "read_only": (
        "Cơ sở dữ liệu không trả lời; bảng chỉ đọc, lệnh chưa được nhận.",
        "The database does not answer; the board is read-only and the command was not taken.",
    ),
    "too_many_closures": (
        "Đã có {limit} đoạn đường đang chặn; hãy bỏ bớt đoạn đã thông trước.",
        "There are {limit} closures already; end those that are open again first.",
    ),
    "bad_outline": (
        "Đoạn hoặc vùng vẽ không dùng được: cần 2 đến {points} điểm khác nhau trong địa bàn, rộng tối đa {km} km.",
        "What was drawn cannot be used: 2 to {points} different points in the site's area, at most {km} km across.",
    ),
    "bad_until": (
        "Giờ hết hiệu lực phải ở phía trước, không quá {days} ngày.",
        "The end must be ahead, by {days} days at most.",
    ),
    "unknown_vehicle": (
        "Không có loại xe “{vehicle}”; dùng: {known}.",
        "There is no vehicle “{vehicle}”; use: {known}.",
    ),
    "unknown_closure": (
        "Không có đoạn đường chặn “{closure}”; có thể đã được thông.",
        "There is no closure “{closure}”; it may have been ended.",
    ),
}


class Refusal(Struct, frozen=True):
    """A no, with its reason. ``details`` are the values in the sentence; ``name.vi`` and ``name.en``, where they are,
    say what the value of ``name`` is called."""

    code: str
    details: dict[str, str] = {}

    def sentence(self, language: str) -> str:
        """The reason in ``language`` ("vi" or "en"); an unknown code shows itself rather than nothing."""
        vi, en = SENTENCES.get(self.code, (self.code, self.code))
        suffix = ".vi" if language == "vi" else ".en"
        shown = {name: self.details.get(name + suffix, value) for name, value in self.details.items()}
        return (vi if language == "vi" else en).format_map(_Shown(shown))


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def refuse(code: str, **details: object) -> Refusal:
    """The refusal with its details. One that has a name in both languages is kept by its code and with both names
    (``has``, ``has.vi``, ``has.en``). Raises KeyError for a code without sentences."""
    if code not in SENTENCES:
        raise KeyError(f"no sentence for the refusal {code!r}")
    kept: dict[str, str] = {}
    for name, value in details.items():
        if isinstance(value, Word | Service | IncidentType):
            kept |= {name: value.code, f"{name}.vi": value.vi, f"{name}.en": value.en}
        else:
            kept[name] = one_line(str(value), DETAIL_LIMIT)
    return Refusal(code, kept)
