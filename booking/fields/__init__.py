"""What may stand in one field, whoever types it, and every fault of a form at once."""
