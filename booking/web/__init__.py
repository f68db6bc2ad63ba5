"""The audiences at the edge: public pages, the API, and what guards them all."""
