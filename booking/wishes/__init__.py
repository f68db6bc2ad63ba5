"""Wishes: times that a lead asks for where no offered slot suits."""
