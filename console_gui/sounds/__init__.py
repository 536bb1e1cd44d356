"""Sounds: made here, played by one device, and each with its twin on the screen."""
