"""The pages on the staff host: one blueprint, filled by the modules of this package."""

from app.support.views import customers, enrolment, passkeys, sign_in
from app.support.views.blueprint import support

__all__ = ["customers", "enrolment", "passkeys", "sign_in", "support"]
