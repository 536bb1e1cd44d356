from tests.console.map.streets import archive

__all__ = ["archive"]
