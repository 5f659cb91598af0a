"""What stops somebody who comes for the rescue. Each error states the fact."""


class CodeRefused(Exception):
    """No owner with this address has this code left."""
