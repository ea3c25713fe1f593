"""Temporal bodies of the core: they wait, look, act and record; they decide nothing."""
