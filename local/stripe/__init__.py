"""A stand-in for Stripe, local and in tests: the product's real client talks to it, and no money moves."""
