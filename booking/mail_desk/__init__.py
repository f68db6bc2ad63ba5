"""What staff see of the outbox, and what they decide about its mails."""
