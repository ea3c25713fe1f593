"""SQL: the book of record for people and reports. Rows, queries, migrations, and the locks that order the world."""
