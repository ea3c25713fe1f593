"""What a person at the desk, or a machine with a role, may ask: one function each, and one table of permissions."""
