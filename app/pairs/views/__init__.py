"""Pages of the two of a pair."""

from app.pairs.views import ending, page, writing
from app.pairs.views.blueprint import pairs

__all__ = ["ending", "page", "pairs", "writing"]
