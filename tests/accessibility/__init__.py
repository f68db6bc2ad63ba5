"""Every page in every state that a prospect may meet, how one gets there, and what is measured."""
