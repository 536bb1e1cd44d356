"""What a typed line can mean: a command for the core, a place to look up, something for this screen, or a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from console_gui.command_line.macros import Macro
from console_gui.translations.formats import one_line
from dispatch_core.domain.commands import Command
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant, Role


@dataclass(frozen=True, slots=True)
class Context:
    """What the line is read against: the state on the screen, who types, which incident is open, the person's own
    macros (name -> what it stands for), and the question of the triage card that the person went to, "" = the next."""

    state: State
    user: str
    role: Role
    current: str = ""
    now: Instant = 0
    macros: Mapping[str, Macro] = field(default_factory=dict)
    question: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    body: Command


@dataclass(frozen=True, slots=True)
class FindPlace:
    """Look ``text`` up and locate the incident at the first answer. ``seen`` is the version that the person saw."""

    text: str
    incident: str
    seen: int


class Act(StrEnum):
    """What only this screen does."""

    SHOW = "show"
    HELP = "help"
    LANGUAGE = "language"
    THEME = "theme"
    FILTER = "filter"
    MAP = "map"
    TEXTS = "texts"
    DRAW = "draw"
    ROUTE = "route"
    REACH = "reach"
    LAYER = "layer"
    UNDO_PLACE = "undo_place"
    FOLLOW = "follow"
    MEASURE = "measure"
    FIND = "find"
    HERE = "here"
    OPEN_AT = "open_at"
    PIN_HERE = "pin_here"
    CROSS = "cross"
    LEGEND = "legend"
    HOSPITALS = "hospitals"
    UNSAVED = "unsaved"
    COPY = "copy"
    HISTORY = "history"
    QUIT = "quit"
    PLAY = "play"
    PAUSE = "pause"
    STOP = "stop"
    BACK = "back"
    EVIDENCE = "evidence"
    WAITING = "waiting"
    SEND_WAITING = "send_waiting"
    DROP_WAITING = "drop_waiting"
    PRINT = "print"
    PRINT_EVERY = "print_every"
    GO = "go"
    FULL_SCREEN = "full_screen"
    FIGURE = "figure"
    ORDER = "order"
    OF_PERSON = "of_person"
    REASSIGN = "reassign"
    WALL = "wall"
    MACRO = "macro"
    SIZE = "size"
    BESIDE = "beside"
    LAYOUT = "layout"
    LAYOUT_KEEP = "layout_keep"
    LAYOUT_RESET = "layout_reset"
    KEEP_MACRO = "keep_macro"
    DROP_MACRO = "drop_macro"
    MEMOS = "memos"
    SHIFT = "shift"
    HAND = "hand"
    SILENCE = "silence"
    VOLUME = "volume"
    CARD = "card"
    TRUNK = "trunk"


@dataclass(frozen=True, slots=True)
class Screen:
    act: Act
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be carried out, with what to write instead. ``details`` fill the sentence; one that reads
    otherwise in each language is a pair (Vietnamese, English)."""

    code: str
    details: dict[str, str | tuple[str, str]] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        which = 0 if language == "vi" else 1
        shown = {name: it if isinstance(it, str) else it[which] for name, it in self.details.items()}
        return SENTENCES[self.code][which].format_map(shown).replace("….", "…")


Outcome = Send | FindPlace | Screen | Wrong


QUOTED = 80
"""So many characters of what was typed stand in a sentence: what to write instead must still be seen."""


def wrong(code: str, **details: object) -> Wrong:
    if code not in SENTENCES:
        raise KeyError(f"no sentence for the mistake {code!r}")
    return Wrong(code, {name: it if isinstance(it, tuple) else _shown(name, str(it)) for name, it in details.items()})


def _shown(name: str, text: str) -> str:
    return text if name in ("near", "syntax") else one_line(text, QUOTED)


SENTENCES: dict[str, tuple[str, str]] = {
    "memo_whom": (
        "Không rõ “{text}” là bàn, người hay lực lượng nào. Nhắn được: {near}.",
        "“{text}” is no position, person or service. You can write to: {near}.",
    ),
    "memo_words": ("Chưa có lời nhắn: gõ thêm lời.", "There are no words yet: type them."),
    "no_memo": ("Không có lời nhắn nào như vậy.", "There is no such note."),
    "no_shift": ("Không có bàn giao ca nào chờ bạn.", "No hand-over waits for you."),
    "still_in_hand": (
        "Bạn còn giữ {near}: bàn giao bằng Ctrl+G, hoặc gõ {verb} chac để rời luôn.",
        "You still have {near}: hand over with Ctrl+G, or type {verb} sure to leave all the same.",
    ),
    "volume": ("Âm lượng “{text}”: một số từ 10 đến 100.", "Volume “{text}”: a number from 10 to 100."),
    "no_card": (
        "Vụ việc này chưa có thẻ hỏi: chọn loại (F6), hoặc loại này không có thẻ.",
        "This incident has no triage card: choose its type (F6), or the type has none.",
    ),
    "card_question": (
        "Thẻ không hỏi câu {number}; đang hỏi: {near}.", "The card does not ask question {number}; it asks: {near}.",
    ),
    "card_answer": ("Không có trả lời {number}; chọn: {near}.", "There is no answer {number}; choose: {near}."),
    "card_done": (
        "Đã hỏi xong; sửa thì gõ số câu trước: th 2 1.", "All is asked; to change one, name it first: ans 2 1.",
    ),
    "card_nothing": ("Thẻ không đề nghị gì thêm.", "The card proposes nothing more."),
    "macro_name": (
        "“{text}” không dùng làm tên lệnh gộp được: chữ và số, tới {most} chữ, không trùng lệnh có sẵn.",
        "“{text}” cannot name a macro: letters and digits, at most {most}, and no command's name.",
    ),
    "layout_name": (
        "“{text}” không dùng làm tên bố cục được: từ 1 đến {most} chữ.",
        "“{text}” cannot name a layout: 1 to {most} characters.",
    ),
    "macro_none": ("Chưa có lệnh gộp “{text}”. Đang có: {near}.", "There is no macro “{text}”. There are: {near}."),
    "macro_step": (
        "Bước “{text}” của lệnh gộp không bắt đầu bằng một lệnh. F1 xem danh sách.",
        "The step “{text}” of the macro begins with no command. F1 lists them.",
    ),
    "macro_long": (
        "Lệnh gộp có nhiều nhất {steps} bước, cả thảy {most} cái: rút bớt.",
        "A macro has at most {steps} steps, and there are at most {most}: make it shorter, or drop one.",
    ),
    "macro_word": (
        "Lệnh gộp “{text}” cần {count} chữ theo sau tên.", "The macro “{text}” needs words after its name: {count}.",
    ),
    "empty": ("Gõ một lệnh; F1 xem danh sách.", "Type a command; F1 lists them."),
    "too_long": (
        "Dòng lệnh dài {length} ký tự, nhiều nhất {limit}: rút ngắn, hoặc Esc để xoá.",
        "The line has {length} characters, at most {limit}: shorten it, or Esc to clear it.",
    ),
    "verb": (
        "Không có lệnh “{verb}”. Thử: {near}. F1 xem danh sách.",
        "There is no command “{verb}”. Try: {near}. F1 lists them.",
    ),
    "role": ("“{verb}” là việc của {near}.", "“{verb}” is for: {near}."),
    "nothing_alike": (
        "Không có vụ nào được đề xuất; nêu rõ vụ, ví dụ {syntax}.",
        "No incident is proposed; name one, such as {syntax}.",
    ),
    "usage": ("Còn thiếu: gõ {syntax}.", "Something is missing: type {syntax}."),
    "extra": ("Thừa “{text}”: gõ {syntax}.", "“{text}” is too much: type {syntax}."),
    "closure_which": ("Thông đoạn nào? Đang có: {near}.", "Open which one again? There are: {near}."),
    "closure": (
        "Không có đoạn cấm hay ngập “{text}”. Đang có: {near}.",
        "There is no closure or flood “{text}”. There are: {near}.",
    ),
    "minutes": ("“{text}” phút: từ 1 đến {most}.", "“{text}” minutes: 1 to {most}."),
    "steer_target": (
        "Không rõ “{text}” là bàn, lực lượng hay số máy. Có: {near}.",
        "“{text}” is no position, service or number. There are: {near}.",
    ),
    "steer_whom": (
        "Chưa nói cho ai: gõ {verb} rồi bàn hoặc số máy. Bàn có người: {near}.",
        "To whom? Type {verb} and a position or a number. Manned positions: {near}.",
    ),
    "watch_whom": (
        "Chưa nêu bàn: gõ {verb} rồi mã bàn. Đang nói: {near}.",
        "Which position? Type {verb} and its id. Talking now: {near}.",
    ),
    "take_which": (
        "Chưa nêu bàn: gõ pos rồi mã bàn. Bàn trống: {near}.",
        "Which position? Type pos and its id. Free: {near}.",
    ),
    "listen_or_play": (
        "“nghe” là nghe ghi âm. Nghe bàn {position} đang nói: trưởng ca gõ gs {position}.",
        "“play” is for recordings. To hear {position} talking, a supervisor types listen {position}.",
    ),
    "split": (
        "Vụ đang mở không có cuộc gọi “{text}”. Có: {near}.",
        "The open incident has no call “{text}”. There are: {near}.",
    ),
    "away_why": ("Tạm nghỉ vì sao? Gõ nghi rồi một trong: {near}.", "Away for what? Type away and one of: {near}."),
    "no_incident": (
        "Chưa mở vụ việc nào: thêm số vụ, ví dụ #42.",
        "No incident is open: add its number, such as #42.",
    ),
    "incident": (
        "Không có vụ việc {number}. Mới nhất: {near}.",
        "There is no incident {number}. The newest: {near}.",
    ),
    "nobody_to_call": (
        "Không có ai để gọi lại: không có cuộc gọi nhỡ nào biết số.",
        "There is nobody to call back: no missed call with a known number.",
    ),
    "number": ("“{text}” không phải số điện thoại.", "“{text}” is no telephone number."),
    "missed": ("Không có cuộc gọi nhỡ “{text}”. Có: {near}.", "There is no missed call “{text}”. There are: {near}."),
    "away_reason": ("Lý do “{text}” không có; chọn: {near}.", "There is no reason “{text}”; choose: {near}."),
    "hospital": ("Không rõ bệnh viện “{text}”. Có: {near}.", "Which hospital is “{text}”? There are: {near}."),
    "bed_kind": ("Không có loại giường “{text}”; dùng: {near}.", "There is no kind of bed “{text}”; use: {near}."),
    "premise": (
        "Ghi chú “{text}” không có ở vụ nào đang mở. Có: {near}.",
        "The note “{text}” stands at no open incident. There are: {near}.",
    ),
    "premise_kind": (
        "Không có loại ghi chú “{text}”; dùng: {near}.",
        "There is no kind of note “{text}”; use: {near}.",
    ),
    "premise_place": (
        "Vụ {number} chưa có toạ độ; đặt vị trí trước.",
        "Incident {number} has no coordinates yet; locate it first.",
    ),
    "until_date": ("Hạn “{text}”: viết dạng den:2026-12-31.", "The end “{text}”: write until:2026-12-31."),
    "nobody_waits": (
        "Không có cuộc gọi nào đang chờ bàn của bạn.",
        "No call is waiting for your position.",
    ),
    "others_wait": (
        "Không có cuộc gọi chờ cho lực lượng của bàn bạn; đang chờ: {near}. Muốn nhận thì gõ a và số gọi đến.",
        "No call waits for your position's services; waiting: {near}. To take one, type a and its number.",
    ),
    "call": (
        "Không có cuộc gọi “{text}” đang chờ hay đang nói. Có: {near}.",
        "No live call “{text}”. There are: {near}.",
    ),
    "calls": ("“{text}” hợp với nhiều cuộc gọi: {near}.", "“{text}” fits several calls: {near}."),
    "no_call": ("Bạn không có cuộc gọi nào đang nói.", "You have no call in progress."),
    "unit": (
        "Không có đơn vị “{unit}”. Thử: {near}.",
        "There is no unit “{unit}”. Try: {near}.",
    ),
    "units": ("Chưa nêu đơn vị: gõ ví dụ d A12 C3 #42.", "No unit was named: type for instance d A12 C3 #42."),
    "status": (
        "Không có trạng thái “{status}”. Viết: {near}.",
        "There is no status “{status}”. Write: {near}.",
    ),
    "service": (
        "Không có lực lượng “{service}”. Viết: {near}.",
        "There is no service “{service}”. Write: {near}.",
    ),
    "type": (
        "Không tìm thấy loại vụ việc “{type}”. Thử: {near}.",
        "No incident type matches “{type}”. Try: {near}.",
    ),
    "types": (
        "“{type}” hợp với nhiều loại: {near}. Gõ thêm chữ.",
        "“{type}” fits several types: {near}. Type more of it.",
    ),
    "past_time": (
        "Giờ “{text}” không đọc được: viết {syntax}, giờ đã qua.",
        "“{text}” is no time: write {syntax}, a time that has passed.",
    ),
    "priority": ("Mức ưu tiên là một số từ 1 đến 5.", "The priority is a number from 1 to 5."),
    "place": (
        "Chưa có địa chỉ: gõ @ rồi địa chỉ, hoặc toạ độ như 10.77,106.69.",
        "No place was given: type @ and a place, or coordinates such as 10.77,106.69.",
    ),
    "no_caller_place": (
        "Cuộc gọi của vụ việc này không gửi kèm vị trí: gõ @ rồi địa chỉ.",
        "No call of this incident brought a location: type @ and a place.",
    ),
    "coordinates": (
        "Toạ độ “{text}” không hợp lệ: vĩ độ trước, ví dụ 10.77,106.69.",
        "“{text}” are not coordinates: latitude first, such as 10.77,106.69.",
    ),
    "note": ("Chưa có nội dung: gõ n rồi ghi chú.", "There is no text: type n and the note."),
    "user": (
        "{user} không đăng nhập. Đang trực: {near}.",
        "{user} is not signed in. On duty: {near}.",
    ),
    "station": (
        "Không có đơn vị trú đóng “{station}”. Có: {near}.",
        "There is no station “{station}”. There are: {near}.",
    ),
    "reason": ("Phải ghi lý do ở cuối dòng.", "It needs its reason at the end of the line."),
    "no_undo": (
        "Không có chuyển giao nào của bạn để hoàn tác: chỉ trong {seconds} giây sau khi làm.",
        "There is no reassignment of yours to undo: only within {seconds} seconds.",
    ),
    "position": (
        "Không có bàn trực “{position}”. Thử: {near}.",
        "There is no position “{position}”. Try: {near}.",
    ),
    "disposition": (
        "Chưa nêu kết quả: gõ x rồi một trong: {near}, hoặc lời của bạn.",
        "No disposition: type x and one of: {near}, or words of your own.",
    ),
    "no_text": ("Không có tin nhắn nào đang mở.", "There are no open messages."),
    "which_text": (
        "Có nhiều cuộc nhắn tin: thêm vài số cuối của số gửi, ví dụ 456. Có: {near}.",
        "There are several conversations: add the last digits of the number, such as 456. There are: {near}.",
    ),
    "text": ("Không rõ tin nhắn của “{text}”. Có: {near}.", "Which message is “{text}”? There are: {near}."),
    "no_alarm": ("Không có cảnh báo nào.", "There are no alarms."),
    "alarm": ("Không có cảnh báo số {text}; có {count}.", "There is no alarm {text}; there are {count}."),
    "which_alarm": (
        "Có {count} cảnh báo: gõ cb và số ở bảng. cb 1 là “{near}”.",
        "There are {count} alarms: type alarm and its number. alarm 1 is “{near}”.",
    ),
    "no_recording": ("Cuộc gọi này không có ghi âm.", "This call has no recording."),
    "nothing_proposed": (
        "Vụ việc {incident} không có đơn vị nào được đề xuất thêm; xem nhánh điều động, hoặc d và tên đơn vị.",
        "Nothing more is proposed for incident {incident}; look at its legs, or type d and a unit.",
    ),
    "level": ("Báo động cấp mấy? Gõ {syntax}; từ 1 đến {limit}.", "Which level? Type {syntax}; from 1 to {limit}."),
    "crew": (
        "Không rõ “{text}”: gõ kip rồi đơn vị, và co, khong, hoặc nghi 30 (phút).",
        "“{text}” is not clear: type crew and the unit, and on, off, or rest 30 (minutes).",
    ),
    "choice": ("Không có “{text}”. Viết: {near}.", "There is no “{text}”. Write: {near}."),
    "which_offer": (
        "Đề nghị nào? Nêu đơn vị hoặc trạm đang được hỏi: {near}.",
        "Which offer? Name the unit or station that is being asked: {near}.",
    ),
    "no_offer": (
        "“{text}” không được hỏi gì. Đang được hỏi: {near}.",
        "“{text}” is not being asked. Being asked: {near}.",
    ),
    "decline_why": (
        "Từ chối vì sao? Gõ tc, tên, rồi một trong: {near}, hoặc lời của bạn.",
        "Declined for what? Type decline, the name, and one of: {near}, or words of your own.",
    ),
    "units_at_work": (
        "Vụ việc {incident} còn đơn vị {units}: đóng bằng x, không phải bằng F8.",
        "Incident {incident} still has {units}: close it with x, not with F8.",
    ),
}
