"""Between desks: notes, and shifts that are handed over."""
