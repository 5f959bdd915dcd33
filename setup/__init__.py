"""Makes a machine ready: system packages, Python packages, Asterisk, the system's phrases. Standard library only.

`python3 -m setup run|test|check`; what is there already is not done again.
"""
