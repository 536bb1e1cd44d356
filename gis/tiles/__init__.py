"""Vector tiles of the streets for the console's map: what of OpenStreetMap is in them, and how they are built."""
