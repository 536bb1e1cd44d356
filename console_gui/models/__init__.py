"""Tables of the state for Qt's views: sorted, updated row by row from small differences, never reset while running."""
