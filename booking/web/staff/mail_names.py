"""What mails and their states are called on the console's pages."""

from booking.outbox.models import MessageState, Recipient
from booking.templating import N_

KIND_NAMES = {
    "confirmation": N_("Confirmation"),
    "moved": N_("Moved"),
    "cancelled": N_("Cancellation"),
    "reminder": N_("Reminder"),
    "uninvited": N_("Withdrawal of the host's invitation"),
    "link": N_("Link to the booking"),
    "readdressed": N_("New address"),
    "withdrawn": N_("Withdrawal of the invitation"),
    "undeliverable": N_("Mail to the lead came back"),
    "wish": N_("Requested time"),
    "offer": N_("Offer of times"),
}

RECIPIENT_NAMES = {
    Recipient.LEAD: N_("to the lead"),
    Recipient.HOST: N_("to the host"),
    Recipient.STAFF: N_("to a colleague"),
    Recipient.ORGANISATION: N_("to the organisation"),
}

MESSAGE_STATE_NAMES = {
    MessageState.QUEUED: N_("waiting"),
    MessageState.SENDING: N_("being sent"),
    MessageState.SENT: N_("sent"),
    MessageState.UNKNOWN: N_("perhaps sent"),
    MessageState.FAILED: N_("failed"),
    MessageState.OBSOLETE: N_("no longer needed"),
    MessageState.EXPIRED: N_("came too late"),
}
