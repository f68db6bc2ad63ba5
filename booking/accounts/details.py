"""What is told of a staff member who is let in, read from a form or a command line."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from booking.fields.read import Email, Name
from booking.staff.models import Role


class StaffDetails(BaseModel):
    """Who it is, and what they may do."""

    model_config = ConfigDict(frozen=True)

    name: Name
    email: Email
    role: Role
