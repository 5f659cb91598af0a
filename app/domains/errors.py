"""What can be refused about domains, each named by its fact."""


class NotADomain(ValueError):
    """A text is not the name of a domain that an organisation can have; `fact` says why."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


class DomainThere(Exception):
    """The organisation has named this domain already."""


class TooManyDomains(Exception):
    """As many domains are named as one organisation may."""


class NoAnswer(Exception):
    """The name servers did not answer, so that nothing is known about a record."""
