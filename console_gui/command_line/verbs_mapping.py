"""The map in hand: follow, measure, find, aim, open an incident at a place, the pin, what is there, the legend."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Wrong, wrong
from console_gui.command_line.tokens import Line, target, target_last
from console_gui.command_line.verb import Verb
from console_gui.folding import fold
from console_gui.translations.formats import short

OWN_CALL = frozenset({"call", "goi", "cuoc goi", "cuocgoi"})


def follow(line: Line, context: Context) -> Outcome:
    """``bam A12``, ``bam #42``, ``bam goi``; alone it ends, or begins with what is chosen."""
    if not line.rest:
        return Screen(Act.FOLLOW)
    if fold(line.rest) in OWN_CALL:
        return Screen(Act.FOLLOW, "call") if resolve.own_call(context) is not None else wrong("no_call")
    named = _thing(line.rest, context)
    return named if isinstance(named, Wrong) else Screen(Act.FOLLOW, named)


def measure(line: Line, context: Context) -> Outcome:
    """``do`` by hand, ``do A12 #42`` between two, ``do A12`` to the open incident."""
    words = line.words()
    if not words:
        return Screen(Act.MEASURE)
    if len(words) > 2:
        return wrong("extra", text=" ".join(words[2:]), syntax="do A12 #42")
    if len(words) == 1 and context.current and target(words[0]) is None:
        words.append(f"#{short(context.current).removeprefix('#')}")
    things = []
    for word in words:
        thing = _thing(word, context)
        if isinstance(thing, Wrong):
            return thing
        things.append(thing)
    return Screen(Act.MEASURE, "|".join(things))


def _thing(word: str, context: Context) -> str | Wrong:
    """``incident 2026…`` or ``unit A12``."""
    named = target(word)
    if named is not None:
        incident = resolve.incident(context, named)
        return incident if isinstance(incident, Wrong) else f"incident {incident.id}"
    unit = resolve.unit(context.state, word)
    return unit if isinstance(unit, Wrong) else f"unit {unit.call_sign}"


def find(line: Line, context: Context) -> Outcome:
    return Screen(Act.FIND, line.rest.strip())


def open_at(line: Line, context: Context) -> Outcome:
    """``mo`` where the map aims, ``mo 10.77,106.69``, ``mo 12 Lê Lợi``."""
    return Screen(Act.OPEN_AT, line.rest.strip())


def pin(line: Line, context: Context) -> Outcome:
    _, named = target_last(line.words())
    incident = resolve.incident(context, named)
    return incident if isinstance(incident, Wrong) else Screen(Act.PIN_HERE, incident.id)


def here(line: Line, context: Context) -> Outcome:
    return Screen(Act.HERE)


def aim(line: Line, context: Context) -> Outcome:
    return Screen(Act.CROSS)


def legend(line: Line, context: Context) -> Outcome:
    return Screen(Act.LEGEND)


VERBS: tuple[Verb, ...] = (
    Verb(("tim", "find", "tim kiem"), ("tim CHỮ", "find WORD"),
         ("Tìm trên bản đồ: địa chỉ, đơn vị, vụ việc, trạm, bệnh viện; không có chữ thì xoá dấu",
          "Find on the map: an address, unit, incident, station, hospital; without a word the mark goes"),
         find, arguments=("unit",)),
    Verb(("bam", "follow", "bam theo"), ("bam [A12 | #42 | goi]", "follow [A12 | #42 | call]"),
         ("Bản đồ bám theo đơn vị, vụ việc, cuộc gọi của bàn mình; gõ lại thì thôi",
          "The map follows a unit, an incident, your own call; again: no longer"),
         follow, arguments=("unit",)),
    Verb(("do", "measure", "do duong"), ("do [A12 [#42]]", "measure [A12 [#42]]"),
         ("Đo: bấm từng điểm, hoặc giữa hai nơi; đường chim bay và đường bộ",
          "Measure: click points, or between two places; straight and by road"),
         measure, arguments=("unit",)),
    Verb(("mo", "new", "mo vu"), ("mo [ĐỊA CHỈ | 10.77,106.69]", "new [PLACE | 10.77,106.69]"),
         ("Mở vụ việc tại chỗ bản đồ đang ngắm, hoặc tại địa chỉ",
          "Open an incident where the map aims, or at a place"),
         open_at, arguments=("text",)),
    Verb(("ghim", "pin"), ("ghim [#42]", "pin [#42]"),
         ("Đặt ghim của vụ việc vào chỗ bản đồ đang ngắm; @- trả lại",
          "Put the incident's pin where the map aims; @- takes it back"),
         pin, arguments=("incident",)),
    Verb(("oday", "here", "o day"), ("oday", "here"),
         ("Ở đây là đâu: phường mới, tên cũ, đơn vị gần nhất, và việc làm được ở đó",
          "What is here: ward, former names, nearest units, and what can be done there"), here),
    Verb(("ngam", "aim", "tam ngam"), ("ngam", "aim"),
         ("Tâm ngắm trên bản đồ: mũi tên dời, Space bấm", "A crosshair on the map: arrows move it, Space clicks"), aim),
    Verb(("chugiai", "legend", "chu giai"), ("chugiai", "legend"),
         ("Bật tắt chú giải của bản đồ", "The map's legend on, off again"), legend),
)  # fmt: skip
