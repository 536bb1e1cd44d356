"""Who serves a place: zone files, the gate that they pass, published sets and the lookup."""
