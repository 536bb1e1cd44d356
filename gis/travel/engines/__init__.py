"""Routing engines of a site's own, Valhalla or OSRM, behind the same ports as our own roads.

None is asked unless its address is configured, and none is waited for: a hard time limit holds whatever the engine
does, one that failed is left alone for a while, and our own answer stands in its place.
"""
