"""The map: zones, incidents, units and stations, painted without a network; marked where zones are approximate.

``MapView`` (``console_gui.map.view``) is a plain QWidget: ``show_zones(service, geojson)``, ``show_state(state)``,
``show_services(codes)``, ``show_time(now)``, ``select_incident(id)``, ``set_look(dark)``, ``set_language(code)``,
``look_at(lat, lon)``, ``fit()``; signals ``incident_picked(str)``, ``unit_picked(str)``,
``place_picked(float, float)``. It is being written by its own author: use this interface, do not write another.

``mercator``, ``zone_outlines``, ``marks``, ``crowding``, ``picture``, ``lettering``, ``picking`` and ``telling`` are
without Qt: they decide what stands where and what is said. ``ground``, ``sprites``, ``painting`` and ``furniture`` put
it on the screen.
"""
