"""The blueprint of the choices pages."""

from app.web.areas import org_pages

choices = org_pages("choices", "app.choices")
