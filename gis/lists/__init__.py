"""Lists that a site brings: stations, units, hospitals, premise notes, out of whatever a spreadsheet writes."""
