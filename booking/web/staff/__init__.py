"""The console: what staff members see and do."""
