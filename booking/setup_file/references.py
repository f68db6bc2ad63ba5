"""What must fit together across a setup file: references resolve, and nothing is named twice.

Looks at the file as it was written, and only at what is well formed: the rest has a fault of its
own already, which must not hide these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from booking.fields.rules import clean_email, normalise_address
from booking.segment import Segment
from booking.setup_file.faults import Fault, KeyPath
from booking.templating import locales
from booking.time_zone import YEARS, instant_of, is_time_zone

if TYPE_CHECKING:
    from booking.setup_file.rules import Stored

NO_SEGMENT = "is no segment of this event type"

Raw = Mapping[str, Any]
Found = tuple[KeyPath, Raw]
"""A table as it was written, and where."""


def find_misfits(document: Raw, *, stored: Stored) -> list[Fault]:
    """Return what is named twice, what refers to nothing, and what lacks its counterpart."""
    staff = _tables(document, "staff")
    event_types = _tables(document, "event_types")
    known = {_address(table) for _, table in staff}.union(stored.addresses)
    return [
        *_missing_organisation(document, stored=stored),
        *_repeated(_closing_days(document), key="date"),
        *_repeated(staff, key="email", read=_address),
        *(fault for member in staff for fault in _staff_misfits(member)),
        *_repeated(event_types, key="slug"),
        *(fault for table in event_types for fault in _question_misfits(table)),
        *(fault for table in event_types for fault in _segment_rule_misfits(table)),
        *(fault for table in event_types for fault in _pool_misfits(table, known=known)),
        *_missing_texts(document, event_types=event_types, stored=stored),
    ]


def _missing_organisation(document: Raw, *, stored: Stored) -> Iterator[Fault]:
    if stored.locale is None and "organisation" not in document:
        yield Fault(path=("organisation",), value=None, problem="is missing")


def _closing_days(document: Raw) -> list[Found]:
    organisation = document.get("organisation")
    if not isinstance(organisation, dict):
        return []
    return _tables(organisation, "closing_days", path=("organisation",))


def _missing_texts(
    document: Raw, *, event_types: Iterable[Found], stored: Stored
) -> Iterator[Fault]:
    """Find texts without the language that every other one falls back to."""
    organisation = document.get("organisation", {"locale": stored.locale})
    if not isinstance(organisation, dict) or organisation.get("locale") not in locales():
        return
    locale = organisation["locale"]
    texts: list[tuple[KeyPath, object]] = [(("organisation", "notice"), organisation.get("notice"))]
    for path, table in event_types:
        # An empty description is none; a title cannot be left out.
        texts.append(((*path, "title"), table.get("title")))
        texts.append(((*path, "description"), table.get("description") or None))
        texts += [(place, item) for place, item in _tables(table, "agenda", path=path)]
        texts += [((*place, "label"), of.get("label")) for place, of in _labelled((path, table))]
    for path, by_locale in texts:
        if isinstance(by_locale, dict) and locale not in by_locale:
            yield Fault(
                path=(*path, locale),
                value=None,
                problem="is missing: the organisation's language",
                code="required",
            )


def _staff_misfits(member: Found) -> Iterator[Fault]:
    path, table = member
    yield from _repeated(_tables(table, "date_overrides", path=path), key="date")
    zone = table.get("time_zone")
    if not isinstance(zone, str) or not is_time_zone(zone):
        return
    for place, absence in _tables(table, "time_off", path=path):
        if not _passes(absence.get("from"), absence.get("to"), zone=zone):
            problem = "must be later than from (what a change of the clocks skips has no length)"
            yield Fault(path=(*place, "to"), value=absence["to"], problem=problem)


def _passes(start: object, end: object, *, zone: str) -> bool:
    """Tell whether time passes between two wall times; what cannot be one is not judged."""
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        return True
    if start.tzinfo or end.tzinfo or not {start.year, end.year}.issubset(YEARS):
        return True
    return instant_of(start, zone=zone) < instant_of(end, zone=zone)


def _question_misfits(event_type: Found) -> Iterator[Fault]:
    path, table = event_type
    questions = _tables(table, "questions", path=path)
    yield from _repeated(questions, key="key")
    offered = _offered(table)
    for place, question in questions:
        yield from _repeated(_tables(question, "options", path=place), key="value")
        yield from _not_offered(_names(question.get("segments")), offered=offered, path=place)


def _segment_rule_misfits(event_type: Found) -> Iterator[Fault]:
    path, table = event_type
    offered = _offered(table)
    rules = _tables(table, "segment_rules", path=path)
    yield from _repeated(rules, key="segment")
    for place, rule in rules:
        segment = rule.get("segment")
        if isinstance(segment, str) and segment in set(Segment) - set(offered):
            yield Fault(
                path=(*place, "segment"), value=segment, problem=NO_SEGMENT, code="conflict"
            )


def _pool_misfits(event_type: Found, *, known: Collection[str | None]) -> Iterator[Fault]:
    path, table = event_type
    offered = _offered(table)
    seen: set[tuple[str, str]] = set()
    for place, host in _tables(table, "hosts", path=path):
        address = _address(host)
        taken = _names(host.get("segments", offered))
        if address is not None and address not in known:
            yield Fault(
                path=(*place, "email"),
                value=host["email"],
                problem="is no staff member of this file or of the database",
                code="unknown",
            )
        yield from _not_offered(taken, offered=offered, path=place)
        for segment in taken:
            if address is not None and (address, segment) in seen:
                yield Fault(
                    path=(*place, "email"),
                    value=host["email"],
                    problem=f'stands in this pool twice for segment "{segment}"',
                    code="repeated",
                )
        if address is not None:
            seen.update((address, segment) for segment in taken)
    yield from _segments_without_hosts(event_type)


def _not_offered(
    segments: Iterable[str], *, offered: Collection[str], path: KeyPath
) -> Iterator[Fault]:
    for index, segment in enumerate(segments):
        if segment in set(Segment) and segment not in offered:
            yield Fault(
                path=(*path, "segments", index),
                value=segment,
                problem=NO_SEGMENT,
                code="conflict",
            )


def _segments_without_hosts(event_type: Found) -> Iterator[Fault]:
    path, table = event_type
    hosts = _tables(table, "hosts", path=path)
    offered = _offered(table)
    served = {name for _, host in hosts for name in _names(host.get("segments", offered))}
    for segment in Segment:
        if hosts and segment in offered and segment not in served:
            problem = f'has nobody for segment "{segment}", which is offered'
            yield Fault(path=(*path, "hosts"), value=None, problem=problem, code="nobody")


def _repeated(
    tables: Iterable[Found], *, key: str, read: Callable[[Raw], str | None] | None = None
) -> Iterator[Fault]:
    seen = set()
    for path, table in tables:
        value = read(table) if read else table.get(key)
        if value is None or isinstance(value, (list, dict)):
            continue
        if value in seen:
            yield Fault(
                path=(*path, key),
                value=table[key],
                problem="stands in this file twice",
                code="repeated",
            )
        seen.add(value)


def _tables(table: Raw, key: str, *, path: KeyPath = ()) -> list[Found]:
    items = table.get(key)
    if not isinstance(items, list):
        return []
    return [
        ((*path, key, index), item) for index, item in enumerate(items) if isinstance(item, dict)
    ]


def _labelled(event_type: Found) -> Iterator[Found]:
    """Yield every question and every option of an event type."""
    path, table = event_type
    for place, question in _tables(table, "questions", path=path):
        yield place, question
        yield from _tables(question, "options", path=place)


def _offered(event_type: Raw) -> list[str]:
    return _names(event_type.get("segments", list(Segment)))


def _names(value: object) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _address(table: Raw) -> str | None:
    email = table.get("email")
    try:
        return normalise_address(clean_email(email)) if isinstance(email, str) else None
    except PydanticCustomError:
        return None
