"""Reading a file of people: pure functions from bytes to a plan, with no database and no pages."""
