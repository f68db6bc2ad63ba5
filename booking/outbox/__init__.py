"""Mails, now or later: rows that are claimed, composed, sent and settled."""
