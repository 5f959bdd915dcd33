"""Pure rules: no input, no output; `now` is an argument and an answer carries its reason."""
