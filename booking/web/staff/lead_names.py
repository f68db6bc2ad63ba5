"""What the states of leads and wishes are called on the console's pages."""

from booking.inbox.standing import LeadState
from booking.templating import N_
from booking.wishes.models import WishState

STATE_NAMES = {
    LeadState.REQUESTED: N_("Requested"),
    LeadState.OFFERED: N_("Times offered"),
    LeadState.BOOKED: N_("Booked"),
    LeadState.MOVED: N_("Moved"),
    LeadState.ATTENDED: N_("Attended"),
    LeadState.NO_SHOW: N_("Did not come"),
    LeadState.CANCELLED: N_("Cancelled"),
    LeadState.CLOSED: N_("Closed"),
}

WISH_STATE_NAMES = {
    WishState.OPEN: N_("Open"),
    WishState.ANSWERED: N_("Answered"),
    WishState.CLOSED: N_("Closed"),
}
