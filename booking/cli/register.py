"""Which commands there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.cli.processes import serve_command, worker_command
from booking.cli.setup_file import dump_setup_command, load_setup_command
from booking.cli.staff import create_staff_command, sign_in_link_command
from booking.cli.upkeep import (
    after_restore_command,
    check_invariants_command,
    list_undelivered_command,
)

if TYPE_CHECKING:
    from flask import Flask


def register_commands(app: Flask) -> None:
    """Add every command to ``app``."""
    for command in (
        after_restore_command,
        check_invariants_command,
        create_staff_command,
        dump_setup_command,
        list_undelivered_command,
        load_setup_command,
        serve_command,
        sign_in_link_command,
        worker_command,
    ):
        app.cli.add_command(command)
