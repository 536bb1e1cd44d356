"""A whole night of dispatch in one process, from one seed: the product's own parts under a simulated clock, network,
store and switch.

Only adapters are replaced: the PostgreSQL behind the journal, the Redis behind its client, the Asterisk behind the
link, and time. A seed decides everything, so the same seed gives the same history to the byte, and one that breaks an
invariant reproduces alone.
"""
