from enum import StrEnum
from typing import TypeVar

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import needs
from app.access.permissions import Permission
from app.billing.queries import find_standing_in_control
from app.settings import settings
from app.support.queries.customers import (
    PAGE,
    Show,
    Sort,
    count_customers,
    count_customers_in_need,
    get_customer,
    list_customers,
    list_customers_in_need,
)
from app.support.queries.participation import find_participation
from app.support.views import standing, wording
from app.support.views.blueprint import support
from app.web.pages import render

Choice = TypeVar("Choice", bound=StrEnum)


@support.get("/")
@needs(Permission.SEE_CUSTOMERS)
def customers() -> Response:
    now = clock.now()
    search = request.args.get("q", "").strip()[:100]
    show = _choice(Show, "show", Show.ALL)
    sort = _choice(Sort, "sort", Sort.STANDS_STILL)
    page = max(request.args.get("page", 1, type=int), 1)
    return render(
        "support/customers.html",
        customers=list_customers(search=search, show=show, sort=sort, page=page),
        found=count_customers(search=search, show=show),
        total=count_customers(),
        in_need=list_customers_in_need(now),
        in_need_total=count_customers_in_need(now),
        search=search,
        show=show,
        sort=sort,
        page=page,
        per_page=PAGE,
        now=now,
        words=wording,
        base_host=settings().base_host,
    )


@support.get("/customers/<slug>")
@needs(Permission.SEE_CUSTOMERS)
def customer(slug: str) -> Response:
    found = get_customer(slug)
    return render(
        "support/customer.html",
        customer=found,
        seats=standing.seats_and_plan(find_standing_in_control(found.id)),
        taking_part=standing.taking_part(find_participation(found.id)),
        now=clock.now(),
        words=wording,
        base_host=settings().base_host,
    )


def _choice(kind: type[Choice], name: str, default: Choice) -> Choice:
    asked = request.args.get(name)
    return kind(asked) if asked in set(kind) else default
