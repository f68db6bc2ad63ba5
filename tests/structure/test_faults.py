"""Every fault has a test, and the docs say which."""

from tests.faults import FAULTS, PAGE, find_tests, put_into


def test_faults_all_have_a_test_and_tests_name_no_other() -> None:
    assert set(find_tests()) == set(FAULTS)


def test_list_of_faults_is_as_new_as_the_tests() -> None:
    page = PAGE.read_text()

    assert put_into(page) == page, "make faults"
