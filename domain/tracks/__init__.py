"""The tracks of the agenda, a module per chapter: each yields the steps and waits that it knows of."""
