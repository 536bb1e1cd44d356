"""Every limit of the console in one place: sizes, waits, retries. Seconds unless the name says otherwise."""

from __future__ import annotations

READ_COUNT = 2_000
"""Entries of one stream taken by one read."""

READ_BLOCK_S = 0.25
"""How long one read waits. Pulses come every 0.5 s, so a silent read says nothing yet."""

REDIS_CONNECT_S = 2.0
REDIS_ANSWER_S = 2.5
"""Longer than a blocking read, shorter than ``STALE_S``: a Redis that stopped answering is noticed in time."""

BACKOFF_FIRST_S = 0.1
BACKOFF_MOST_S = 2.0

SNAPSHOT_AGAIN_S = 0.5
"""Between two looks for a newer snapshot; the core writes one every 5 s while there are changes."""

PROOF_SLICE_S, PROOF_READ_S = 0.002, 0.001
"""While a checksum is compared: so long at it, and so long at reading, by turns."""

COALESCE_S = 0.08
"""Changes that are not urgent reach the screen twelve times a second at most: with what it takes to show them, the
slowest of a hundred is there in 150 ms."""

REPLY_HELD_S = 1.0
"""An accepted reply waits this long at most for its events to be on the screen."""

STALE_S = 3.0
"""Without a pulse for this long the screen says that it is stale."""

DROPPED_KEPT = 20
"""Messages about unreadable bytes that are kept to be shown."""

LIVE_VALUES = 5_000
"""Different last values (trunks, phones, queues) that are kept; more are dropped and said."""

PENDING_MOST = 200
"""Commands without a reply; further ones are not taken until the core answers."""

KEPT_ORDERS_BYTES = 16 * 1024 * 1024
"""Of the file of commands without a reply that is read: twice what ``PENDING_MOST`` of the longest ones take."""

HICCUP_S = 2.0
"""A connection that is back sooner is no event: what was given meanwhile goes out as if nothing had been."""

RESEND_FIRST_S = 3.0
RESEND_MOST_S = 30.0

CORE_CONNECT_S = 5.0
CORE_ANSWER_BYTES = 64 * 1024 * 1024
"""The largest answer over HTTPS: a zone set with full outlines is about 10 MB."""

SOUND_FEED_S = 0.04
SOUND_AHEAD_S = 8.0
"""Sound that is fetched before it is needed."""

SOUND_PART_S = 16.0
SOUND_FOLLOW_S = 0.5
"""Between two looks whether a recording that still grows has more."""

SUGGEST_AFTER_S = 0.12
"""Typing pauses this long before the address search is asked."""

SUGGESTIONS = 8
SUGGEST_ROUTE_S = 4.0
"""A typed place that found no answer in this time is refused, and stays in the line."""

MAP_REFRESH_S = 0.2
"""The map shows changes five times a second at most."""

MAP_SHARE = 0.08
MAP_OLDEST_S = 1.0
"""And so seldom that making it ready takes no larger share of the screen's thread; but never less than once in this."""

POSITION_FRESH_S = 60
"""A unit's position that is older than this is shown as old, with its age. Vehicles report every 10 s or so; when one
counts as lost is the site's own limit (``[recommending] stale_s``)."""

HISTORY_LINES = 500
NOTICES_KEPT = 200
DRAFT_SAVE_S = 0.3
DRAFT_LENGTH = 4_000
LINE_LENGTH = 4_200
LAYOUT_SAVE_S = 0.4

PAPER_MINUTES = 5
PAPER_MINUTES_MOST = 60
"""The board prints itself to a file every so many minutes; a person may choose another number."""

PAPER_FIRST_S = 30.0
PAPER_WITHIN_S = 120.0
"""A sheet that takes longer has failed."""

PAPER_KEPT = 24
PAPER_BYTES = 200 * 1024 * 1024
"""So many sheets stay on disk, and no more than this of them."""

FIELD_LENGTH = 8_000
"""Characters of any field that has no smaller limit of its own: the longest that the core takes, twice."""
