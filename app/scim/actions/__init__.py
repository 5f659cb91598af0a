"""What happens to tokens and groups of the organisation's own directory."""

from app.scim.actions.groups import delete_group, keep_group
from app.scim.actions.roles import apply_roles, map_group
from app.scim.actions.tokens import make_token, revoke_token

__all__ = ["apply_roles", "delete_group", "keep_group", "make_token", "map_group", "revoke_token"]
