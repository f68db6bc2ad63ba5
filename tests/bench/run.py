"""Runs every bench of this folder, prints a table, and writes ``build/bench.json``.

A bench is a file ``bench_<what>.py`` with a function ``run`` that returns one dict a measurement.
"""

import importlib
import json
import platform
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "build" / "bench.json"


def main() -> None:
    """Measure, print and write."""
    measured = {}
    for path in sorted(HERE.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        measured[name] = importlib.import_module(f"tests.bench.{path.stem}").run()
        print(f"\n{name}\n{table(measured[name])}")
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps({"on": machine, "measured": measured}, indent=2) + "\n")
    print(f"\nwritten to {REPORT.relative_to(Path.cwd())}")


def table(rows: list[dict[str, Any]]) -> str:
    """Return rows under their keys, each column as wide as it must be."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lines = [keys, *([cell(row.get(key, "")) for key in keys] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(keys))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def cell(value: object) -> str:
    """Return a number in a readable length, anything else as it is."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
