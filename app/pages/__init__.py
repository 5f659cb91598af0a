"""Pages that say how things are: who can see what, accessibility, help; and the choice of language."""
