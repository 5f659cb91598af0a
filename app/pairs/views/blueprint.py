"""The blueprint of the pair pages."""

from app.web.areas import org_pages

pairs = org_pages("pairs", "app.pairs")
