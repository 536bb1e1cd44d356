"""What the core needs from the world, a module per need. Adapters implement these; the runtime knows only these.

All methods that wait are coroutines on the reactor's asyncio loop; none blocks it. Every adapter and its fake pass the
same contract suite (``tests/contracts``).
"""

from __future__ import annotations

from dispatch_core.ports.broadcast import Broadcast, BroadcastDown, StreamEntry
from dispatch_core.ports.callers import NumberPast, PastIncident
from dispatch_core.ports.doors import Clock, Ids
from dispatch_core.ports.geography import (
    Locator,
    MapFile,
    Mover,
    Point,
    Reachable,
    Ring,
    Roads,
    Route,
    Step,
    TravelTimes,
    WardThere,
)
from dispatch_core.ports.journal import (
    Batch,
    CommitUnknown,
    Deposed,
    Entry,
    EntryRejected,
    Journal,
    JournalDown,
    Loaded,
    Outcome,
)
from dispatch_core.ports.recordings import (
    KeptRecording,
    NumberCall,
    RecordingFiles,
    RecordingIndex,
    RecordingUnreadable,
    Sound,
)
from dispatch_core.ports.switchboard import ActionFailed, FactSink, Probed, Switchboard

__all__ = [
    "ActionFailed",
    "Batch",
    "Broadcast",
    "BroadcastDown",
    "Clock",
    "CommitUnknown",
    "Deposed",
    "Entry",
    "EntryRejected",
    "FactSink",
    "Ids",
    "Journal",
    "JournalDown",
    "KeptRecording",
    "Loaded",
    "Locator",
    "MapFile",
    "Mover",
    "NumberCall",
    "NumberPast",
    "Outcome",
    "PastIncident",
    "Point",
    "Probed",
    "Reachable",
    "RecordingFiles",
    "RecordingIndex",
    "RecordingUnreadable",
    "Ring",
    "Roads",
    "Route",
    "Sound",
    "Step",
    "StreamEntry",
    "Switchboard",
    "TravelTimes",
    "WardThere",
]
