"""What an event type's name looks like in an address; anything else is simply not there."""

from werkzeug.routing import BaseConverter


class SlugConverter(BaseConverter):
    """``<slug:name>`` in a route: the characters that the setup file allows."""

    regex = "[a-z0-9-]{1,60}"
