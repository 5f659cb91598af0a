"""Pages of suggestions and questions."""

from app.matching.views import asks, rules, suggestions
from app.matching.views.pages import matching

__all__ = ["asks", "matching", "rules", "suggestions"]
