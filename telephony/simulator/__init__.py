"""A server that speaks AMI: a model of a small switch with our dialplan, shifts of calls from a seed, recorded streams.

For training, tests and load. It never looks real: its node's name begins with `sim-`, and consoles say so.
"""
