"""The dialplan, a module for each thing that happens to a call; `telephony.trunk.files.extensions_conf` joins them.

What a caller can reach is `arrival` and `messages`, and both have only the exact service numbers as
extensions. Nothing here waits for software of ours.
"""
