"""Facts about what people take along."""


class FileLinkEnded(ValueError):
    """The link to one's own file was used, or its time is over."""
