"""How Kamu is doing: the frozen figures, for whoever runs Kamu and whoever represents the employees."""

from dataclasses import dataclass

from flask import Response

from app import clock
from app.access.guard import needs
from app.access.permissions import Permission
from app.disclosure import words
from app.disclosure.queries import Month, find_launched_on, find_next_count, list_months
from app.web.areas import org_pages
from app.web.here import actor, tenant
from app.web.pages import render

disclosure = org_pages("disclosure", "app.disclosure")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site: people of the directory, and what is shown of them; None is hidden."""

    name: str
    people: int
    wants: int | None
    kamus: int | None


@disclosure.get("/figures")
@needs(Permission.SEE_FIGURES)
def figures() -> Response:
    months = list_months()
    newest = months[0] if months else None
    who = actor()
    return render(
        "disclosure/figures.html",
        title=words.title(newest),
        organisation=tenant().name,
        month=newest,
        facts=words.facts(newest) if newest else [],
        sites=_sites(newest) if newest else [],
        sites_counted_on=newest.sites_counted_on if newest else None,
        months=months,
        launched_on=find_launched_on(),
        next_count=find_next_count(clock.now().date()),
        may_set_rules=who.may(Permission.SET_MATCHING_RULES),
        may_see_set_up=who.may(Permission.SEE_SET_UP),
    )


def _sites(month: Month) -> list[SiteRow]:
    told = month.sites
    rows = [SiteRow(name, people, told["wants"][name], told["kamus"][name]) for name, people in told["people"].items()]
    return sorted(rows, key=lambda row: (not row.name, row.name.casefold())) if len(rows) > 1 else []
