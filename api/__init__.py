"""The JSON API: thin over casework. It knows HTTP, JSON and keys; it decides nothing."""
