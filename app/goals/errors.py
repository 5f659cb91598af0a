"""Facts about goals."""


class GoalIsClosed(ValueError):
    """The goal was reached or let go; it is opened again before it is followed up."""


class NoKamuToTell(ValueError):
    """A goal is told in the pair it was meant for: that of its owner and their Kamu, live and not on a break."""
