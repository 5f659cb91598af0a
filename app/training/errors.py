"""What can stand in the way of training."""


class NotOffered(ValueError):
    """The organisation has not decided to offer the training."""


class NoHelpNamed(ValueError):
    """Training is offered once the organisation has said where help is."""
