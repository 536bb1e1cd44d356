"""What the core does about recordings: sums them up, deletes them in time, lets people listen, makes evidence."""

from __future__ import annotations

from dispatch_core.runtime.recordings.keeper import RecordingKeeper

__all__ = ["RecordingKeeper"]
