"""Who does what outside this program: a Protocol for each system, its HTTP implementation, its in-memory fake."""
