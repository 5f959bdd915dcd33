"""The product's own code, unmodified, is killed at one system call after the other, or told that the disk is full.

`injector` runs a forked child whose system calls on files wait for our word (`seccomp`, `calls`): it may go on, may be
told an error, or may never return. `house` is what the child works on, `operations` what it does, `restart` what the
next process does with what was left, and `whole` what must be true then.
"""
