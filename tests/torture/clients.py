"""Clients that book, move and cancel, and never take silence for an answer."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.torture.history import CANCELLED, Remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.torture.history import History

ANSWER_SECONDS = 20
TRIES = 20
PAUSE_SECONDS = 0.1
SERVICE_UNAVAILABLE = 503
SILENCE = (OSError, http.client.HTTPException, ValueError)
CONFLICTS = {"slot_taken", "slot_not_offered", "too_many_changes", "already_cancelled"}


def in_utc(instant: str) -> str:
    """Return an instant of the API as the database's own would be written."""
    return datetime.fromisoformat(instant).astimezone(UTC).isoformat()


@dataclass(frozen=True)
class Answer:
    """What came back; the body as bytes, since the same key must get the same ones."""

    status: int
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of it."""
        parsed: dict[str, Any] = json.loads(self.content)
        return parsed

    @property
    def code(self) -> str | None:
        """What is wrong; None where the answer is none of the API's."""
        try:
            return str(self.body["code"])
        except (ValueError, KeyError):
            return None


@dataclass
class Client:
    """One client; the bookings it makes are its own."""

    servers: Sequence[str]
    starts: Sequence[str]
    history: History
    random: Random

    def __post_init__(self) -> None:
        self._own: list[Remembered] = []

    def act(self) -> None:
        """Do one thing."""
        open_ones = [booking for booking in self._own if not booking.is_over]
        if not open_ones or self.random.random() < 0.5:
            self._book()
        elif self.random.random() < 0.6:
            self._move(self.random.choice(open_ones))
        else:
            self._cancel(self.random.choice(open_ones))

    def _book(self) -> None:
        self.history.count("bookings tried")
        email = f"{uuid.uuid4().hex}@kunde.example"
        body = {
            "event_type": "demo",
            "start": self.random.choice(self.starts),
            "segment": self.random.choice(["individual", "team"]),
            "name": "Erika Mustermann",
            "email": email,
            "time_zone": "Europe/Berlin",
        }
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        answer = self._insist("/api/v1/bookings", body, headers=headers)
        if answer is None:
            self.history.unanswered.add(email)
        elif answer.status == 201:
            self.history.count("bookings acknowledged")
            facts = answer.body["booking"]
            booking = Remembered(facts["id"], facts["token"], {in_utc(facts["start"])})
            self._own.append(booking)
            self.history.add(booking)
            if self.random.random() < 0.2:
                self._repeat(body, headers=headers, first=answer)

    def _repeat(self, body: object, *, headers: dict[str, str], first: Answer) -> None:
        again = self._insist("/api/v1/bookings", body, headers=headers)
        if again is not None and again != first:
            self.history.faults.append(f"the same key was answered otherwise: {again.status}")

    def _move(self, booking: Remembered) -> None:
        start = self.random.choice(self.starts)
        path = f"/api/v1/bookings/{booking.token}/reschedule"
        answer = self._insist(path, {"start": start})
        if answer is None:
            booking.possible.add(start)
        elif answer.status == 200:
            self.history.count("moves acknowledged")
            booking.possible = {in_utc(answer.body["booking"]["start"])}

    def _cancel(self, booking: Remembered) -> None:
        answer = self._insist(f"/api/v1/bookings/{booking.token}/cancel", {})
        if answer is None:
            booking.possible.add(CANCELLED)
        elif answer.status == 200:
            self.history.count("cancellations acknowledged")
            booking.possible = {CANCELLED}

    def _insist(
        self, path: str, body: object, *, headers: dict[str, str] | None = None
    ) -> Answer | None:
        """Ask until there is an answer; None if the outcome is not known in the end."""
        for _ in range(TRIES):
            answer = self._ask(path, body, headers=headers or {})
            if answer is not None:
                return answer
        self.history.count("outcomes unknown")
        return None

    def _ask(self, path: str, body: object, *, headers: dict[str, str]) -> Answer | None:
        netloc = urlsplit(self.random.choice(self.servers)).netloc
        connection = http.client.HTTPConnection(netloc, timeout=ANSWER_SECONDS)
        try:
            headers = {"Content-Type": "application/json", **headers}
            connection.request("POST", path, body=json.dumps(body), headers=headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.read())
            if answer.status == SERVICE_UNAVAILABLE and not response.headers["Retry-After"]:
                self.history.faults.append("answered 503 without Retry-After")
        except ConnectionRefusedError:
            # The server is just being started anew.
            time.sleep(PAUSE_SECONDS)
            return None
        except SILENCE:
            self.history.count("answers that never came")
            return None
        finally:
            connection.close()
        return self._judge(answer)

    def _judge(self, answer: Answer) -> Answer | None:
        """Return an answer that says how it stands; note one that must not be."""
        if answer.status in {200, 201}:
            return answer
        code = answer.code
        if answer.status in {409, 410} and code in CONFLICTS:
            self.history.count("conflicts")
            return answer
        if answer.status in {409, 503} and code in {"in_progress", "unavailable"}:
            self.history.count("asked to come again")
            return None
        self.history.faults.append(f"answered {answer.status} {code}")
        return answer


@contextmanager
def clients_at_work(
    servers: Sequence[str], *, count: int, starts: Sequence[str], history: History, seed: int
) -> Iterator[None]:
    """Let clients work until the block ends; raise whatever has stopped one of them before."""
    stopping = threading.Event()

    def work(number: int) -> None:
        random = Random(f"{seed}-{number}")  # noqa: S311 - nothing is kept secret here
        client = Client(servers, starts, history, random)
        while not stopping.is_set():
            client.act()

    with ThreadPoolExecutor(max_workers=count) as threads:
        working = [threads.submit(work, number) for number in range(count)]
        try:
            yield
        finally:
            stopping.set()
        for one in working:
            one.result()
