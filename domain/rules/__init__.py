"""Every rule of a lawful cut, letter and call: one small pure function each, by chapter."""
