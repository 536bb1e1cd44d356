"""Alembic's steps from an empty database to ``db.tables``; ``db.schema`` runs them."""
