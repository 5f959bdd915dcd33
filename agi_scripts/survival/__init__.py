"""What looks after calls when we cannot. Standard library only, nothing of ours: none of our faults can be its own."""
