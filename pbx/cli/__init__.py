"""`vaxel`: tables for people, --json for programs, exit codes that mean something.

0 done, 1 refused or not saved, 2 wrong words on the command line.
"""
