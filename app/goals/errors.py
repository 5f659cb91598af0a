"""Facts about goals."""


class GoalIsClosed(ValueError):
    """The goal was reached or let go; it is opened again before it is followed up."""


class NoKamuToTell(ValueError):
    """A goal is told to one's own Kamu, while the two are a pair and not on a break."""
