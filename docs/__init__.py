"""What a newcomer reads; `python -m docs.generate` draws from the code what would go stale if it were written."""
