"""The blueprint of the matching pages."""

from app.web.areas import org_pages

matching = org_pages("matching", "app.matching")
