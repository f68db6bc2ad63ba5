"""The states: each is a function with the steps that lead there; its name and text name the state.

Whoever adds a page adds its states here, and nowhere else: the tests look at each, and
``make accessibility`` measures them.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.accessibility.visitor import Visitor

    Steps: TypeAlias = Callable[[Visitor], None]

STATES: dict[str, Steps] = {}
"""In the order of a visit."""

MOST_UNKNOWN_LINKS = 30
"""How many links that open nothing a visitor may try in a minute."""

TIME = ".times .time"
SEND = ".details .primary"
numbers = count(1)


def state(steps: Steps) -> Steps:
    """Add a state to the list."""
    STATES[steps.__name__.replace("_", " ")] = steps
    return steps


@state
def start(visitor: Visitor) -> None:
    """Several demos to choose from"""
    visitor.open("/")


@state
def times(visitor: Visitor) -> None:
    """A day and its times"""
    visitor.open("/demo?segment=team")


@state
def details(visitor: Visitor) -> None:
    """A time is chosen, the fields for the details are shown"""
    times(visitor)
    visitor.press(TIME)


@state
def field_faults(visitor: Visitor) -> None:
    """What was filled in cannot be used"""
    details(visitor)
    visitor.page.fill("#name", "Erika Mustermann")
    visitor.page.fill("#email", "erika@kunde")
    visitor.press(SEND)


@state
def taken(visitor: Visitor) -> None:
    """Somebody was faster; other times are offered"""
    visitor.open("/demo?segment=individual")
    wanted = visitor.page.locator(TIME).first.get_attribute("value")
    others = [visitor.another()]
    others[-1].open("/demo?segment=individual")
    while others[-1].page.locator(f"{TIME}[value='{wanted}']").count():
        others[-1].press(f"{TIME}[value='{wanted}']")
        others.append(visitor.another())
        others[-1].open("/demo?segment=individual")
    for other in others:
        other.leave()
    visitor.press(TIME)


@state
def stale_form(visitor: Visitor) -> None:
    """The form lay open for too long"""
    details(visitor)
    fill_in(visitor)
    visitor.page.fill("#email", "erika@kunde.example")
    visitor.page.locator("[name=stamp]").evaluate("field => { field.value = 'old' }")
    visitor.press(SEND)


@state
def nothing_free(visitor: Visitor) -> None:
    """There is no free time at all"""
    visitor.open("/leer")


@state
def wish(visitor: Visitor) -> None:
    """No offered time suits: asking for one"""
    visitor.open("/demo/wish?segment=team")


@state
def wish_faults(visitor: Visitor) -> None:
    """A wished day and the address cannot be used"""
    wish(visitor)
    fill_in(visitor)
    visitor.page.fill("#email", "erika@kunde")
    visitor.page.locator("#on-1").evaluate("day => { day.removeAttribute('min') }")
    visitor.page.fill("#on-1", "2020-01-01")
    visitor.press("main form .primary")


@state
def wished(visitor: Visitor) -> None:
    """The wish has been sent"""
    wish(visitor)
    fill_in(visitor)
    visitor.page.locator("#on-1").evaluate("day => { day.value = day.max }")
    visitor.press("main form .primary")


@state
def received(visitor: Visitor) -> None:
    """A program has filled in the field that nobody sees"""
    details(visitor)
    fill_in(visitor)
    visitor.page.locator("#website").evaluate("field => { field.value = 'https://x.example' }")
    visitor.press(SEND)


@state
def booked(visitor: Visitor) -> None:
    """The demo is booked"""
    details(visitor)
    fill_in(visitor)
    visitor.press(SEND)


@state
def already_booked(visitor: Visitor) -> None:
    """The form was sent again with other details"""
    booked(visitor)
    visitor.page.go_back()
    visitor.page.fill("#name", "Erika M.")
    visitor.press(SEND)


@state
def embedded(visitor: Visitor) -> None:
    """A day and its times, in a company's own website"""
    visitor.open("/embed/demo?segment=team")


@state
def embedded_details(visitor: Visitor) -> None:
    """A time is chosen there, the fields for the details are shown"""
    embedded(visitor)
    visitor.press(TIME)


@state
def embedded_faults(visitor: Visitor) -> None:
    """What was filled in there cannot be used"""
    embedded_details(visitor)
    visitor.page.fill("#name", "Erika Mustermann")
    visitor.page.fill("#email", "erika@kunde")
    visitor.press(SEND)


@state
def embedded_booked(visitor: Visitor) -> None:
    """The demo is booked there"""
    embedded_details(visitor)
    fill_in(visitor)
    visitor.press(SEND)


@state
def address(visitor: Visitor) -> None:
    """A mistyped mail address is to be corrected"""
    booked(visitor)
    visitor.open(f"{visitor.path}/address")


@state
def address_faults(visitor: Visitor) -> None:
    """The new address cannot be used"""
    address(visitor)
    visitor.page.fill("#email", "erika@kunde")
    visitor.press("main form .primary")


@state
def corrected(visitor: Visitor) -> None:
    """The new address has got the invitation"""
    address(visitor)
    visitor.page.fill("#email", f"erika-{next(numbers)}@firma.example")
    visitor.press("main form .primary")


@state
def address_settled(visitor: Visitor) -> None:
    """Ten minutes have passed"""
    visitor.open(f"{visitor.site.settled}/address")


@state
def move(visitor: Visitor) -> None:
    """Looking for another time"""
    booked(visitor)
    visitor.open(f"{visitor.path}/move")


@state
def move_chosen(visitor: Visitor) -> None:
    """Another time is chosen, old and new stand side by side"""
    move(visitor)
    visitor.press(TIME)


@state
def move_refused(visitor: Visitor) -> None:
    """The other time cannot be had"""
    move(visitor)
    visitor.open(f"{visitor.path}?start=2020-01-01T00:00:00Z")


@state
def moved(visitor: Visitor) -> None:
    """The demo is moved"""
    move_chosen(visitor)
    visitor.press(".change .primary")


@state
def cancel(visitor: Visitor) -> None:
    """Asked whether to cancel"""
    booked(visitor)
    visitor.open(f"{visitor.path}/cancel")


@state
def cancel_faults(visitor: Visitor) -> None:
    """The reason is too long"""
    cancel(visitor)
    visitor.page.fill("#reason", "Krank. " * 1000)
    visitor.press(".danger")


@state
def cancelled(visitor: Visitor) -> None:
    """The demo is cancelled"""
    cancel(visitor)
    visitor.press(".danger")


@state
def closed(visitor: Visitor) -> None:
    """What is cancelled cannot be moved"""
    cancelled(visitor)
    visitor.open(f"{visitor.path}/move")


@state
def over(visitor: Visitor) -> None:
    """The demo is over"""
    visitor.open(visitor.site.over)


@state
def too_late(visitor: Visitor) -> None:
    """What is over cannot be cancelled"""
    visitor.open(f"{visitor.site.over}/cancel")


@state
def not_me(visitor: Visitor) -> None:
    """Somebody else may have given this address"""
    visitor.open(visitor.site.strange)


@state
def not_me_done(visitor: Visitor) -> None:
    """Somebody else has given this address, and everything is called off"""
    visitor.open(visitor.site.strange)
    if visitor.page.locator(".danger").count():
        visitor.press(".danger")


@state
def not_found(visitor: Visitor) -> None:
    """There is nothing at this address"""
    visitor.open("/nichts")


@state
def unknown_link(visitor: Visitor) -> None:
    """The link leads to no booking"""
    visitor.open("/b/unbekannt")


@state
def rate_limited(visitor: Visitor) -> None:
    """Asked too often"""
    address = f"{visitor.site.strict}/b/unbekannt"
    for _ in range(MOST_UNKNOWN_LINKS):
        visitor.page.request.get(address)
    visitor.open(address)


@state
def failure(visitor: Visitor) -> None:
    """Something went wrong"""
    visitor.open(f"{visitor.site.broken}/demo")


@state
def unavailable(visitor: Visitor) -> None:
    """The database is away"""
    visitor.open(f"{visitor.site.broken}/b/unbekannt")


def fill_in(visitor: Visitor) -> None:
    """Fill in what must be filled in; nobody has had this address before."""
    visitor.page.fill("#name", "Erika Mustermann")
    visitor.page.fill("#email", f"erika-{next(numbers)}@kunde.example")
