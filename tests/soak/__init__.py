"""Thousands of calls and a long busy hour, after which nothing may have grown and nothing may be left."""
