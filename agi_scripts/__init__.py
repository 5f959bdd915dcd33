"""What the dialplan asks (answers/), and what looks after calls when we cannot (survival/)."""
