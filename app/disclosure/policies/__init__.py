"""What may be shown of counts of people, and how a month's figures are put together from it. Pure."""
