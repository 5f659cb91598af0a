"""Facts about asking. A page says the same sentence for each that could tell one person about another."""


class AlreadyAsked(ValueError):
    """The Kaveri waits for an answer already; one question at a time."""


class NotSuggested(ValueError):
    """The person is not among the Kaveri's suggestions, for whatever reason."""


class AskIsOver(ValueError):
    """The question can no longer be answered: taken back, over, or answered before."""
