"""The commands that let staff members into the console, for an operator who has no access yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from booking import clock
from booking.accounts.details import StaffDetails
from booking.accounts.invite import add_staff
from booking.accounts.links import address_of_link, issue_link
from booking.accounts.models import LinkPurpose
from booking.cli.database_faults import database_faults_told
from booking.db import run_in_transaction
from booking.errors import InvalidFieldsError, NotFoundError
from booking.fields.read import read
from booking.history import SYSTEM
from booking.staff.find import find_staff
from booking.staff.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from booking.staff.models import Staff


@click.command("create-staff")
@click.option("--email", required=True, help="Where mails to them go.")
@click.option("--name", required=True, help="As prospects read it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.HOST.value)
@with_appcontext
def create_staff_command(*, email: str, name: str, role: str) -> None:
    """Add a staff member and print a link that signs them in once, within an hour."""

    def work(session: Session) -> str:
        details = read(StaffDetails, {"email": email, "name": name, "role": role})
        staff = add_staff(details, actor=SYSTEM, now=clock.now(), session=session)
        return _new_link(staff, purpose=LinkPurpose.INVITATION, session=session)

    _print_link(work)


@click.command("sign-in-link")
@click.argument("email")
@with_appcontext
def sign_in_link_command(email: str) -> None:
    """Print a link that signs the staff member with this address in once, within an hour."""

    def work(session: Session) -> str:
        staff = find_staff(email, session=session)
        if staff is None or not staff.active:
            raise click.ClickException(f"Nobody who works here has the address {email}.")
        return _new_link(staff, purpose=LinkPurpose.RESET, session=session)

    _print_link(work)


def _new_link(staff: Staff, *, purpose: LinkPurpose, session: Session) -> str:
    installation = current_app.extensions["installation"]
    link = issue_link(
        staff, purpose=purpose, now=clock.now(), session=session, installation=installation
    )
    return address_of_link(link, installation=installation)


def _print_link(work: Callable[[Session], str]) -> None:
    try:
        with database_faults_told():
            click.echo(run_in_transaction(work))
    except InvalidFieldsError as error:
        faults = ", ".join(f"--{fault.field}: {fault.code}" for fault in error.errors)
        raise click.UsageError(f"{faults}. Nothing was changed.") from error
    except NotFoundError as error:
        raise click.ClickException(
            "There is no company yet; load its setup file first: flask --app wsgi load-setup FILE"
        ) from error
