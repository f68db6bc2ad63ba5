"""The setup file: what an operator writes about organisation, staff and event types."""
