"""The blueprint of one's own page."""

from app.web.areas import org_pages

rights = org_pages("rights", "app.rights")
