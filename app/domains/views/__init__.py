"""The page of an organisation's e-mail domains."""

from app.domains.views.own import domains

__all__ = ["domains"]
