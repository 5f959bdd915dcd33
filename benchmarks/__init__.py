"""Benchmarks: each compares two things, measured alternately in one run, since the machine is shared and never quiet.

`make bench` runs all and prints a table; `python -m benchmarks --readme` puts the last full results into README. A
figure in milliseconds says something about one machine on one day; a ratio says something about the program.
"""
