"""Who a demo is for: the one question every prospect answers."""

from enum import StrEnum

from booking.templating import N_


class Segment(StrEnum):
    """The two kinds of leads; the values are stored and spoken over the API."""

    INDIVIDUAL = "individual"
    """„für Einzelnutzer“."""
    TEAM = "team"
    """„für Teams und Unternehmen“."""


SEGMENT_NAMES = {Segment.INDIVIDUAL: N_("Individual"), Segment.TEAM: N_("Team")}
"""How staff tell at a glance who is coming; a subject has room for one word."""
