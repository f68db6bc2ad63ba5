"""Puts the public pages together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.web import assets
from booking.web.audience import Audience, register
from booking.web.public import (
    address_page,
    booking_page,
    cancel_page,
    dev_components,
    dev_embed,
    dev_mails,
    embed,
    feed_file,
    invite_file,
    manage_page,
    move_page,
    not_me_page,
    wish_page,
)

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def init_public(app: Flask, config: Config) -> None:
    """Add every public page to ``app``; what shows them off, in a demonstration only."""
    for module in (assets, booking_page, wish_page):
        register(app, module.blueprint, audience=Audience.ANYONE)
    behind_links = (manage_page, move_page, cancel_page, address_page, not_me_page)
    for module in (*behind_links, invite_file, feed_file):
        register(app, module.blueprint, audience=Audience.LINK_HOLDER)
    register(app, embed.blueprint, audience=Audience.ANYONE)
    register(app, embed.script, audience=Audience.ANYONE)
    if config.demo:
        app.extensions[dev_mails.EXTENSION] = config.instance_dir / "outbox"
        for module in (dev_mails, dev_components, dev_embed):
            register(app, module.blueprint, audience=Audience.ANYONE)
