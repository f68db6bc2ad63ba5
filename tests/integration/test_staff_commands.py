"""The commands that let the first staff members in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.history import HistoryEntry
from booking.staff.models import Role, Staff
from tests.environment import BASE_URL
from tests.factories import make_organisation, make_staff
from tests.fixtures.application import UnitOfWork
from tests.pages import open_page

pytestmark = pytest.mark.usefixtures("clock")


def test_created_admin_gets_a_link_that_opens(
    app: Flask, client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_organisation(session)

    said = app.test_cli_runner().invoke(
        args=["create-staff", "--email", "ada@firma.example", "--name", "Ada", "--role", "admin"]
    )

    with transaction() as session:
        ada = session.scalars(select(Staff)).one()
        entry = session.scalars(select(HistoryEntry)).one()
    assert said.exit_code == 0
    assert "Ada" in open_page(client, said.output.strip().removeprefix(BASE_URL)).text
    assert (ada.email, ada.role, ada.active) == ("ada@firma.example", Role.ADMIN, True)
    assert (entry.actor, entry.action) == ("system", "invited")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--email", "ada@", "--name", ""], "--name: required, --email: email"),
        (["--email", "ANNA@beispiel.example", "--name", "Ada"], "--email: taken"),
        (["--email", "ada@firma.example", "--name", "Ada", "--role", "owner"], "'owner'"),
    ],
)
def test_faulty_options_are_named_and_nothing_is_added(
    app: Flask, transaction: UnitOfWork, arguments: list[str], told: str
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_staff(session, email="anna@beispiel.example")

    said = app.test_cli_runner().invoke(args=["create-staff", *arguments])

    with transaction() as session:
        staff = session.scalars(select(Staff.email)).all()
    assert said.exit_code == 2
    assert told in said.output
    assert staff == ["anna@beispiel.example"]


def test_staff_before_the_company_is_refused_with_what_to_do(
    app: Flask, transaction: UnitOfWork
) -> None:
    said = app.test_cli_runner().invoke(
        args=["create-staff", "--email", "ada@firma.example", "--name", "Ada"]
    )

    with transaction() as session:
        staff = session.scalars(select(Staff)).all()
    assert (said.exit_code, staff) == (1, [])
    assert "load-setup FILE" in said.output


@pytest.mark.parametrize(("active", "exit_code"), [(True, 0), (False, 1)])
def test_link_is_for_those_who_work_here(
    app: Flask, transaction: UnitOfWork, active: bool, exit_code: int
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_staff(session, email="anna@beispiel.example", active=active)

    said = app.test_cli_runner().invoke(args=["sign-in-link", "Anna@beispiel.example"])

    assert said.exit_code == exit_code
    assert said.output.startswith(f"{BASE_URL}/staff/link/") is active
