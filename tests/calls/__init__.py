"""Calls as people make them: a real Asterisk, real phones, the whole service."""
