"""What the map panel is made of beside the map: streets fetched, layers, closures, pins moved, ways asked for."""
