"""Acceptance runs: scenarios against the real system, a row each, judged by what was seen."""
