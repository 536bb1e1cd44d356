"""About callers: their calls, recordings, messages and what they hear."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
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
}
