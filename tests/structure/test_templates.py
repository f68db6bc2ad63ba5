"""Every template is used, and every mail has its three parts and a composer."""

import ast
import re
from pathlib import Path

from booking.accounts import emails as account_emails
from booking.bookings import agenda_emails
from booking.bookings import emails as booking_emails
from booking.installation import Installation
from booking.mail_desk import trial
from booking.outbox.models import Recipient
from booking.wishes import emails as wish_emails
from tests.structure.sources import PACKAGE, nodes, python_files

TEMPLATES = PACKAGE / "templates"
EMAILS = TEMPLATES / "emails"
USES = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)""")
EMAIL_MODULES = (booking_emails, agenda_emails, wish_emails, account_emails, trial)
PARTS = {"subject.txt", "body.txt", "body.html"}


def test_templates_are_all_used() -> None:
    parts_of_mails = {path for folder in email_folders() for path in folder.iterdir()}
    templates = {path for path in TEMPLATES.rglob("*") if path.is_file()} - parts_of_mails

    names = {path.relative_to(TEMPLATES).as_posix() for path in templates}

    assert names - named_by_code() - named_by_templates() == set()


def test_mails_have_subject_text_and_html() -> None:
    folders = {path.name: {part.name for part in path.iterdir()} for path in email_folders()}

    assert folders == dict.fromkeys(folders, PARTS)


def test_mails_have_a_composer_and_composers_a_mail() -> None:
    installation = Installation(base_url="", sender="", secret_keys=())

    folders = [path.name.partition("-") for path in email_folders()]

    composers = [emails.composers(installation) for emails in EMAIL_MODULES]
    assert {kind for kind, _, _ in folders} == set().union(*composers)
    assert {recipient for _, _, recipient in folders} <= set(Recipient)


def email_folders() -> list[Path]:
    """Return one folder for each mail that is sent."""
    return [path for path in EMAILS.iterdir() if path.is_dir()]


def named_by_code() -> set[str]:
    """Return every text that stands in the program."""
    every_node = (node for path in python_files() for node in nodes(path))
    return {str(node.value) for node in every_node if isinstance(node, ast.Constant)}


def named_by_templates() -> set[str]:
    """Return every name that a template extends, includes or imports."""
    sources = (path.read_text() for path in TEMPLATES.rglob("*") if path.is_file())
    return {name for source in sources for name in USES.findall(source)}
