"""Names that the front and a page share."""

LANGUAGE = "vaxel-language"
"""The cookie with the language of a browser in which nobody has signed in yet."""
