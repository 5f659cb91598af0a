"""Passkeys, whoever holds them: what browsers and authenticators are asked, and what is made of their answers."""
