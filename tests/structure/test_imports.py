"""Who may know whom: the contracts of pyproject.toml, and what really gets loaded."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.structure.sources import PROJECT, module_name, python_files

FRAMEWORKS = {"flask", "flask_sqlalchemy", "sqlalchemy", "apscheduler"}


def pure_modules() -> list[str]:
    """Return what the contract of the pure rules names: modules and packages."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    pure = next(one for one in contracts["contracts"] if one["name"].startswith("Pure rules"))
    names: list[str] = pure["source_modules"]
    return names


def run_python(program: str) -> str:
    """Return what ``program`` prints in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_all_pure_rules_are_measured_as_such() -> None:
    """The contract names modules, the Makefile the files whose tests must leave out nothing."""
    line = re.search(r"^PURE := (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)

    assert line is not None
    measured = {
        file.removesuffix("/*").removesuffix(".py").replace("/", ".") for file in line[1].split(",")
    }
    assert measured == set(pure_modules())


def test_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [linter, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_pure_modules_load_no_framework() -> None:
    pure = tuple(pure_modules())
    names = [name for name in map(module_name, python_files()) if name.startswith(pure)]
    # One after the other, so that the first that loads one is named.
    program = f"""
import sys
from importlib import import_module
for name in {["booking", *names]}:
    import_module(name)
    if loaded := {FRAMEWORKS}.intersection(sys.modules):
        print(name, *loaded)
        break
"""

    assert run_python(program) == ""


def test_application_loads_the_holidays_of_the_world_only_when_asked() -> None:
    """They take a third of a second, which an installation without a region never pays."""
    ask = "holidays_between({region!r}, first=date.min, last=date.min, locale='de')"
    program = (
        "import sys, booking.app; from datetime import date;"
        f" from booking.public_holidays import holidays_between; {ask};"
        " print('holidays' in sys.modules)"
    )

    assert run_python(program.format(region="")) == "False"
    assert run_python(program.format(region="DE")) == "True"


def test_application_knows_every_table() -> None:
    modules = [module_name(path) for path in python_files()]
    tables = "from booking.db import db; print(*sorted(db.metadata.tables))"

    known_to_app = run_python(f"import booking.app; {tables}").split()
    declared = run_python(f"import {', '.join(modules)}; {tables}").split()

    assert known_to_app == declared
