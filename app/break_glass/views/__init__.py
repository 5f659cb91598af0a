"""One's own passkeys and codes, and the ways in that they open."""

from app.break_glass.views import enrolment, passkey, rescue
from app.break_glass.views.blueprint import break_glass

__all__ = ["break_glass", "enrolment", "passkey", "rescue"]
