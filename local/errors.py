"""What can go wrong on a developer's machine, told in one sentence."""


class LocalError(Exception):
    """Something outside the program stands in the way; the message is one sentence that says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
