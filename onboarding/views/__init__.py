"""Pages from sign-up to launch: `sign_up` on the start host, `onboarding` on an organisation's host."""

from onboarding.views import confirmation, find, launch, set_up, start, welcome
from onboarding.views.areas import onboarding, sign_up

BLUEPRINTS = (sign_up, onboarding)

__all__ = ["BLUEPRINTS", "confirmation", "find", "launch", "onboarding", "set_up", "sign_up", "start", "welcome"]
