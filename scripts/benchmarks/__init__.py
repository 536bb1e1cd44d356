"""Benchmarks: our figure as a ratio to a floor or a peer, measured in interleaved rounds of one run."""
