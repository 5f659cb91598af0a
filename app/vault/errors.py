"""Facts about sealed text."""


class CannotOpen(ValueError):
    """The text was sealed for another place, or its key is gone."""
