"""What the dialplan asks (answers/), and what goes on when we are away (survival/)."""
