"""Which notes touch a place: an index of our own, in memory."""
