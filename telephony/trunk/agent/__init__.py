"""The agent at a switch's machine: asked in frames on stdin, it looks at the switch's files, tries candidates on a
scratch switch, writes all or none of them, gives the last good ones back, reads the log and restarts the switch.

Guarded here: standard library alone, Python 3.9 and newer, so that one file (`scripts/package-agent`) runs on whatever
a switch's machine has; nothing is written outside the switch's own configuration folder and the folder beside it.
"""
