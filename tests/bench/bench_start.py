"""How long a process takes to start, and how much memory it then holds.

Beside it, in the same run, the smallest program of the same libraries: an empty Flask application
with a database. `python -m tests.bench.bench_start` prints the figures.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.environment import make_environment

PROJECT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 5

MEASURE = """
import resource, time
begun = time.perf_counter()
{work}
print((time.perf_counter() - begun) * 1000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
SMALLEST = """
import flask, flask_sqlalchemy
app = flask.Flask("smallest")
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
flask_sqlalchemy.SQLAlchemy(app)
"""
SERVICE = "import wsgi"
WORKING = """
import wsgi
from booking.jobs import start_jobs
start_jobs(wsgi.app).shutdown()
"""


def run() -> list[dict[str, Any]]:
    """Return one dict a process: milliseconds to start, peak MB, and both against the smallest."""
    with tempfile.TemporaryDirectory() as instance_dir:
        environment = make_environment(
            database_url=f"sqlite:///{instance_dir}/halbstunde.db", instance_dir=Path(instance_dir)
        )
        migrate = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
        subprocess.run(
            migrate, cwd=PROJECT, env=os.environ | environment, check=True, capture_output=True
        )
        smallest_ms, smallest_mb = _measure(SMALLEST, environment=environment)
        rows = [{"name": "smallest start", "ours_ms": smallest_ms, "memory_mb": smallest_mb}]
        for name, work in (("web start", SERVICE), ("worker start and stop", WORKING)):
            ours_ms, memory_mb = _measure(work, environment=environment)
            rows.append(
                {
                    "name": name,
                    "ours_ms": ours_ms,
                    "ratio_to_smallest": ours_ms / smallest_ms,
                    "memory_mb": memory_mb,
                    "memory_ratio_to_smallest": memory_mb / smallest_mb,
                }
            )
    return rows


def _measure(work: str, *, environment: dict[str, str]) -> tuple[float, float]:
    figures = []
    for _ in range(ROUNDS):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE.format(work=work)],
            cwd=PROJECT,
            env=os.environ | environment,
            check=True,
            capture_output=True,
            text=True,
        )
        milliseconds, kilobytes = done.stdout.split()
        figures.append((float(milliseconds), float(kilobytes) / 1024))
    return median(ms for ms, _ in figures), median(mb for _, mb in figures)


if __name__ == "__main__":
    for line in run():
        print(line)
