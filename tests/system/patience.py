"""How long a test waits for something to happen, where that time judges nothing: only a failing test takes so long."""

PATIENCE = 30.0  # seconds
