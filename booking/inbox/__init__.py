"""Leads as staff look through them: one line a lead, kept in step with what happens to it."""
