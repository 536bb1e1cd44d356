"""A JSON column that gives back the very text that was put in: what a hash covers must not be parsed and rewritten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, cast
from sqlalchemy.types import UserDefinedType


class JsonText(UserDefinedType[str]):
    """PostgreSQL's ``json`` (not ``jsonb``), as text both ways."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[str]:
        return cast(colexpr, Text)
