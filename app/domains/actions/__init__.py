"""Writes about domains: the organisation's own, and in the control plane what the start host knows of them."""

from app.domains.actions.find_place import ask_where, forget_searches
from app.domains.actions.mirror import forget_domains, mirror_domains
from app.domains.actions.own_domains import add_domain, bind_domain, check_domain, remove_domain

__all__ = [
    "add_domain",
    "ask_where",
    "bind_domain",
    "check_domain",
    "forget_domains",
    "forget_searches",
    "mirror_domains",
    "remove_domain",
]
