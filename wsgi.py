"""The application object that ``flask --app wsgi`` and WSGI servers load.

What keeps it from starting is told in one line for every fault, with exit code 2.
"""

import os
import sys

from booking.app import create_app
from booking.templating import CatalogueError
from config import Config, ConfigError

try:
    app = create_app(Config.from_env(os.environ))
except ConfigError as error:
    sys.stderr.writelines(f"{fault}\n" for fault in error.faults)
    sys.exit(2)
except CatalogueError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(2)
