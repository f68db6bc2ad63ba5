"""Event types that break a rule by now are mended in the console, and refusals lead on."""

from typing import Any

import pytest
from sqlalchemy import select

from booking.event_types.models import EventType
from booking.staff.models import Role
from tests.event_types_at_work import book, read, save
from tests.factories import make_question
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import StaffBrowser, Staffed
from tests.pages import Page


def store(transaction: UnitOfWork, **columns: Any) -> None:
    """Write columns of the one event type, whatever the rules say."""
    with transaction() as session:
        event_type = session.scalars(select(EventType)).one()
        for name, value in columns.items():
            setattr(event_type, name, value)


@pytest.mark.parametrize(
    "case",
    [
        ({"slot_interval_minutes": 3}, "rules", {"slot_interval_minutes": "15"}),
        ({"hold_minutes": 90}, "rules", {"hold_minutes": "10"}),
        ({"title": {"en": "Demo"}}, "texts", {"title.de": "Demo"}),
    ],
)
def test_stored_rule_that_is_refused_by_now_can_be_mended(
    admin: StaffBrowser,
    demo: str,
    transaction: UnitOfWork,
    case: tuple[dict[str, Any], str, dict[str, str]],
) -> None:
    stored, section, typed = case
    book(transaction)
    store(transaction, **stored)

    told = Page.read(save(admin, f"{demo}/{section}", **typed))
    answer = admin.send(f"{demo}/{section}", **told.fields | {"do": "save"})

    assert answer.status_code == 303
    assert read(transaction)[1][-1].facts["changed"] == [next(iter(typed)).partition(".")[0]]


def test_refused_publishing_names_what_is_missing(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    store(transaction, published=False, title={"en": "Demo"})
    version = admin.open(f"{demo}/texts").fields["version"]

    refused = admin.send(f"{demo}/published", version=version, published="on")
    page = Page.read(refused)

    assert refused.status_code == 422
    assert "Titel (Deutsch)" in page.alert
    assert "#title.de" in page.links


def test_stale_publishing_tells_what_has_changed(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    version = admin.open(f"{demo}/texts").fields["version"]
    save(admin, f"{demo}/rules", horizon_days="9")

    refused = admin.send(f"{demo}/published", version=version)

    assert refused.status_code == 409
    assert "admin name hat eine Terminart geändert" in Page.read(refused).text
    assert read(transaction)[0].published


def test_segment_that_is_new_is_asked_what_everybody_is_asked(
    admin: StaffBrowser, demo: str, staffed: Staffed, transaction: UnitOfWork
) -> None:
    everybody = make_question("crm", segments=["individual"])
    store(transaction, segments=["individual"], questions=[everybody])
    weight = {f"hosts.{staffed[Role.HOST].id}.team": "1"}

    save(admin, f"{demo}/hosts", **{"segments.team": "on"}, **weight)

    event_type, _ = read(transaction)
    assert event_type.segments == ["individual", "team"]
    assert event_type.questions == [everybody | {"segments": ["individual", "team"]}]


def test_question_stands_where_it_was_moved_to(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    store(transaction, questions=[make_question(key) for key in "abc"])

    save(admin, f"{demo}/questions", **{"questions.2.position": "1"})

    assert [question["key"] for question in read(transaction)[0].questions] == ["c", "a", "b"]


def test_reminders_of_a_segment_are_told_as_reminders(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    book(transaction)

    page = Page.read(
        save(admin, f"{demo}/reminders", **{"own.team": "on", "reminders_minutes_before.team": "5"})
    )

    assert "Sie ändern: Erinnerungen" in page.text
    assert "Geplante Erinnerungen kommen wie geplant" in page.text
    assert "behalten ihre Zeiten" not in page.text


def test_preview_is_signed_by_one_who_gives_it(
    admin: StaffBrowser, demo: str, staffed: Staffed
) -> None:
    host = staffed[Role.HOST].id
    save(admin, f"{demo}/hosts", **{f"hosts.{host}.individual": ""})

    text = Page.read(save(admin, f"{demo}/texts", do="preview")).text

    assert "manager name" in text
    assert "host name" not in text


@pytest.mark.parametrize("field", ["a.b.c", "segment_rules.nobody.hours.never"])
def test_forged_field_is_no_fault_of_ours(admin: StaffBrowser, demo: str, field: str) -> None:
    answer = save(admin, f"{demo}/rules", **{field: "1", "horizon_days": "never"})

    assert answer.status_code == 422
