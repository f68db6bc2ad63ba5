"""A year of a company that gives demos, lived through in minutes by the product's own actions."""
