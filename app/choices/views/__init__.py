"""Pages of one's own choices."""

from app.choices.views import choosing, listed, rather_not
from app.choices.views.pages import choices

__all__ = ["choices", "choosing", "listed", "rather_not"]
