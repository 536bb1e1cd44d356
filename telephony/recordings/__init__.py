"""Recordings as Asterisk leaves them on disk: found by node and file, read while they still grow, summed, removed."""

from __future__ import annotations

from telephony.recordings.folders import RecordingFolders

__all__ = ["RecordingFolders"]
