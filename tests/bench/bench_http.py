"""How fast a real server answers: slots, the booking page, a booking.

Eight clients ask one server process over loopback and share the machine with it. Beside the ratios
to the smallest answer of the same run, ``/health/live``, stand Easy!Appointments' figures as
external ones (another machine of two cores): hours 244, page 86, booking 34 a second.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from booking.clock import now
from tests.environment import make_environment
from tests.processes import PROJECT
from tests.server_processes import ask, running_servers

CLIENTS = 8
REQUESTS_A_CLIENT = 60
EXTERNAL_PER_SECOND = {"slots of 31 days": 244, "booking page": 86, "booking": 34}

Request = tuple[str, str, str | None]


def run() -> list[dict[str, Any]]:
    """Return one dict a call: requests a second, median and p99 in milliseconds, ratios."""
    with tempfile.TemporaryDirectory() as instance_dir:
        environment = make_environment(
            database_url=f"sqlite:///{instance_dir}/halbstunde.db", instance_dir=Path(instance_dir)
        )
        for command in (["db", "upgrade"], ["load-setup", "examples/demo.toml"]):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "wsgi", *command],
                cwd=PROJECT,
                env=os.environ | environment,
                check=True,
                capture_output=True,
            )
        with running_servers(1, environment=environment) as (address,):
            return _measure_all(address)


def _measure_all(address: str) -> list[dict[str, Any]]:
    slots = "/api/v1/event-types/demo/slots?segment=individual"
    starts = [slot["start"] for slot in ask(address, "GET", slots).body["slots"]]
    calls: dict[str, Callable[[int], Request]] = {
        "smallest answer": lambda _: ("GET", "/health/live", None),
        "slots of 31 days": lambda _: ("GET", slots, None),
        "booking page": lambda _: ("GET", "/demo?segment=individual", None),
        "booking": lambda number: ("POST", "/api/v1/bookings", _booking(number, starts=starts)),
    }
    rows: list[dict[str, Any]] = []
    for name, call in calls.items():
        row = _measure(name, call, address=address)
        if rows:
            row["ratio_to_smallest"] = row["per_second"] / rows[0]["per_second"]
            row["external_per_second"] = EXTERNAL_PER_SECOND[name]
        rows.append(row)
    return rows


def _booking(number: int, *, starts: list[str]) -> str:
    # More clients than slots: some are told at once that theirs is gone, as on a busy day.
    return json.dumps(
        {
            "event_type": "demo",
            "start": starts[number % len(starts)],
            "segment": "individual",
            "name": f"Lead {number}",
            "email": f"lead-{number}@kunde.de",
        }
    )


def _measure(name: str, call: Callable[[int], Request], *, address: str) -> dict[str, Any]:
    times: list[float] = []
    statuses: set[int] = set()

    def client(first: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        for number in range(first, first + REQUESTS_A_CLIENT):
            method, path, body = call(number)
            begun = perf_counter()
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            times.append((perf_counter() - begun) * 1000)
            statuses.add(response.status)
        connection.close()

    clients = [
        threading.Thread(target=client, args=(number * REQUESTS_A_CLIENT,))
        for number in range(CLIENTS)
    ]
    begun = now()
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    return {
        "name": name,
        "per_second": len(times) / ((now() - begun) / timedelta(seconds=1)),
        "median_ms": median(times),
        "p99_ms": quantiles(times, n=100)[98],
        "statuses": sorted(statuses),
    }


if __name__ == "__main__":
    for line in run():
        print(line)
