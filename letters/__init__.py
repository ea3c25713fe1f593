"""Letters: composed from a case and a pack as plain values, worded in files a clerk can edit, set by typst."""
