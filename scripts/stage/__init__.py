"""The private stage on which a checkout runs: packages, virtual environment, PostgreSQL, Redis and Asterisk.

Everything that is started here listens on loopback or on unix sockets, keeps its data under `var/` (or where
`DISPATCH_VAR` says), belongs to this checkout alone and leaves the system's own services as they are.
Modules that run before the virtual environment exists use the standard library only.
"""
