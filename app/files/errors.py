"""What can be wrong with a file."""


class FileIsTooLarge(Exception):
    """More bytes came than the place for it takes."""

    def __init__(self, most: int) -> None:
        """Keep the cap, in bytes."""
        super().__init__(most)
        self.most = most


class FileIsDamaged(Exception):
    """What was read is not what was stored."""
