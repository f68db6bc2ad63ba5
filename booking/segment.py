"""Who a demo is for: the one question every prospect answers."""

from enum import StrEnum


class Segment(StrEnum):
    """The two kinds of leads; the values are stored and spoken over the API."""

    INDIVIDUAL = "individual"
    """„für Einzelnutzer“."""
    TEAM = "team"
    """„für Teams und Unternehmen“."""
