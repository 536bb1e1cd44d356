"""From an OpenStreetMap file to all that is made of it: proven readable, built aside, put in force whole."""
