"""The two blueprints: on an organisation's host and on the staff host."""

from app.web.areas import org_pages

roles = org_pages("roles", "app.roles")
