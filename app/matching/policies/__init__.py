"""Who may be whose Kamu: rules that leave pairs out, wishes that speak for some. Pure."""
