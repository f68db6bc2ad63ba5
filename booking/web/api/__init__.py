"""HTTP API v1: JSON in, JSON or RFC 9457 problems out."""
