"""What can be wrong with a token or a group."""


class TooManyTokens(Exception):
    """Two tokens live already; one must be revoked first."""


class RoleIsNotForGroups(Exception):
    """No group gives this role."""
