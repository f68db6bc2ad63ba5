"""Every state of the pages has its expected tree and its figures in the documentation."""

from tests.accessibility.expected import EXPECTED, FOLDER, file_of
from tests.accessibility.report import PAGE, states_in
from tests.accessibility.states import STATES


def test_trees_are_those_of_the_states() -> None:
    assert set(FOLDER.iterdir()) == {file_of(name, locale=locale) for name, locale in EXPECTED}


def test_figures_are_those_of_the_states() -> None:
    expected = [(name, steps.__doc__) for name, steps in STATES.items()]

    assert states_in(PAGE.read_text()) == expected, "make accessibility"
