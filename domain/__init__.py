"""The pure decision core: money, calendar, facts, case, and the four functions that decide. No clock, no I/O."""
