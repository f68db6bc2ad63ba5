"""Pictures of the running product for the documentation: `make screenshots`."""
