"""The one table of commands: what is typed, what it says in the help sheet, who does it, what follows when typing.

The parser, the completion and the help sheet all read this table and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from console_gui.command_line import (
    tokens,
    verbs_calls,
    verbs_dispatching,
    verbs_duty,
    verbs_incidents,
    verbs_map,
    verbs_offers,
    verbs_places,
    verbs_recordings,
    verbs_screen,
    verbs_steering,
    verbs_surge,
    verbs_texts,
    verbs_units,
)
from console_gui.command_line.outcomes import Context, Outcome, Wrong, wrong
from console_gui.command_line.tokens import Line
from console_gui.folding import fold
from console_gui.limits import LINE_LENGTH
from console_gui.translations.tables import WORDS
from dispatch_core.domain.vocabulary import Role

DESK = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
LEAD = frozenset({Role.SUPERVISOR})
ADMIN = frozenset({Role.TELEPHONY_ADMIN})
ALL = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Verb:
    """``names`` are typed, the first is shown; ``syntax`` and ``help`` are (Vietnamese, English); ``arguments`` are the
    kinds of words that may follow, the last of them again and again; ``key`` is the function key that does the same."""

    names: tuple[str, ...]
    syntax: tuple[str, str]
    help: tuple[str, str]
    parse: Callable[[Line, Context], Outcome]
    roles: frozenset[Role] = DESK
    arguments: tuple[str, ...] = ()
    key: str = ""


VERBS: tuple[Verb, ...] = (
    Verb(("a", "tl", "answer", "tra loi"), ("a [số gọi đến]", "a [number]"),
         ("Trả lời: cuộc gọi chờ lâu nhất của bàn, hoặc cuộc gọi được nêu",
          "Answer: the longest waiting for your position, or the one named"),
         verbs_calls.answer, arguments=("call",), key="F5"),
    Verb(("h", "gm", "hangup", "gac may"), ("h [số gọi đến]", "h [number]"),
         ("Gác máy cuộc gọi của bàn", "Hang up your position's call"),
         verbs_calls.hang_up, arguments=("call",), key="F10"),
    Verb(("giu", "gi", "hold", "onhold", "giu may"), ("giu", "hold"),
         ("Giữ máy: người gọi chờ và nghe tín hiệu, ghi âm vẫn chạy",
          "Hold: the caller waits and hears a tone, recording goes on"),
         verbs_steering.hold, key="Alt+H"),
    Verb(("tiep", "resume", "noi tiep"), ("tiep", "resume"),
         ("Nói tiếp với người gọi đang giữ", "Talk on with the caller on hold"),
         verbs_steering.resume, key="Alt+H"),
    Verb(("mic", "mute"), ("mic", "mute"), ("Tắt, mở mic của bàn mình", "Your microphone off, on again"),
         verbs_steering.microphone, key="Alt+M"),
    Verb(("ch", "transfer", "chuyen", "chuyen may"), ("ch BÀN | 114 | SỐ MÁY", "transfer B02 | 114 | NUMBER"),
         ("Chuyển máy ngay: ch B02, ch pccc, ch 0281234567; không ai nhận thì người gọi về đầu hàng",
          "Transfer at once; a caller whom nobody takes is first in the queue again"),
         verbs_steering.transfer, arguments=("position",)),
    Verb(("hoi", "consult"), ("hoi BÀN | SỐ MÁY", "consult B02 | NUMBER"),
         ("Giữ người gọi và hỏi người khác trước", "Put the caller on hold and ask somebody first"),
         verbs_steering.consult, arguments=("position",)),
    Verb(("noi", "complete"), ("noi", "complete"),
         ("Nối người gọi sang người vừa hỏi, bàn mình rời", "Give the caller to whom you asked; you are off"),
         verbs_steering.complete),
    Verb(("ba", "join"), ("ba", "join"), ("Nói chuyện ba bên với người vừa hỏi", "Talk as three with whom you asked"),
         verbs_steering.join),
    Verb(("ve", "return", "ve lai"), ("ve", "return"), ("Thôi hỏi, về lại với người gọi", "End it, back to the caller"),
         verbs_steering.back),
    Verb(("moi", "invite"), ("moi BÀN | SỐ MÁY", "invite B02 | NUMBER"),
         ("Mời thêm một bàn, cơ quan, phiên dịch vào cuộc gọi", "Ring a position, an agency or an interpreter in"),
         verbs_steering.invite, arguments=("position",)),
    Verb(("roi", "leave"), ("roi", "leave"),
         ("Rời cuộc gọi nhiều bên, người khác nói tiếp", "Leave a conference; the others talk on"),
         verbs_steering.leave),
    Verb(("gs", "listen", "giam sat"), ("gs BÀN", "listen B01"),
         ("Giám sát: nghe một bàn đang nói, không ai nghe thấy mình", "Listen at a position; nobody hears you"),
         verbs_steering.listen, roles=LEAD, arguments=("position",)),
    Verb(("nhac", "whisper"), ("nhac [BÀN]", "whisper [B01]"),
         ("Nhắc riêng cho bàn đó, người gọi không nghe thấy", "Speak to that position alone; the caller hears nothing"),
         verbs_steering.whisper, roles=LEAD, arguments=("position",)),
    Verb(("chen", "barge"), ("chen [BÀN]", "barge [B01]"),
         ("Chen vào cuộc gọi, nói với cả hai", "Come into the call and talk with both"),
         verbs_steering.barge, roles=LEAD, arguments=("position",)),
    Verb(("thoi", "stop", "thoi nghe"), ("thoi", "stop"),
         ("Thôi nghe, nhắc hay chen", "Stop listening, whispering or barging"),
         verbs_steering.stop_watching, roles=LEAD),
    Verb(("#",), ("#42", "#42"), ("Mở vụ việc", "Open an incident"), verbs_screen.show, arguments=("incident",)),
    Verb(("t", "loai", "type"), ("t LOẠI [#42]", "t TYPE [#42]"),
         ("Loại vụ việc, gõ không dấu cũng được: t tngt, t chay nha", "Type of incident, by keyword or name"),
         verbs_incidents.set_type, arguments=("type", "incident"), key="F6"),
    Verb(("p", "ut"), ("p 1…5 [#42]", "p 1…5 [#42]"),
         ("Mức ưu tiên, 1 là gấp nhất", "Priority, 1 is the most urgent"),
         verbs_incidents.set_priority, arguments=("priority", "incident")),
    Verb(("@",), ("@ ĐỊA CHỈ [#42]", "@ PLACE [#42]"),
         ("Địa chỉ: lấy gợi ý đầu tiên; hoặc toạ độ @ 10.77,106.69",
          "Place: takes the first suggestion; or coordinates @ 10.77,106.69"),
         verbs_incidents.locate, arguments=("place",), key="F3"),
    Verb(("@!",), ("@! LỜI [#42]", "@! WORDS [#42]"),
         ("Địa chỉ đúng như lời báo, chưa có toạ độ", "Place in the caller's words, without coordinates"),
         verbs_incidents.locate_in_words, arguments=("place",)),
    Verb(("@@",), ("@@ [#42]", "@@ [#42]"),
         ("Địa chỉ: lấy vị trí thuê bao gửi kèm cuộc gọi", "Place: take the location that came with the call"),
         verbs_incidents.locate_at_caller, arguments=("incident",)),
    Verb(("@-",), ("@- [#42]", "@- [#42]"),
         ("Trả vị trí về chỗ cũ sau khi kéo ghim", "The place of before the pin was moved"),
         verbs_map.undo_place, arguments=("incident",)),
    Verb(("n", "gc", "note"), ("n [#42] GHI CHÚ", "n [#42] TEXT"),
         ("Ghi vào diễn biến", "Add to the narrative"), verbs_incidents.add_note, arguments=("text",), key="F7"),
    Verb(("d", "dieu"), ("d ĐƠN VỊ… [#42] [vì LÝ DO]", "d UNIT… [#42] [because REASON]"),
         ("Điều đơn vị đi: d A12 FE3 #42; khác đề xuất thì thêm vì và lý do",
          "Send units: d A12 FE3 #42; others than proposed: because and the reason"),
         verbs_units.assign, arguments=("unit",)),
    Verb(("dx", "de xuat"), ("dx [LỰC LƯỢNG] [#42]", "dx [SERVICE] [#42]"),
         ("Điều đúng nhóm được đề xuất, của mọi nhánh hay một nhánh",
          "Send the proposed units, of every leg or of one"),
         verbs_dispatching.send_recommended, arguments=("service", "incident"), key="Alt+D"),
    Verb(("dolai", "rank", "do lai"), ("dolai [LỰC LƯỢNG] [#42]", "rank [SERVICE] [#42]"),
         ("Đo lại thời gian tới nơi của các đơn vị", "Measure anew how long the units need"),
         verbs_dispatching.rank_again, arguments=("service", "incident"), key="Alt+R"),
    Verb(("cap", "level", "bao dong"), ("cap 1…5 [#42] [LÝ DO]", "level 1…5 [#42] [REASON]"),
         ("Báo động cấp 2, 3…: mở thêm theo kế hoạch; hạ cấp thì đơn vị đã đi vẫn làm",
          "Greater alarm: opens what the plan adds; lowered again, units at work stay"),
         verbs_dispatching.alarm_level, arguments=("level", "incident"), key="Alt+L"),
    Verb(("vi", "why"), ("vi ĐƠN VỊ LÝ DO [#42]", "why UNIT REASON [#42]"),
         ("Ghi sau vì sao điều đơn vị khác đề xuất", "Give the reason later for a unit that was not proposed"),
         verbs_dispatching.explain, arguments=("unit", "text")),
    Verb(("kip", "crew"), ("kip ĐƠN VỊ co | khong | nghi [PHÚT]", "crew UNIT on | off | rest [MINUTES]"),
         ("Kíp của đơn vị: có kíp, không có kíp, kíp nghỉ", "A unit's crew: there, not there, resting"),
         verbs_dispatching.set_crew, arguments=("unit", "crew")),
    Verb(("st", "tt"), ("/st ĐƠN VỊ TRẠNG THÁI", "/st UNIT STATUS"),
         ("Trạng thái: nhan, di, toi, cho, vien, ve, ss, ngung",
          "Status: ack, enroute, onscene, transport, hospital, return, av, oos"),
         verbs_units.report_status, arguments=("unit", "status")),
    Verb(("r", "rut", "release"), ("r ĐƠN VỊ", "r UNIT"),
         ("Rút đơn vị về, trở lại sẵn sàng", "Release a unit: it is available again"),
         verbs_units.release, arguments=("unit",)),
    Verb(("dn", "offer", "de nghi"), ("dn [114 | TRẠM | ĐƠN VỊ…] [#42]", "offer [114 | STATION | UNIT…] [#42]"),
         ("Đề nghị, có giờ trả lời: trạm của mọi nhánh, một nhánh, một trạm, hay đơn vị; dn 114 xe: xe của nhánh",
          "Ask, on a clock: every leg's station, one leg's, a station or units; offer 114 crew: the leg's crews"),
         verbs_offers.offer, arguments=("unit",)),
    Verb(("nhan", "accept"), ("nhan [ĐƠN VỊ | TRẠM [XE…]]", "accept [UNIT | STATION [UNIT…]]"),
         ("Họ nhận lời: nhan A12; trạm cử xe nào: nhan PS01 C1", "They say yes: accept A12; a station: accept PS01 C1"),
         verbs_offers.accept, arguments=("asked", "unit")),
    Verb(("tc", "decline", "tu choi"), ("tc ĐƠN VỊ | TRẠM LÝ DO", "decline UNIT | STATION REASON"),
         ("Họ từ chối, vì sao; máy hỏi ngay người kế tiếp", "They say no, and why; the next one is asked at once"),
         verbs_offers.decline, arguments=("asked", "no")),
    Verb(("kt", "next", "ke tiep"), ("kt [ĐƠN VỊ | TRẠM]", "next [UNIT | STATION]"),
         ("Không chờ nữa: hỏi người kế tiếp", "Wait no longer: ask the next one"),
         verbs_offers.skip, arguments=("asked",)),
    Verb(("dn-", "offer-", "thu hoi"), ("dn- [ĐƠN VỊ | TRẠM]", "offer- [UNIT | STATION]"),
         ("Thu hồi đề nghị, không hỏi ai thay", "Take an offer back; nobody is asked instead"),
         verbs_offers.withdraw, arguments=("asked",)),
    Verb(("at", "check", "an toan"), ("at ĐƠN VỊ", "check UNIT"),
         ("Kiểm tra an toàn: đã nghe tổ báo ổn", "Safety check: the crew was heard, all is well"),
         verbs_offers.check, arguments=("unit",)),
    Verb(("leg", "nhanh"), ("leg LỰC LƯỢNG [#42]", "leg SERVICE [#42]"),
         ("Mở nhánh điều động: leg 113, leg pccc", "Open a leg: leg 113, leg fire"),
         verbs_incidents.open_leg, arguments=("service", "incident")),
    Verb(("leg-", "nhanh-"), ("leg- LỰC LƯỢNG [#42]", "leg- SERVICE [#42]"),
         ("Đóng nhánh không còn đơn vị", "Close a leg that has no units"),
         verbs_incidents.close_leg, arguments=("service", "incident")),
    Verb(("take", "pt"), ("pt [#42]", "take [#42]"),
         ("Nhận phụ trách vụ việc chưa ai phụ trách", "Take an incident that nobody owns"),
         verbs_incidents.take, arguments=("incident",)),
    Verb(("x", "dong", "close"), ("x KẾT QUẢ [#42]", "x DISPOSITION [#42]"),
         ("Đóng vụ việc, mọi đơn vị được rút về: x đã xử lý", "Close; every unit is freed: x resolved"),
         verbs_incidents.close, arguments=("disposition", "incident")),
    Verb(("xx",), ("xx [#42]", "xx [#42]"),
         ("Không có nội dung: gác máy và đóng; người gọi đã bấm 5 thì xx chac",
          "No content: hang up and close; of a caller who pressed 5: xx sure"),
         verbs_incidents.close_empty, arguments=("incident",), key="F8"),
    Verb(("bv", "hospital", "benh vien"), ("bv [A12 [BỆNH VIỆN | KHOA]]", "hospital [A12 [HOSPITAL | SKILL]]"),
         ("Đưa bệnh nhân đến bệnh viện; chưa nêu thì hiện nơi nào gần, còn giường, nhận khoa đó",
          "Take the patient to a hospital; without one, those that are near, free and capable"),
         verbs_places.take_to, arguments=("unit", "hospital")),
    Verb(("giuong", "beds"), ("giuong H01 [LOẠI] SỐ", "beds H01 [KIND] COUNT"),
         ("Giường trống của bệnh viện: giuong H01 3, giuong H01 icu 0", "A hospital's free beds: beds H01 icu 0"),
         verbs_places.beds, arguments=("hospital", "text")),
    Verb(("nn", "divert", "ngung nhan"), ("nn H01 [PHÚT] LÝ DO", "divert H01 [MINUTES] REASON"),
         ("Bệnh viện ngưng nhận bệnh", "A hospital asks to be spared"),
         verbs_places.divert, arguments=("hospital", "text")),
    Verb(("nn-", "divert-"), ("nn- H01", "divert- H01"),
         ("Bệnh viện nhận lại", "The hospital takes patients again"),
         verbs_places.divert_over, arguments=("hospital",)),
    Verb(("dd", "premise", "dia diem"), ("dd LOẠI [MÉT] LỜI [den:NGÀY]", "premise KIND [METRES] WORDS [until:DATE]"),
         ("Ghi chú cho nơi của vụ đang mở: dd gas 50 kho hoá chất; sửa: dd P7 LỜI",
          "A note about the open incident's place: premise gas 50 chemicals; anew: premise P7 WORDS"),
         verbs_places.write, arguments=("premise_kind", "text")),
    Verb(("dd-", "premise-"), ("dd- P7", "premise- P7"), ("Xoá ghi chú địa điểm", "Remove a premise note"),
         verbs_places.remove, arguments=("text",)),
    Verb(("dd=", "premise="), ("dd= P7", "premise= P7"),
         ("Ghi chú địa điểm: trả lại như trước lần sửa cuối", "A premise note as before its last change"),
         verbs_places.undo, arguments=("text",)),
    Verb(("dct", "moveup", "dieu chuyen"), ("dct A12 AS03", "moveup A12 AS03"),
         ("Điều chuyển trực: đơn vị rảnh sang trực trạm khác", "A free unit covers another station"),
         verbs_places.move_up, roles=LEAD, arguments=("unit", "text")),
    Verb(("dct-", "moveup-"), ("dct- A12", "moveup- A12"), ("Cho đơn vị về trạm nhà", "Back to its own station"),
         verbs_places.send_home, roles=LEAD, arguments=("unit",)),
    Verb(("re", "giao", "chuyen giao"), ("re #42[/115] @NGƯỜI LÝ DO", "re #42[/115] @USER REASON"),
         ("Chuyển giao vụ việc hay nhánh; nhánh còn nhận tram:MÃ hoặc A14<A12",
          "Reassign an incident or a leg; a leg also takes station:ID or A14<A12"),
         verbs_units.reassign, roles=LEAD, arguments=("incident", "user", "text")),
    Verb(("nghe", "play", "nghe lai"), ("nghe [#42 | số] [giây]", "play [#42 | number] [seconds]"),
         ("Nghe ghi âm: 30 giây cuối của cuộc gọi mình, hoặc của vụ việc, số được nêu",
          "Listen: the last 30 s of your own call, or the incident or number named"),
         verbs_recordings.listen, arguments=("incident",), key="Shift+F2"),
    Verb(("ngung", "pause"), ("ngung", "pause"), ("Tạm dừng ghi âm, hoặc nghe tiếp", "Pause the recording, or go on"),
         verbs_recordings.pause, key="Shift+F3"),
    Verb(("nghe-", "play-"), ("nghe-", "play-"), ("Thôi nghe", "Stop listening"),
         verbs_recordings.stop, key="Shift+F4"),
    Verb(("lui", "rewind"), ("lui [giây]", "rewind [seconds]"), ("Lùi lại 5 giây", "Back by 5 seconds"),
         verbs_recordings.back, key="Alt+←"),
    Verb(("luu", "keep"), ("luu #42 LÝ DO", "keep #42 REASON"),
         ("Lưu giữ ghi âm của vụ việc, không xoá khi hết hạn", "Keep an incident's recordings beyond their time"),
         verbs_recordings.hold, roles=LEAD, arguments=("incident", "text")),
    Verb(("luu-", "keep-", "giu-", "hold-"), ("luu- #42 LÝ DO", "keep- #42 REASON"),
         ("Thôi lưu giữ ghi âm", "Release it"),
         verbs_recordings.release, roles=LEAD, arguments=("incident", "text")),
    Verb(("chungcu", "evidence", "chung cu"), ("chungcu SỐ [NGÀY]", "evidence NUMBER [DATE]"),
         ("Xuất chứng cứ các cuộc gọi của một số ra một tệp: chungcu 0912345678 2026-10-01",
          "Export a number's calls and recordings as one file: evidence 0912345678 2026-10-01"),
         verbs_recordings.export, roles=LEAD, arguments=("text",)),
    Verb(("pos", "ban", "nhan ban"), ("pos B01", "pos B01"), ("Nhận bàn trực", "Take a position"),
         verbs_calls.take_position, arguments=("position",), key="F9"),
    Verb(("gl", "goilai", "callback", "goi lai"), ("gl [SỐ | #42]", "gl [NUMBER | #42]"),
         ("Gọi lại: cuộc gọi nhỡ lâu nhất, hoặc số hay vụ việc được nêu",
          "Call back: the oldest missed call, or the number or incident named"),
         verbs_duty.call_back, arguments=("missed",), key="F2"),
    Verb(("xn", "xoanho", "unmiss", "xoa nho"), ("xn SỐ LÝ DO", "xn NUMBER REASON"),
         ("Xoá khỏi danh sách nhỡ, ghi rõ lý do", "Take off the missed list, with the reason"),
         verbs_duty.take_off, arguments=("missed", "text")),
    Verb(("gop", "fold"), ("gop [#43] [#42]", "fold [#43] [#42]"),
         ("Gộp vụ đang mở với vụ được đề xuất, hoặc vào vụ 42: cùng một việc",
          "Fold the open incident with the proposed one, or into 42: the same event"),
         verbs_surge.fold_incident, arguments=("incident",), key="F4"),
    Verb(("bogop", "unfold", "bo gop"), ("bogop [#43]", "unfold [#43]"),
         ("Bỏ gộp: vụ 43 lại là một vụ riêng", "Undo a fold: 43 is an incident of its own again"),
         verbs_surge.unfold_incident, arguments=("incident",), key="Alt+Z"),
    Verb(("khac", "differ", "khac viec"), ("khac [#43] [#42]", "differ [#43] [#42]"),
         ("Không phải cùng việc với vụ được đề xuất: không hỏi ai nữa",
          "Not the same event as the proposed one: nobody is asked again"),
         verbs_surge.not_the_same, arguments=("incident",), key="Alt+K"),
    Verb(("caodiem", "surge", "cao diem"), verbs_surge.SURGE_SYNTAX,
         ("Cao điểm: báo cho người đang chờ là đã biết vụ 42; đang bật thì kéo dài",
          "Surge: tell those who wait that 42 is known; prolongs one that is on"),
         verbs_surge.surge_on, roles=LEAD, arguments=("incident", "text")),
    Verb(("caodiem-", "surge-"), ("caodiem- LÝ DO", "surge- REASON"),
         ("Tắt lời báo cao điểm", "Switch the surge announcement off"),
         verbs_surge.surge_off, roles=LEAD, arguments=("text",)),
    Verb(("tach", "split"), ("tach [SỐ]", "split [NUMBER]"),
         ("Tách cuộc gọi vào nhầm vụ ra một vụ riêng", "Split a call that joined wrongly into its own incident"),
         verbs_duty.split_call, arguments=("text",)),
    Verb(("ready", "ss", "sansang", "san sang"), ("ss", "ready"),
         ("Sẵn sàng nhận cuộc gọi; cũng là xong ghi chép", "Ready for calls; also ends a wrap-up"),
         verbs_duty.be_ready, key="F9"),
    Verb(("nghi", "away", "tam nghi"), ("nghi LÝ DO", "away REASON"),
         ("Tạm nghỉ: giải lao, ăn cơm, …; máy không đổ chuông", "Not ready: break, meal, …; the phone does not ring"),
         verbs_duty.be_not_ready, arguments=("reason",), key="F9"),
    Verb(("pos-", "ban-", "roi ban"), ("pos-", "pos-"), ("Rời bàn trực", "Leave your position"),
         verbs_calls.leave_position),
    Verb(("addpos", "themban"), ('addpos B08 "Bàn 8" LỰC LƯỢNG…', 'addpos B08 "Desk 8" SERVICE…'),
         ("Thêm bàn trực mới vào tổng đài", "Add a position to the switch"),
         verbs_calls.add_position, roles=ADMIN, arguments=("text", "text", "service"), key="F9"),
    Verb(("tn", "text", "tin nhan"), ("tn [SỐ] [LỜI]", "text [NUMBER] [WORDS]"),
         ("Tin nhắn: mở cuộc chờ lâu nhất hay của số này; có lời thì gửi luôn",
          "Texts: open the one that waits longest, or this number's; with words send them"),
         verbs_texts.show, arguments=("text",), key="Ctrl+T"),
    Verb(("tn+", "text+"), ("tn+ [SỐ]", "text+ [NUMBER]"),
         ("Mở vụ việc từ tin nhắn", "Open an incident for a text"), verbs_texts.open_incident, arguments=("text",)),
    Verb(("tn=", "text="), ("tn= [SỐ] [#42]", "text= [NUMBER] [#42]"),
         ("Gắn tin nhắn vào vụ việc", "The text is about this incident"), verbs_texts.link,
         arguments=("text", "incident")),
    Verb(("tn!", "text!"), ("tn! [SỐ]", "text! [NUMBER]"),
         ("Nhận trả lời cuộc nhắn tin", "Take a conversation"), verbs_texts.take, arguments=("text",)),
    Verb(("tn-", "text-"), ("tn- [SỐ]", "text- [NUMBER]"),
         ("Đóng cuộc nhắn tin", "Close a conversation"), verbs_texts.close, arguments=("text",)),
    Verb(("im", "silent"), ("im [số gọi đến]", "silent [number]"),
         ("Người gọi im lặng: phát lời nhắc bấm 5, chỉ người gọi nghe",
          "A silent caller: ask to press 5; only the caller hears it"),
         verbs_texts.prompt, arguments=("call",), key="Ctrl+5"),
    Verb(("qr", "behind"), ("qr [#42] LÝ DO", "behind [#42] REASON"),
         ("Số này hay gọi phá: xếp sau người khác, không bao giờ chặn",
          "A nuisance number: it waits behind others, and is never blocked"),
         verbs_texts.put_behind, roles=LEAD, arguments=("incident", "text")),
    Verb(("qr-", "behind-"), ("qr- [#42] LÝ DO", "behind- [#42] REASON"),
         ("Không xếp sau nữa", "It waits like everybody again"),
         verbs_texts.lift, roles=LEAD, arguments=("incident", "text")),
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
    Verb(("?", "help"), ("?", "?"), ("Trang này", "This sheet"), verbs_screen.show_help, roles=ALL, key="F1"),
    Verb(("quit", "out", "thoat"), ("quit", "quit"), ("Đăng xuất và thoát", "Sign out and quit"),
         verbs_calls.sign_out, roles=ALL),
)  # fmt: skip

BY_NAME: dict[str, Verb] = {fold(name): verb for verb in VERBS for name in verb.names}


def read(text: str) -> Line:
    """The line in its parts. A verb of two words ("trả lời", "nói tiếp") goes before one that is its first word."""
    line = tokens.read(text)
    second, _, rest = line.rest.partition(" ")
    both = f"{line.verb} {fold(second)}"
    return Line(both, rest.strip()) if both in BY_NAME else line


def parse(text: str, context: Context) -> Outcome:
    """What a typed line means. Never raises; the core still decides whether it may be done."""
    if not text.strip():
        return wrong("empty")
    if len(text) > LINE_LENGTH:
        return wrong("too_long", length=len(text), limit=LINE_LENGTH)
    line = read(text)
    if not line.verb:
        return wrong("empty")
    verb = BY_NAME.get(line.verb)
    if verb is None:
        return wrong("verb", verb=line.verb, near=", ".join(_near(line.verb, context.role)))
    outcome = verb.parse(line, context)
    if isinstance(outcome, Wrong) and context.role not in verb.roles:
        return wrong("role", verb=line.verb, near=tuple(_who(verb.roles, which) for which in (0, 1)))
    return outcome


def _near(word: str, role: Role) -> list[str]:
    """Commands of this role that read like the word, else its first ones."""
    own = [fold(name) for verb in offered(role) for name in verb.names]
    return get_close_matches(word, own, 3, 0.4) or [verb.names[0] for verb in offered(role)][:5]


def _who(roles: frozenset[Role], which: int) -> str:
    return ", ".join(WORDS[f"role.{role.value}"][which] for role in sorted(roles))


def offered(role: Role) -> list[Verb]:
    """The commands that a person of this role may give, in the order of the help sheet."""
    return [verb for verb in VERBS if role in verb.roles]


SUBJECTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("help.calls", ("a", "h", "giu", "tiep", "mic", "ch", "hoi", "noi", "ba", "ve", "moi", "roi", "im")),
    ("help.missed", ("gl", "xn")),
    ("help.texts", ("tn", "tn+", "tn=", "tn!", "tn-")),
    ("help.seat", ("pos", "pos-", "ready", "nghi")),
    ("help.leading", (
        "gs", "nhac", "chen", "thoi", "re", "dct", "dct-", "caodiem", "caodiem-", "qr", "qr-", "luu", "luu-", "chungcu",
    )),
    ("help.incident",
     ("#", "t", "p", "@", "@!", "@@", "@-", "n", "take", "gop", "bogop", "khac", "tach", "x", "xx")),
    ("help.units", (
        "dx", "d", "vi", "dolai", "cap", "st", "r", "kip", "leg", "leg-", "/", "map", "chan", "ngap", "thong", "duong",
        "tam", "lop",
    )),
    ("help.handshake", ("dn", "nhan", "tc", "kt", "dn-", "at")),
    ("help.places", ("dd", "dd-", "dd=", "bv", "giuong", "nn", "nn-")),
    ("help.recordings", ("nghe", "ngung", "nghe-", "lui")),
    ("help.system", ("alarm", "addpos", "lang", "theme", "?", "quit")),
)
"""The sheet's headings, and under each the first names of its commands."""


def by_subject(role: Role) -> list[tuple[str, list[Verb]]]:
    """What a person of this role may give, heading by heading."""
    own = set(offered(role))
    return [(key, [verb for name in names if (verb := BY_NAME[fold(name)]) in own]) for key, names in SUBJECTS]
