"""The thin layer between a case and the world: key, call, classify."""
