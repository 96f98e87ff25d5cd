"""The archive: the ledger's tables in a database, generated from the same schemas.

SQLite embedded, PostgreSQL in production. Nothing is updated in place: a correction is a new version of a
submission, and every earlier version can be read as it was. Every function takes the scope of who asks.
"""
