from tests.library.conftest import clock, empty_database, full_database, house, store, world

__all__ = ["clock", "empty_database", "full_database", "house", "store", "world"]
