"""Counting once a month, and keeping what may be shown. Nothing else reads raw counts of people."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.billing.queries import find_counter_to_change
from app.disclosure.models import FrozenFigure
from app.disclosure.policies.month import Raw, Site, Value, join_shown, tell_matching, tell_pairs, tell_sites
from app.disclosure.policies.showing import LEAST, find_due, raise_only
from app.disclosure.queries import (
    MATCHING,
    ORGANISATION,
    PAIRS,
    SITE,
    SITES,
    Month,
    count_paired,
    find_launched_on,
    has_month,
    list_months,
)
from app.matching.policies.outcome import Basis, find_outcome, leave_out_unknown, list_effects
from app.matching.policies.rules import SWITCHES, Rules
from app.matching.queries.basis import list_sites, read_basis, read_places
from app.matching.queries.gaps import count_gaps, select_known
from app.matching.queries.rules import read_rules
from tenants.models import TenantProgress, new_id
from tenants.outbox import later_in_control
from tenants.unit_of_work import current, session


def freeze_month(*, now: datetime) -> bool:
    """Count the present month and keep its figures, once, when its day has come; tell whether that was done."""
    month = now.date().replace(day=1)
    launched_on = find_launched_on()
    if launched_on is None or now.date() < find_due(month, launched_on) or has_month(month):
        return False
    told = _tell(list_months(), now)
    # Two counts at once wait for each other here, so that one month's figures are of one count.
    find_counter_to_change()
    if has_month(month):
        return False
    for (name, cut), value in told.items():
        _keep(name, cut, month, value, now)
    _report(told[MATCHING, ORGANISATION], month)
    return True


def _tell(months: Sequence[Month], now: datetime) -> dict[tuple[str, str], Value]:
    raw = _count(now)
    k = raise_only(LEAST, months[0].matching["k"] if months else None)
    sites = {name: Site(*counts) for name, counts in list_sites(read_rules(), now=now).items()}
    matching = tell_matching(raw, join_shown([month.matching for month in months]), k)
    return {
        (MATCHING, ORGANISATION): matching,
        (PAIRS, ORGANISATION): tell_pairs(raw, matching, join_shown([month.pairs for month in months]), k),
        (SITES, SITE): tell_sites(sites, matching, [month.sites for month in months], k, now.date()),
    }


def _count(now: datetime) -> Raw:
    rules, basis = read_rules(), leave_out_unknown(read_basis(now=now))
    return Raw(
        people=count_gaps(now=now).known,
        wants=len(basis.kaveris),
        kamus=_count_kamus(rules, basis),
        places_each=read_places(),
        found=len(find_outcome(rules, basis).pairs),
        paired=count_paired(select_known(now)),
        effects=list_effects(rules, basis),
        rules={name: getattr(rules, name) for name in SWITCHES},
    )


def _count_kamus(rules: Rules, basis: Basis) -> int:
    return sum(offer.trained or not rules.only_trained for offer in basis.offers)


def _keep(name: str, cut: str, month: date, value: dict[str, Any], now: datetime) -> None:
    row = insert(FrozenFigure).values(id=new_id(), name=name, cut=cut, month=month, value=value, frozen_at=now)
    session().execute(row.on_conflict_do_nothing(index_elements=["name", "cut", "month"]))


def _report(matching: Value, month: date) -> None:
    """Have the control plane know what Nitor's staff may know of participation."""
    tenant = current().tenant
    if tenant is not None:
        later_in_control(
            "disclosure.record_figures",
            tenant_id=str(tenant.id),
            month=month.isoformat(),
            wants=matching["wants"],
            kamus=matching["kamus"],
        )


def record_figures(*, tenant_id: UUID, month: date, wants: int | None, kamus: int | None) -> None:
    """In the control plane: keep the newest month's participation; None is fewer than five."""
    told = {"month": month.isoformat(), "wants": wants, "kamus": kamus}
    progress = session().get(TenantProgress, tenant_id, with_for_update=True)
    if progress is not None and (progress.figures or {}).get("month", "") <= told["month"]:
        session().execute(update(TenantProgress).where(TenantProgress.tenant_id == tenant_id).values(figures=told))
