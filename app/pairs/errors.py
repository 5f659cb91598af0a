"""Facts about pairs. Whoever is told a no sees no difference between the ways in which a pair cannot begin."""


class CannotBegin(ValueError):
    """The pair cannot begin; the kinds below are for the code alone and look alike on every page."""


class KamuIsFull(CannotBegin):
    """The Kamu has no place left, or offers none any more."""


class AlreadyAPair(CannotBegin):
    """The two are a pair already, one way or the other."""


class HasAKamu(CannotBegin):
    """The Kaveri has a Kamu."""


class Vetoed(CannotBegin):
    """One of the two would rather not."""


class NotTakingPart(CannotBegin):
    """One of the two no longer takes part."""


class PairHasEnded(ValueError):
    """The two are no longer a pair."""


class PairIsPaused(ValueError):
    """The two take a break, or rest."""


class PairRests(ValueError):
    """One of the two has no access for now; neither of them can change that here."""


class StillAPair(ValueError):
    """What the two keep together is not shredded while they are a pair."""
