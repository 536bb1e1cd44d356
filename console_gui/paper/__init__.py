"""The board on paper, for the night when everything fails: a worker process writes it, the console stays quick."""
