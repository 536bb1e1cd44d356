"""The daemon's moving parts, on Twisted's asyncio reactor. They know the rules and the ports, never an adapter."""
