"""The system's own phrases: what can be said, in Swedish and English, and how the files are made."""
