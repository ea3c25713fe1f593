"""A second body for the core: a jumped clock and in-memory systems, no Temporal, no SQL, no HTTP."""
