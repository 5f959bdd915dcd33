"""Whole stories, from the first dialled digit to what the next caller hears."""
