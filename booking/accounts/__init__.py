"""How staff members prove who they are: passwords, one-time links and sessions."""
