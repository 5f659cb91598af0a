"""Roles: who holds which, invitations to them, handing the ownership over, and finding an owner who was lost."""
