"""A second program that looks over the record: chain, numbers, date sums, certificates. It shares no rule code."""
