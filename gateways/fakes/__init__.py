"""How do the other systems behave? Plain Python: no HTTP, no threads, business time set by the driver."""
