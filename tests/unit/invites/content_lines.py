"""A second, strict reader of RFC 5545: nothing of it is shared with the product's library."""

import re
from typing import NamedTuple

LONGEST_LINE_OCTETS = 75
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
PARAMETER = r';[A-Z-]+=(?:"[^"]*"|[^";:,]*)'
CONTENT_LINE = re.compile(rf"([A-Z-]+)((?:{PARAMETER})*):(.*)", re.DOTALL)
ESCAPED = re.compile(r"\\([\\;,n])")
ESCAPED_IN_PARAMETER = re.compile(r"\^([\^n'])")


class ContentLine(NamedTuple):
    """One unfolded line; the value is as written, escapes included."""

    name: str
    parameters: dict[str, str]
    value: str


def read_content_lines(content: bytes) -> list[ContentLine]:
    """Return the unfolded lines; fail on anything RFC 5545 §3.1 or RFC 6868 forbids."""
    physical_lines = content.split(b"\r\n")
    assert physical_lines.pop() == b""
    assert all(0 < len(line) <= LONGEST_LINE_OCTETS for line in physical_lines)
    # Each physical line must be whole UTF-8: no character is split by folding.
    unfolded = "\r\n".join(line.decode() for line in physical_lines).replace("\r\n ", "")
    return [_read(line) for line in unfolded.split("\r\n")]


def read_text(value: str) -> str:
    """Return what a TEXT value says; fail on an unescaped special character."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value)
    assert not re.search(r"(?<!\\)(?:\\\\)*\\(?![\\;,n])", value)
    return ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], value)


def _read(line: str) -> ContentLine:
    assert not CONTROL.search(line)
    found = CONTENT_LINE.fullmatch(line)
    assert found, line
    name, parameters, value = found.groups()
    pairs = [pair[1:].split("=", maxsplit=1) for pair in re.findall(PARAMETER, parameters)]
    assert len({key for key, _ in pairs}) == len(pairs), line
    return ContentLine(name, {key: _read_parameter(text) for key, text in pairs}, value)


def _read_parameter(text: str) -> str:
    meanings = {"^": "^", "n": "\n", "'": '"'}
    return ESCAPED_IN_PARAMETER.sub(lambda found: meanings[found[1]], text.strip('"'))
