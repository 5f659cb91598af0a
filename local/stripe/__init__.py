"""A stand-in for Stripe on a developer's machine and in tests: the product's real client talks to it. No money moves."""
