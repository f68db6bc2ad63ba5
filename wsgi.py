"""The application object that ``flask --app wsgi`` and WSGI servers load."""

import os

from booking.app import create_app
from config import Config

app = create_app(Config.from_env(os.environ))
