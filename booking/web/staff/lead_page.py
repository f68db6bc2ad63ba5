"""One lead: who, what was booked and wished for, what staff have noted, and what happened when."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import redirect, request

from booking import clock
from booking.bookings.answers import tell_answers
from booking.db import db, run_in_transaction
from booking.errors import InvalidFieldsError
from booking.event_types.find import questions_of
from booking.fields.read import read
from booking.inbox.requests import load_facts_of_leads
from booking.inbox.story import get_visible_lead, tell_story
from booking.leads.notes import NoteDetails, add_note, delete_note
from booking.organisation.find import get_organisation
from booking.web.audience import Audience, is_for
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.staff.console_page import render_console_page
from booking.web.staff.lead_names import STATE_NAMES, WISH_STATE_NAMES
from booking.web.staff.leads_page import blueprint
from booking.web.staff.mail_labels import KIND_NAMES, RECIPIENT_NAMES, STATE_NAMES_OF_ALL
from booking.web.staff.scope import own_id_of_host
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_history_here
from booking.wishes.part_names import PART_NAMES
from booking.wishes.wished_times import WishedTime

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.models import Booking
    from booking.event_types.models import EventType
    from booking.leads.models import Lead
    from booking.wishes.models import Wish


@blueprint.get("/staff/leads/<int:lead_id>")
@is_for(Audience.HOST)
def show_lead(lead_id: int) -> Response:
    """Show the lead: to a host their own part of it, to the others all there is."""
    return _show(lead_id)


@blueprint.post("/staff/leads/<int:lead_id>/notes")
@is_for(Audience.HOST)
def note(lead_id: int) -> AnyResponse:
    """Keep a note."""
    signed_in = get_signed_in()
    try:
        details = read(NoteDetails, request.form.to_dict())
    except InvalidFieldsError as refusal:
        return _show(lead_id, refusal=refusal)
    run_in_transaction(
        lambda session: add_note(
            _open(lead_id, session=session),
            text=details.text,
            staff_id=signed_in.staff_id,
            actor=signed_in.actor,
            now=clock.now(),
            session=session,
        )
    )
    return redirect(page_url("staff_leads.show_lead", lead_id=lead_id, _anchor="notes"), code=303)


@blueprint.post("/staff/leads/<int:lead_id>/notes/<int:note_id>/delete")
@is_for(Audience.HOST)
def delete(lead_id: int, note_id: int) -> AnyResponse:
    """Delete a note of one's own."""
    signed_in = get_signed_in()
    run_in_transaction(
        lambda session: delete_note(
            note_id,
            lead=_open(lead_id, session=session),
            staff_id=signed_in.staff_id,
            actor=signed_in.actor,
            now=clock.now(),
            session=session,
        )
    )
    return redirect(page_url("staff_leads.show_lead", lead_id=lead_id, _anchor="notes"), code=303)


def _open(lead_id: int, *, session: Session) -> Lead:
    return get_visible_lead(lead_id, seen_by=own_id_of_host(get_signed_in()), session=session)


def _show(lead_id: int, *, refusal: InvalidFieldsError | None = None) -> Response:
    session = db.session()
    lead, reader = _open(lead_id, session=session), own_id_of_host(get_signed_in())
    story = tell_story(lead, seen_by=reader, session=session)
    facts = load_facts_of_leads([lead.id], session=session).get(lead.id)
    own = facts and facts.seen_by(reader)
    return render_console_page(
        "staff/lead.html",
        refusal=refusal,
        story=story,
        standing=own and own.standing,
        history=tell_history_here(story.history),
        now=clock.now(),
        named=lambda host_ids: ", ".join(story.staff_names[host_id] for host_id in host_ids),
        answers_of=partial(_answers_of, fallback=get_organisation(session=session).locale),
        read_wished=WishedTime.read,
        part_names=PART_NAMES,
        state_names=STATE_NAMES,
        wish_state_names=WISH_STATE_NAMES,
        kind_names=KIND_NAMES,
        recipient_names=RECIPIENT_NAMES,
        message_state_names=STATE_NAMES_OF_ALL,
        typed=request.form,
    )


def _answers_of(
    told: Booking | Wish, *, event_type: EventType, fallback: str
) -> list[tuple[str, str]]:
    return tell_answers(
        told.answers,
        questions=questions_of(event_type),
        locale=request_locale(),
        fallback=fallback,
    )
