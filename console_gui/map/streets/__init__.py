"""The streets beneath the map: vector tiles from an archive, painted by a process of its own.

``archive`` and ``tile`` read what the core gave, ``palette`` and ``tile_painter`` paint it, ``naming``, ``lettering``
put names along streets; all of these run in the ``worker`` process. ``messages`` is what goes between the two;
``workshop`` keeps the process alive from the console's side; ``tile_shelf`` keeps what it painted; ``layer`` is what
the map widget draws. ``library`` brings archives from the core and keeps them on disk.

Guards: bytes from outside are read in the worker alone, within limits; whatever happens to it, the map goes on with
outlines and says so.
"""
