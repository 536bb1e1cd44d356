"""Supervising: promises kept and broken, people and positions, reassignment."""
