"""Reads about closings: `control` of all of them, `notice` of the one that an organisation's own pages tell of."""
