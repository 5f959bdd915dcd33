from tests.store.fixtures import clock, empty_database, full_database, store, world

__all__ = ["clock", "empty_database", "full_database", "store", "world"]
