"""Dispatching: the board of incidents, the units, the legs of an incident and its narrative."""
