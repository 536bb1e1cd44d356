"""The map: zones, incidents, units and stations, painted without a network; marked where zones are approximate.

``MapView`` (``console_gui.map.view``) is a plain QWidget: ``show_zones(service, geojson)``, ``show_state(state)``,
``show_services(codes)``, ``show_time(now)``, ``select_incident(id)``, ``set_look(dark)``, ``set_language(code)``,
``look_at(lat, lon)``, ``fit()``; signals ``incident_picked(str)``, ``unit_picked(str)``, ``crowd_picked(Target)``,
``menu_wanted(float, float)``. ``CityMap`` (``console_gui.map.city_map``) is the one of a workplace: with streets,
layers and what a hand has in it.

``mercator``, ``zone_outlines``, ``marks``, ``cells``, ``picture``, ``lettering``, ``picking`` and ``telling`` are
without Qt: they decide what stands where and what is said. ``ground``, ``sprites``, ``painting`` and ``furniture`` put
it on the screen, ``framed`` in steps.
"""
