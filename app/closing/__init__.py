"""Closing an organisation for good: told first, thirty days of grace, two approvals, receipts, nothing left."""
