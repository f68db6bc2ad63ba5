"""The calendar side of a meeting: objects of RFC 5545, exchanged as RFC 5546 says."""
