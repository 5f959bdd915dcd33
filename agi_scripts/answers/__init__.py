"""What the dialplan asks our process, one question a file."""
