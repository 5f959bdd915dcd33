"""Modules that are loaded when they are wanted."""

import gc
from importlib import import_module
from types import ModuleType


def load(name: str) -> ModuleType:
    """Without the collector, which would look again and again at what modules make, and find all of it in use: a tenth
    of the time."""
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.enable()
