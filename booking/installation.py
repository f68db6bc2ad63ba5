"""What the operator has fixed for this installation, as far as the domain must know it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Handed to the actions that make links, uids and sealed tokens."""

    base_url: str
    """Absolute, without a trailing slash."""
    sender: str
    """Bare mail address: From and ORGANIZER."""
    secret_keys: tuple[str, ...] = field(repr=False)

    @property
    def mail_domain(self) -> str:
        """The domain in which uids and Message-IDs are made."""
        return self.sender.rpartition("@")[2]

    def link(self, path: str) -> str:
        """Return the absolute address of ``path``, which begins with a slash."""
        return f"{self.base_url}{path}"
