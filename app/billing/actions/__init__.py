"""Everything that writes seats and plans."""
