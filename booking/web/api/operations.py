"""The calls of the API, as far as its models do not say it: paths, statuses, what leads where.

A test holds the table against the routes, so that none is forgotten here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from booking.web.api import answers, requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call."""

    name: str
    method: str
    path: str
    summary: str
    status: int
    answer: type[BaseModel] | None = None
    also: Mapping[int, type[BaseModel]] = field(default_factory=dict)
    """Further answers that are no problem, by status."""
    body: type[BaseModel] | None = None
    body_required: bool = True
    query: type[BaseModel] | None = None
    takes_key: bool = False
    """Whether an Idempotency-Key makes it safe to send twice."""
    problems: tuple[int, ...] = ()
    hands_on: tuple[str, str] | None = None
    """A path parameter of other calls, and where the answer holds its value."""
    leads_to: tuple[str, ...] = ()
    """Names of those calls."""


BOOKING_TOKEN = ("token", "$response.body#/booking/token")

OPERATIONS = (
    Operation(
        name="listEventTypes",
        method="get",
        path="/api/v1/event-types",
        summary="What can be booked",
        status=200,
        answer=answers.EventTypesAnswer,
        hands_on=("slug", "$response.body#/event_types/0/slug"),
        leads_to=("listSlots",),
    ),
    Operation(
        name="listSlots",
        method="get",
        path="/api/v1/event-types/{slug}/slots",
        summary="When it can be booked: starts in [from, to), sorted, at most 92 days",
        status=200,
        answer=answers.SlotsAnswer,
        query=requests.SlotsQuery,
        problems=(404, 422),
    ),
    Operation(
        name="createHold",
        method="post",
        path="/api/v1/holds",
        summary="Hold a slot for a few minutes",
        status=201,
        answer=answers.HoldAnswer,
        body=requests.HoldRequest,
        problems=(404, 409, 413, 415, 422),
        hands_on=("token", "$response.body#/hold/token"),
        leads_to=("releaseHold",),
    ),
    Operation(
        name="releaseHold",
        method="delete",
        path="/api/v1/holds/{token}",
        summary="Let a held slot go",
        status=204,
    ),
    Operation(
        name="createBooking",
        method="post",
        path="/api/v1/bookings",
        summary="Book a slot",
        status=201,
        answer=answers.BookingAnswer,
        body=requests.BookingRequest,
        takes_key=True,
        also={202: answers.ReceivedAnswer},
        problems=(404, 409, 413, 415, 422),
        hands_on=BOOKING_TOKEN,
        leads_to=("getBooking", "rescheduleBooking", "cancelBooking"),
    ),
    Operation(
        name="getBooking",
        method="get",
        path="/api/v1/bookings/{token}",
        summary="A booking as it stands",
        status=200,
        answer=answers.BookingAnswer,
        problems=(404,),
        hands_on=BOOKING_TOKEN,
        leads_to=("rescheduleBooking", "cancelBooking"),
    ),
    Operation(
        name="rescheduleBooking",
        method="post",
        path="/api/v1/bookings/{token}/reschedule",
        summary="Move a booking",
        status=200,
        answer=answers.BookingAnswer,
        body=requests.RescheduleRequest,
        problems=(404, 409, 413, 415, 422),
        hands_on=BOOKING_TOKEN,
        leads_to=("getBooking", "cancelBooking"),
    ),
    Operation(
        name="cancelBooking",
        method="post",
        path="/api/v1/bookings/{token}/cancel",
        summary="Cancel a booking",
        status=200,
        answer=answers.BookingAnswer,
        body=requests.CancelRequest,
        body_required=False,
        problems=(404, 409, 413, 415, 422),
        hands_on=BOOKING_TOKEN,
        leads_to=("getBooking",),
    ),
)
