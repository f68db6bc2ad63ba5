"""The staff: who there is, who has which role, and a way to invite more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request
from pydantic import BaseModel
from sqlalchemy import select

from booking import clock
from booking.accounts.change_access import (
    LastAdminError,
    StaleAccessError,
    access_versions,
    change_access,
)
from booking.accounts.details import StaffDetails
from booking.accounts.invite import add_staff, mail_link
from booking.accounts.models import LinkPurpose, Password
from booking.db import db, run_in_transaction
from booking.errors import InvalidFieldsError, NotFoundError
from booking.fields.read import read
from booking.staff.find import get_staff
from booking.staff.models import Role, Staff
from booking.web.audience import Audience, is_for
from booking.web.current import current_installation
from booking.web.page import page_url
from booking.web.staff.console_page import render_console_page
from booking.web.staff.shown_version import shown_version
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError

blueprint = Blueprint("staff_team", __name__)


class Access(BaseModel):
    """What somebody may do from now on."""

    role: Role
    active: bool = False
    """A box that is not ticked is not sent."""


@blueprint.get("/staff/team")
@is_for(Audience.ADMIN)
def show_team() -> Response:
    """List the staff members, those who have left at the end."""
    return _show()


@blueprint.post("/staff/team")
@is_for(Audience.ADMIN)
def invite() -> AnyResponse:
    """Add somebody and mail them a link; an address that is known already is refused."""
    actor = get_signed_in().actor

    def work(session: Session) -> None:
        staff = add_staff(details, actor=actor, now=clock.now(), session=session)
        _mail_invitation(staff, session=session)

    try:
        details = read(StaffDetails, request.form.to_dict())
        run_in_transaction(work)
    except InvalidFieldsError as refusal:
        return _show(refusal)
    return redirect(page_url("staff_team.show_team", done="invited"), code=303)


@blueprint.post("/staff/team/<int:staff_id>/invite")
@is_for(Audience.ADMIN)
def invite_again(staff_id: int) -> AnyResponse:
    """Mail somebody who cannot get in a new link."""

    def work(session: Session) -> None:
        staff = get_staff(staff_id, session=session)
        if not staff.active:
            raise NotFoundError
        _mail_invitation(staff, session=session)

    run_in_transaction(work)
    return redirect(page_url("staff_team.show_team", done="invited"), code=303)


@blueprint.post("/staff/team/<int:staff_id>/access")
@is_for(Audience.ADMIN)
def change(staff_id: int) -> AnyResponse:
    """Change somebody's role, or whether they still work here."""
    actor = get_signed_in().actor

    def work(session: Session) -> None:
        change_access(
            get_staff(staff_id, session=session),
            role=access.role,
            active=access.active,
            version=shown_version(),
            actor=actor,
            now=clock.now(),
            session=session,
        )

    try:
        access = read(Access, request.form.to_dict())
        run_in_transaction(work)
    except (InvalidFieldsError, LastAdminError, StaleAccessError) as refusal:
        return _show(refusal)
    return redirect(page_url("staff_team.show_team", done="changed"), code=303)


def _mail_invitation(staff: Staff, *, session: Session) -> None:
    mail_link(
        staff,
        purpose=LinkPurpose.INVITATION,
        now=clock.now(),
        session=session,
        installation=current_installation(),
    )


def _show(refusal: BookingError | None = None) -> Response:
    session = db.session()
    members = session.execute(
        select(Staff, Password.changed_at)
        .outerjoin(Password, Password.staff_id == Staff.id)
        .order_by(Staff.active.desc(), Staff.name, Staff.id)
    ).all()
    return render_console_page(
        "staff/team.html",
        refusal=refusal,
        members=members,
        versions=access_versions((staff.id for staff, _ in members), session=session),
        done=request.args.get("done"),
        typed=request.form,
    )
