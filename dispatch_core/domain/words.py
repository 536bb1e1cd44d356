"""What codes are called on the screens, where a sentence of the core itself must name them: Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from dispatch_core.domain.vocabulary import OfferOutcome, Role, SteerAct, UnitStatus


class Word(Struct, frozen=True):
    """One code and its names."""

    code: str
    vi: str
    en: str


def _words(*rows: tuple[str, str, str]) -> dict[str, Word]:
    return {code: Word(code, vi, en) for code, vi, en in rows}


ROLES: Mapping[str, Word] = _words(
    (Role.DISPATCHER, "điều phối viên", "dispatcher"),
    (Role.SUPERVISOR, "trưởng ca", "supervisor"),
    (Role.TELEPHONY_ADMIN, "quản trị tổng đài", "telephony admin"),
    ("switch", "tổng đài", "switch"),
    ("intake", "hệ thống ngoài", "outside system"),
    ("core", "máy chủ", "core"),
)

STATUSES: Mapping[str, Word] = _words(
    (UnitStatus.AVAILABLE, "sẵn sàng", "available"),
    (UnitStatus.OFFERED, "đề nghị", "offered"),
    (UnitStatus.ACKNOWLEDGED, "đã nhận", "acknowledged"),
    (UnitStatus.EN_ROUTE, "đang đến", "en route"),
    (UnitStatus.ON_SCENE, "tại hiện trường", "on scene"),
    (UnitStatus.TRANSPORTING, "đang chở bệnh nhân", "transporting"),
    (UnitStatus.AT_HOSPITAL, "tại bệnh viện", "at hospital"),
    (UnitStatus.RETURNING, "đang về", "returning"),
    (UnitStatus.OUT_OF_SERVICE, "ngưng trực", "out of service"),
)

ACTS: Mapping[str, Word] = _words(
    ("SignOut", "đăng xuất người khác", "sign somebody else out"),
    ("TakePosition", "nhận bàn trực", "take a position"),
    ("LeavePosition", "rời bàn trực", "leave a position"),
    ("AnswerCall", "trả lời cuộc gọi", "answer a call"),
    ("HangUp", "ngắt cuộc gọi", "hang up a call"),
    ("SetType", "đặt loại vụ việc", "set the type"),
    ("SetPriority", "đặt mức ưu tiên", "set the priority"),
    ("Locate", "đặt vị trí", "set the location"),
    ("AddNote", "ghi chú", "add a note"),
    ("TakeIncident", "nhận vụ việc", "take an incident"),
    ("OpenLeg", "mở nhánh điều động", "open a leg"),
    ("CloseLeg", "đóng nhánh điều động", "close a leg"),
    ("AssignUnits", "điều đơn vị", "send units"),
    ("ReleaseUnit", "cho đơn vị về", "release a unit"),
    ("ReportStatus", "báo trạng thái", "report a status"),
    ("CloseIncident", "đóng vụ việc", "close an incident"),
    ("CloseEmpty", "đóng vụ không nội dung", "close a no-content call"),
    ("ReassignIncident", "chuyển giao vụ việc", "reassign an incident"),
    ("ReassignLeg", "chuyển giao nhánh điều động", "reassign a leg"),
    ("RedirectUnit", "chuyển đơn vị sang vụ khác", "move a unit to another incident"),
    ("UndoReassign", "hoàn tác chuyển giao", "undo a reassignment"),
    ("HearRecording", "nghe lại ghi âm", "listen to a recording"),
    ("HoldRecording", "giữ ghi âm", "hold a recording"),
    ("ReleaseHold", "thôi giữ ghi âm", "release a hold"),
    ("ExportEvidence", "xuất chứng cứ", "export evidence"),
    ("HandleAlarm", "xử lý cảnh báo", "handle an alarm"),
    ("AddPosition", "thêm bàn trực", "add a position"),
    ("CallBack", "gọi lại", "call back"),
    ("TakeOffMissed", "xoá khỏi danh sách nhỡ", "take off the missed list"),
    ("FoldIncident", "gộp vụ việc", "fold an incident"),
    ("UnfoldIncident", "tách vụ việc đã gộp", "unfold an incident"),
    ("SplitCall", "tách cuộc gọi", "split a call off"),
    ("BeReady", "báo sẵn sàng", "be ready"),
    ("BeNotReady", "báo tạm nghỉ", "be not ready"),
    ("SendText", "trả lời tin nhắn", "answer a text"),
    ("TakeConversation", "nhận cuộc nhắn tin", "take a conversation"),
    ("OpenIncident", "mở vụ việc tại một chỗ", "open an incident at a place"),
    ("OpenForText", "mở vụ việc từ tin nhắn", "open an incident for a text"),
    ("LinkConversation", "gắn tin nhắn vào vụ việc", "link a text to an incident"),
    ("CloseConversation", "đóng cuộc nhắn tin", "close a conversation"),
    ("PlayPrompt", "phát lời nhắc bấm phím", "ask the caller for a key"),
    ("SetNuisance", "xếp số điện thoại ra sau", "put a number behind"),
    ("HoldCall", "giữ máy", "put a call on hold"),
    ("ResumeCall", "nối lại cuộc gọi đang giữ", "take a call off hold"),
    ("MuteCall", "tắt, mở mic", "mute, unmute"),
    ("TransferCall", "chuyển máy", "transfer a call"),
    ("ConsultCall", "hỏi ý kiến khi giữ máy", "consult somebody"),
    ("CompleteConsult", "nối người gọi sang người được hỏi", "complete a consultation"),
    ("JoinConsult", "nói chuyện ba bên", "talk as three"),
    ("BackToCaller", "về lại với người gọi", "go back to the caller"),
    ("InviteToCall", "mời thêm người vào cuộc gọi", "invite somebody into a call"),
    ("LeaveConference", "rời cuộc gọi nhiều bên", "leave a conference"),
    ("WatchPosition", "nghe, nhắc, chen vào bàn trực", "listen, whisper, barge"),
    ("StopWatching", "thôi nghe", "stop listening"),
    ("DrawClosure", "chặn đường", "close a road"),
    ("EndClosure", "thông đường", "open a road again"),
    ("RaiseAlarmLevel", "nâng cấp báo động", "raise the alarm level"),
    ("LowerAlarmLevel", "hạ cấp báo động", "lower the alarm level"),
    ("RankAgain", "tính lại đề xuất", "rank the units again"),
    ("ExplainOverride", "ghi lý do không theo đề xuất", "explain an override"),
    ("SetCrew", "đổi tình trạng kíp trực", "set a crew"),
    ("OfferUnits", "đề nghị đơn vị", "offer to units"),
    ("OfferStation", "đề nghị trạm", "offer to a station"),
    ("AcceptOffer", "nhận lời đề nghị", "accept an offer"),
    ("DeclineOffer", "từ chối đề nghị", "decline an offer"),
    ("WithdrawOffer", "thu hồi đề nghị", "withdraw an offer"),
    ("CheckUnit", "kiểm tra an toàn", "check on a crew"),
    ("SetBeds", "báo giường trống", "tell free beds"),
    ("SetDivert", "báo bệnh viện ngưng nhận", "put a hospital on divert"),
    ("TakeTo", "chọn bệnh viện", "choose a hospital"),
    ("WritePremise", "ghi chú địa điểm", "write a premise note"),
    ("RemovePremise", "xoá ghi chú địa điểm", "remove a premise note"),
    ("UndoPremise", "hoàn tác ghi chú địa điểm", "undo a premise note"),
    ("MoveUp", "điều chuyển trực", "move a unit up"),
    ("SendHome", "cho đơn vị về trạm nhà", "send a unit home"),
    ("MarkDifferent", "báo hai vụ khác nhau", "say that two incidents differ"),
    ("SurgeOn", "bật báo tin cao điểm", "switch the surge announcement on"),
    ("SendMemo", "nhắn bàn khác", "send a note to another desk"),
    ("ReadMemo", "đọc lời nhắn", "read a note"),
    ("HandShift", "bàn giao ca", "hand a shift over"),
    ("TakeShift", "nhận bàn giao ca", "take a shift over"),
    ("DropShift", "rút bàn giao ca", "take a hand-over back"),
    ("TellSound", "báo tình trạng âm thanh", "tell whether there is sound"),
    ("SurgeOff", "tắt báo tin cao điểm", "switch the surge announcement off"),
    ("AnswerCard", "trả lời thẻ hỏi", "answer a triage card"),
)
"""What a person may ask, by the name of its command."""

STEER_ACTS: Mapping[str, Word] = _words(
    (SteerAct.HOLD, "giữ máy", "hold"),
    (SteerAct.RESUME, "nối lại", "resume"),
    (SteerAct.MUTE, "tắt mic", "mute"),
    (SteerAct.UNMUTE, "mở mic", "unmute"),
    (SteerAct.TRANSFER, "chuyển máy", "transfer"),
    (SteerAct.CONSULT, "hỏi", "consult"),
    (SteerAct.COMPLETE, "nối sang", "complete"),
    (SteerAct.JOIN, "nối ba bên", "join"),
    (SteerAct.BACK, "về lại với người gọi", "back to the caller"),
    (SteerAct.INVITE, "mời vào", "invite"),
    (SteerAct.LEAVE, "rời cuộc gọi", "leave"),
)

OFFER_OUTCOMES: Mapping[str, Word] = _words(
    (OfferOutcome.PENDING, "đang chờ trả lời", "waiting"),
    (OfferOutcome.ACCEPTED, "đã nhận", "accepted"),
    (OfferOutcome.DECLINED, "đã từ chối", "declined"),
    (OfferOutcome.EXPIRED, "hết giờ, không trả lời", "no answer in time"),
    (OfferOutcome.WITHDRAWN, "đã thu hồi", "withdrawn"),
)

OFFER_TAKEN = Word("taken", "đã có đơn vị khác nhận trước", "another one was first")

ANSWER_FIELD = Word("answer", "Câu trả lời", "The answer")
TYPE_FIELD = Word("type", "Loại vụ việc", "The type")
PRIORITY_FIELD = Word("priority", "Mức ưu tiên", "The priority")
LEVEL_FIELD = Word("level", "Cấp báo động", "The alarm level")


def act(command: str) -> Word:
    """What a command is called; one that no person may give shows its own name."""
    return ACTS.get(command) or Word(command, command, command)


def listed(words: Iterable[Word]) -> Word:
    """Several words as one: ``đang đến, đang về``."""
    every = tuple(words)
    return Word(*(", ".join(getattr(word, column) for word in every) for column in ("code", "vi", "en")))
