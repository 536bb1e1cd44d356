"""What is carried by the pointer: a unit, an incident or a leg, from a board or the map to where it is to go."""
