"""What free units reach in time, where a hole has opened, and which move-up would close it."""
