"""Facts about accounts."""


class AccountExists(ValueError):
    """An account with this e-mail address is there already."""
