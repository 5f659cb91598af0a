"""Reads: `holders` and `offers` of one organisation, `recoveries` of all of them in control."""
