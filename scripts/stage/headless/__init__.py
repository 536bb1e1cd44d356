"""A whole shift without a display: callers over real SIP, three real consoles, everything typed, everything counted."""
