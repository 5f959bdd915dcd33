"""What is true without a call in progress."""
