"""The blueprint of the people pages."""

from app.web.areas import org_pages

people = org_pages("people", "app.people")
