"""The blueprint of this feature's pages."""

from app.web.areas import org_pages

sessions = org_pages("sessions", "app.sessions")
