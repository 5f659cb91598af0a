"""The two blueprints of this part, and what their templates may call."""

from app.web.areas import org_pages, start_pages
from onboarding.words import month_short, weekday_short

sign_up = start_pages("sign_up", "onboarding")
onboarding = org_pages("onboarding", "onboarding")

for word in (month_short, weekday_short):
    onboarding.add_app_template_filter(word)
