"""The store in PostgreSQL: the journal, the rows that people query, users, zone sets and the audit."""
