"""Whatever accent an organisation sets, it can be read, and so can what stands on it."""

from hypothesis import example, given
from hypothesis import strategies as st

from booking.colour import DARK, LIGHT, contrast, readable_on, text_on

LEAST = 4.5
COLOURS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(accent=COLOURS, surface=st.sampled_from([LIGHT, DARK]))
@example(accent=LIGHT, surface=LIGHT)
@example(accent=DARK, surface=DARK)
@example(accent="#808080", surface=DARK)
def test_every_accent_can_be_read(accent: str, surface: str) -> None:
    shown = readable_on(surface, accent=accent)

    assert contrast(shown, surface) >= LEAST
    assert contrast(text_on(shown), shown) >= LEAST


def test_accent_that_can_be_read_stays_as_it_is() -> None:
    assert readable_on(LIGHT, accent="#0b5fff") == "#0b5fff"


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
