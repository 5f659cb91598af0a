"""Reading tokens, groups and people for the organisation's own directory."""
