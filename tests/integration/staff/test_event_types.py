"""The editor of event types: the rules of a setup file, each fault at its field, nothing lost."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Engine, delete, select
from time_machine import Traveller

from booking.event_types.models import EventType, PoolMember, SegmentRule
from booking.segment import Segment
from booking.staff.models import Role, Staff
from tests.event_types_at_work import LIST, book, pool, read, rule_of_team, save
from tests.factories import (
    make_event_type,
    make_pool_member,
    make_question,
    make_segment_rule,
    make_staff,
)
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, StaffBrowser, Staffed
from tests.pages import Page
from tests.statements import statements_on


@pytest.mark.parametrize("section", ["texts", "rules", "hosts", "questions", "reminders"])
def test_section_that_is_sent_as_it_was_shown_changes_nothing(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork, section: str
) -> None:
    with transaction() as session:
        event_type = session.scalars(select(EventType)).one()
        event_type.agenda = [{"de": "Preise", "en": "Prices"}]
        event_type.questions = [
            make_question("crm", segments=["team"]),
            make_question(
                "size",
                kind="choice",
                options=[
                    {"value": "s", "label": {"de": "Klein", "en": "Small"}},
                    {"value": "l", "label": {"de": "Groß", "en": "Large"}},
                ],
            ),
        ]
        make_segment_rule(
            session,
            event_type=event_type,
            segment=Segment.TEAM,
            hours=[[1, 540, 720], [1, 780, 1020], [4, 1320, 1560]],
            max_per_day=0,
            reminders_minutes_before=[],
        )
    book(transaction)

    answer = save(admin, f"{demo}/{section}")

    assert answer.location == f"{demo}/{section}?done=saved"
    assert read(transaction)[1] == []


def test_rules_are_saved_and_kept_with_what_was_there_before(
    admin: StaffBrowser, staffed: Staffed, demo: str, transaction: UnitOfWork
) -> None:
    answer = save(
        admin,
        f"{demo}/rules",
        duration_minutes="45",
        prefer_known_host="on",
        **{
            "segment_rules.team.max_per_day": "2",
            "segment_rules.team.hours.tue": "9:00-12:00, 22:00 – 02:00",
        },
    )

    event_type, (entry,) = read(transaction)
    assert answer.location == f"{demo}/rules?done=saved"
    assert (event_type.duration_minutes, event_type.prefer_known_host) == (45, True)
    assert rule_of_team(transaction) == {
        "hours": [[1, 540, 720], [1, 1320, 1560]],
        "minimum_notice_minutes": None,
        "max_per_day": 2,
        "max_per_week": None,
        "reminders_minutes_before": None,
    }
    assert (entry.action, entry.actor, entry.facts) == (
        "event_type_changed",
        f"staff:{staffed[Role.ADMIN].id}",
        {
            "changed": ["duration_minutes", "prefer_known_host", "segment_rules"],
            "before": {"duration_minutes": 30, "prefer_known_host": False},
            "after": {"duration_minutes": 45, "prefer_known_host": True},
        },
    )
    log = admin.open("/staff/audit?locale=de")
    assert "Dauer in Minuten: 30 → 45" in log.text
    assert "bekannt ist, kommt zuerst wieder zum selben Gastgeber: nein → ja" in log.text
    assert f"{demo}/texts?locale=de" in log.links


def test_reminders_of_a_segment_are_its_own_even_if_there_are_none(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    save(admin, f"{demo}/reminders", reminders_minutes_before="60,1440", **{"own.team": "on"})

    event_type, _ = read(transaction)
    assert event_type.reminders_minutes_before == [60, 1440]
    assert rule_of_team(transaction)["reminders_minutes_before"] == []
    page = admin.open(f"{demo}/reminders")
    page.fields.pop("own.team")
    admin.send(f"{demo}/reminders", **page.fields, do="check")
    with transaction() as session:
        assert session.scalars(select(SegmentRule)).all() == []


def test_pools_are_saved_with_their_weights(
    admin: StaffBrowser, staffed: Staffed, demo: str, transaction: UnitOfWork
) -> None:
    host, manager = staffed[Role.HOST].id, staffed[Role.MANAGER].id

    save(
        admin,
        f"{demo}/hosts",
        **{f"hosts.{host}.individual": "3", f"hosts.{manager}.individual": " "},
    )

    assert pool(transaction) == {(host, "individual"): 3, (host, "team"): 1, (manager, "team"): 1}


def test_segment_that_is_given_up_takes_its_rules_along_but_no_question(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        event_type = session.scalars(select(EventType)).one()
        event_type.questions = [make_question("crm", segments=["team"])]
        make_segment_rule(session, event_type=event_type, segment=Segment.TEAM, max_per_day=1)

    page = admin.open(f"{demo}/hosts")
    page.fields.pop("segments.team")
    refused = Page.read(admin.send(f"{demo}/hosts", **page.fields, do="check"))
    page = admin.open(f"{demo}/questions")
    cleared = {name: "" for name in page.fields if name.startswith("questions.0.")}
    admin.send(f"{demo}/questions", **page.fields | cleared, do="check")
    page = admin.open(f"{demo}/hosts")
    page.fields.pop("segments.team")
    answer = admin.send(f"{demo}/hosts", **page.fields, do="check")

    assert "Eine Frage wird nur dieser Zielgruppe gestellt." in refused.alert
    assert answer.status_code == 303
    event_type, _ = read(transaction)
    assert (event_type.segments, event_type.segment_rules) == (["individual"], [])


def test_questions_are_saved_in_the_order_of_their_positions(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        event_type = session.scalars(select(EventType)).one()
        event_type.questions = [make_question("first"), make_question("second")]

    save(
        admin,
        f"{demo}/questions",
        **{
            "questions.0.position": "3",
            "questions.2.position": "2",
            "questions.2.key": "size",
            "questions.2.kind": "choice",
            "questions.2.required": "on",
            "questions.2.segments.individual": "",
            "questions.2.label.de": " Wie groß? ",
            "questions.2.options.0.value": "s",
            "questions.2.options.0.label.de": "Klein",
            "questions.2.options.4.value": "l",
            "questions.2.options.4.label.de": "Groß",
        },
    )

    event_type, _ = read(transaction)
    assert event_type.questions == [
        make_question("second"),
        {
            "key": "size",
            "label": {"de": "Wie groß?"},
            "kind": "choice",
            "required": True,
            "segments": ["team"],
            "options": [
                {"value": "s", "label": {"de": "Klein"}},
                {"value": "l", "label": {"de": "Groß"}},
            ],
        },
        make_question("first"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("texts/title.de", "", "Bitte füllen Sie dieses Feld aus."),
        ("texts/title.en", "x" * 101, "höchstens 100 Zeichen"),
        ("texts/agenda.3.en", "Prices", "Bitte füllen Sie dieses Feld aus."),
        ("texts/location.url", "Zoom", "https:// beginnt"),
        ("texts/location.url", "https://{x}.example", "Nur {meeting} kann ausgefüllt werden"),
        ("rules/duration_minutes", "0", "außerhalb"),
        ("rules/duration_minutes", "eine halbe Stunde", "ganze Zahl"),
        ("rules/duration_minutes", "9" * 30, "ganze Zahl"),
        ("rules/segment_rules.team.max_per_week", "-1", "außerhalb"),
        ("rules/segment_rules.team.hours.fri", "9 bis 12", "Zeiten wie 09:00"),
        ("rules/segment_rules.team.hours.fri", "09:00–24:01", "Zeiten wie 09:00"),
        ("rules/segment_rules.team.hours.fri", "09:00–09:00", "Zeiten wie 09:00"),
        ("reminders/reminders_minutes_before", "60, 60", "nur einmal"),
        ("reminders/reminders_minutes_before", "bald", "ganze Zahl"),
        ("reminders/reminders_minutes_before.team", "90", "kreuzen Sie „Eigene Erinnerungen“ an"),
        ("rules/slot_interval_minutes", "4", "außerhalb"),
        ("rules/hold_minutes", "61", "außerhalb"),
        ("questions/questions.0.key", "Größe", "höchstens 40 Zeichen"),
        ("questions/questions.1.label.de", "Noch eine?", "höchstens 40 Zeichen"),
        ("questions/questions.0.label.de", "", "Bitte füllen Sie dieses Feld aus."),
        ("questions/questions.0.kind", "choice", "mindestens zwei Antworten"),
        ("questions/questions.0.options.1.value", "x", "Bitte leeren Sie sie."),
    ],
)
def test_fault_is_named_at_its_field_and_nothing_typed_is_lost(
    admin: StaffBrowser,
    demo: str,
    field: str,
    value: str,
    told: str,
) -> None:
    section, _, name = field.partition("/")

    answer = save(admin, f"{demo}/{section}", **{name: value})

    page = Page.read(answer)
    assert answer.status_code == 422
    assert told in page.alert
    assert page.fields[name] == value
    assert [link for link in page.links if link.startswith("#") and link != "#main"] != []


def test_horizon_with_too_many_starts_is_told_at_its_field(admin: StaffBrowser, demo: str) -> None:
    rules = {"slot_interval_minutes": "5", "horizon_days": "139"}

    page = Page.read(save(admin, f"{demo}/rules", **rules))

    assert "Das ergibt zu viele Startzeiten:" in page.alert
    assert "#horizon_days" in page.links


def test_questions_beyond_the_most_are_one_fault_and_not_drawn(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    before = read(transaction)[0].questions
    many = {f"questions.{row}.options.{row}.value": "a" for row in range(1, 200)}

    page = Page.read(save(admin, f"{demo}/questions", **many))

    assert "Fragen: Das sind zu viele: Höchstens 10 sind möglich." in page.alert
    drawn = {name.split(".")[1] for name in page.fields if name.startswith("questions.")}
    assert drawn == {str(row) for row in range(10)}
    assert read(transaction)[0].questions == before


def test_segment_without_hosts_is_named_where_the_hosts_stand(
    admin: StaffBrowser, staffed: Staffed, demo: str
) -> None:
    nobody = {f"hosts.{staff.id}.team": "" for staff in staffed.values()}

    page = Page.read(save(admin, f"{demo}/hosts", **nobody))
    zero = Page.read(save(admin, f"{demo}/hosts", **{f"hosts.{staffed[Role.HOST].id}.team": "0"}))

    assert "Bitte geben Sie jeder Zielgruppe mindestens einen Gastgeber." in page.alert
    assert f"#hosts.{staffed[Role.HOST].id}.team" in zero.links


@pytest.mark.parametrize(
    "case",
    [
        (
            "texts",
            {"title.de": "Neu"},
            ["Diese Änderung erreicht 2 gebuchte Demos", "Titel", "zeigen die neuen Texte sofort"],
        ),
        (
            "rules",
            {"duration_minutes": "45", "buffer_after_minutes": "5"},
            ["2 gebuchte Demos bleiben, wie sie sind", "behalten Dauer und Pausen"],
        ),
        (
            "rules",
            {"minimum_change_notice_minutes": "5"},
            ["Diese Änderung erreicht 2 gebuchte Demos", "gilt die neue Änderungsfrist sofort"],
        ),
        (
            "reminders",
            {"reminders_minutes_before": "5"},
            ["2 gebuchte Demos bleiben, wie sie sind", "kommen wie geplant"],
        ),
    ],
)
def test_what_a_change_means_for_booked_demos_is_told_before_it_is_saved(
    admin: StaffBrowser,
    demo: str,
    transaction: UnitOfWork,
    case: tuple[str, dict[str, str], list[str]],
) -> None:
    section, changes, told = case
    book(transaction, number=2)

    asked = save(admin, f"{demo}/{section}", **changes)
    before = read(transaction)[1]
    page = Page.read(asked)
    answer = admin.send(f"{demo}/{section}", **page.fields | {"do": "save"})

    assert [text for text in told if text not in page.text] == []
    assert page.offers("do")[0] == "save"
    assert before == []
    assert answer.status_code == 303
    assert read(transaction)[1][0].facts["changed"] == [name.partition(".")[0] for name in changes]


def test_old_form_is_told_what_has_changed_and_overwrites_nothing(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork, clock: Traveller
) -> None:
    old = admin.open(f"{demo}/rules").fields
    clock.shift(timedelta(minutes=1))
    save(admin, f"{demo}/texts", **{"title.de": "Neu"})

    refused = admin.send(f"{demo}/rules", **old | {"horizon_days": "9", "do": "check"})
    page = Page.read(refused)
    before = read(transaction)[0].horizon_days
    answer = admin.send(f"{demo}/rules", **page.fields | {"do": "check"})

    assert refused.status_code == 409
    assert "admin name hat eine Terminart geändert Titel" in page.text
    assert (before, page.fields["horizon_days"]) == (60, "9")
    assert answer.status_code == 303
    event_type, _ = read(transaction)
    assert (event_type.horizon_days, event_type.title["de"]) == (9, "Neu")


def test_preview_shows_page_and_mail_in_every_language_and_saves_nothing(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    page = Page.read(
        save(
            admin,
            f"{demo}/texts",
            **{"title.de": "<Neu>", "agenda.0.de": "Preise", "location.kind": "phone"},
            do="preview",
        )
    )

    assert page.text.count("<Neu>") == 2
    assert "- Preise" in page.text
    assert "Wir rufen Sie an" in page.text
    assert "Hello Erika Mustermann," in page.text
    assert (page.fields["title.de"], page.fields["location.kind"]) == ("<Neu>", "phone")
    event_type, entries = read(transaction)
    assert (event_type.title["de"], entries) == ("Produktdemo", [])


def test_event_type_is_added_unpublished_then_published_and_taken_back(
    admin: StaffBrowser, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host = staffed[Role.HOST].id
    new = admin.open(f"{LIST}/new").fields | {
        "slug": "kurs",
        "title.de": "Kurs",
        f"hosts.{host}.individual": "1",
    }
    new.pop("segments.team")

    created = admin.send(f"{LIST}/new", **new)
    event_type, (added,) = read(transaction)
    address = f"{LIST}/{event_type.id}"
    hidden = admin.client.get("/kurs").status_code
    seen = admin.open(f"{address}/texts").fields["version"]
    admin.send(f"{address}/published", version=seen, published="on")
    shown = admin.client.get("/kurs").status_code
    too_old = admin.send(f"{address}/published", version=seen)
    seen = admin.open(f"{address}/texts").fields["version"]
    admin.send(f"{address}/published", version=seen)

    assert created.location == f"{address}/rules?done=created"
    assert (event_type.slug, event_type.segments, event_type.duration_minutes) == (
        "kurs",
        ["individual"],
        30,
    )
    assert (added.action, hidden, shown, too_old.status_code) == ("event_type_added", 404, 200, 409)
    assert pool(transaction) == {(host, "individual"): 1}
    assert read(transaction)[1][-1].facts == {
        "changed": ["published"],
        "before": {"published": True},
        "after": {"published": False},
    }


def test_published_event_type_that_nobody_can_book_says_so(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        event_type = session.scalars(select(EventType)).one()
        session.execute(delete(PoolMember).where(PoolMember.segment == Segment.TEAM))

    shown = admin.open(f"{demo}/hosts")
    with transaction() as session:
        session.merge(event_type).published = False
    hidden = admin.open(f"{demo}/hosts")

    assert "Teams und Unternehmen finden auf der Buchungsseite keinen freien Termin" in shown.text
    assert "Einzelnutzer finden" not in shown.text
    assert "/staff/why?event_type=demo&segment=team" in shown.links
    assert "keinen freien Termin" not in hidden.text


@pytest.mark.parametrize(
    ("slug", "told"),
    [
        ("demo", "Diese Adresse hat schon eine andere Terminart."),
        ("staff", "Diese Adresse gehört einer anderen Seite."),
        ("Kurs 1", "höchstens 60 Zeichen"),
    ],
)
def test_address_of_a_new_event_type_is_its_own(
    admin: StaffBrowser, staffed: Staffed, demo: str, slug: str, told: str
) -> None:
    new = admin.open(f"{LIST}/new").fields | {"slug": slug, "title.de": "Kurs"}
    new |= {f"hosts.{staffed[Role.HOST].id}.{segment}": "1" for segment in Segment}

    refused = admin.send(f"{LIST}/new", **new)

    page = Page.read(refused)
    assert refused.status_code == 422
    assert told in page.alert
    assert (page.fields["slug"], page.fields["title.de"]) == (slug, "Kurs")
    assert demo.startswith(LIST)


def test_managers_see_everything_and_change_nothing(browser_of: BrowserOf, demo: str) -> None:
    manager = browser_of(Role.MANAGER)

    listed = manager.open(LIST)
    page = manager.open(f"{demo}/rules")

    assert f"{demo}/texts" in listed.links
    assert f"{LIST}/new" not in listed.links
    assert (page.fields["duration_minutes"], page.offers("do")) == ("30", [])
    assert manager.send(f"{demo}/rules", **page.fields).status_code == 403


def test_list_counts_who_works_here_and_tells_for_whom_there_is_nobody(
    admin: StaffBrowser, staffed: Staffed, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        left = make_staff(session, active=False)
        host = session.get_one(Staff, staffed[Role.HOST].id)
        make_event_type(session, hosts=[host, left], slug="a-whole")
        team = make_event_type(session, hosts=[left], slug="b-team")
        make_pool_member(session, event_type=team, host=host, segment=Segment.TEAM)
        make_event_type(session, hosts=[left], slug="c-nobody")
        make_event_type(session, hosts=[left], slug="d-one", segments=[Segment.TEAM])
        make_event_type(session, hosts=[], slug="e-unpublished", published=False)

    text = admin.open(LIST).text

    told = [row.partition("30 Minuten ")[2] for row in text.split("Produktdemo")[1:]]
    assert [row.partition(" 0 gebuchte Demos")[0] for row in told] == [
        "1 Person",
        "1 Person Niemand für Einzelnutzer",
        "0 Personen Niemand gibt sie",
        "0 Personen Niemand gibt sie",
        "0 Personen",
    ]


def test_list_without_event_types_says_what_to_do_next(
    admin: StaffBrowser, browser_of: BrowserOf
) -> None:
    assert "Legen Sie eine Terminart an" in admin.open(LIST).text
    assert "legt die Administration an" in browser_of(Role.MANAGER).open(LIST).text


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_a_constant_number_of_questions(
    admin: StaffBrowser, staffed: Staffed, transaction: UnitOfWork, number: int
) -> None:
    with transaction() as session:
        for _ in range(number):
            make_event_type(session, hosts=[staffed[Role.HOST]])

    with statements_on(Engine) as statements:
        admin.open(LIST)

    about_event_types = [one for one in statements if "event_type" in one.text]
    # The event types, the rules of their segments, the booked demos, the hosts.
    assert len(about_event_types) == 4


ODD = ("", " ", "-1", "0", "1e3", "٣", "9" * 40, "x" * 3000, "\x00", "\u202e", "a, b; 09:00-24:00")


@pytest.mark.parametrize("section", ["texts", "rules", "hosts", "questions", "reminders"])
def test_whatever_a_form_sends_is_answered(admin: StaffBrowser, demo: str, section: str) -> None:
    dice = Random(section)  # noqa: S311 -- test data, not a secret
    fields = admin.open(f"{demo}/{section}").fields
    names = [name for name in fields if name not in {"csrf", "version"}]

    statuses = set()
    for _ in range(40):
        odd = {name: dice.choice(ODD) for name in dice.sample(names, min(len(names), 3))}
        missing = fields | odd | {"do": dice.choice(["check", "save", "preview", "more"])}
        missing.pop(dice.choice(names))
        statuses.add(admin.send(f"{demo}/{section}", **missing).status_code)

    assert statuses <= {200, 303, 400, 409, 422}  # 400: a NUL is no text


def test_event_type_that_lacks_a_text_by_now_can_be_taken_off_the_page(
    admin: StaffBrowser, demo: str, transaction: UnitOfWork
) -> None:
    version = admin.open(f"{demo}/texts").fields["version"]
    with transaction() as session:
        session.scalars(select(EventType)).one().title = {"fr": "Démonstration"}

    admin.send(f"{demo}/published", version=version)

    assert not read(transaction)[0].published
