"""Links that open a calendar on the web with the meeting filled in, for whoever reads no mail.

Such an entry is the reader's own: unlike the invite, it knows of no later change. Nothing secret
stands in the links, since they end in other people's logs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from booking.invites.values import line

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK_COM = "https://outlook.live.com/calendar/0/deeplink/compose"
MICROSOFT_365 = "https://outlook.office.com/calendar/0/deeplink/compose"


def web_calendar_links(
    *, summary: str, location: str, start: datetime, end: datetime
) -> dict[str, str]:
    """Return the link by the name of the calendar.

    Args:
        summary: what the entry is called.
        location: a place, a phone number or the join link; may be empty.
        start: aware.
        end: aware.
    """
    title, place = str(line(summary)), str(line(location))
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": "/".join(f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}" for instant in (start, end)),
        "location": place,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "location": place,
    }
    return {
        "Google": f"{GOOGLE}?{urlencode(google)}",
        "Outlook.com": f"{OUTLOOK_COM}?{urlencode(outlook)}",
        "Microsoft 365": f"{MICROSOFT_365}?{urlencode(outlook)}",
    }
