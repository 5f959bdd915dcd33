"""A company as a parcel: an ordinary zip with sound files and a manifest, out and in again."""

from pbx.library.parcel.exporting import Exported, Exporting
from pbx.library.parcel.importing import Imported, Importing

__all__ = ["Exported", "Exporting", "Imported", "Importing"]
