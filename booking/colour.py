"""Colours that can be read: what an organisation's one accent becomes on light and on dark.

PURE. Contrast is that of WCAG 2.2 (success criterion 1.4.3); a colour is ``#rrggbb``.
"""

from __future__ import annotations

LEAST_CONTRAST = 4.5
LIGHT = "#ffffff"
DARK = "#14171c"
STEPS = 50
LINEAR_BELOW = 0.04045
"""Where the curve of sRGB begins."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (none) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(background: str) -> str:
    """Return white or near-black, whichever can be read better on ``background``."""
    return max((LIGHT, DARK), key=lambda colour: contrast(colour, background))


def readable_on(background: str, *, accent: str) -> str:
    """Return ``accent``, made darker or lighter until it can be read on ``background``."""
    towards = "#000000" if contrast("#000000", background) > contrast(LIGHT, background) else LIGHT
    shades = (_mix(accent, towards, share=step / STEPS) for step in range(STEPS))
    return next(
        (shade for shade in shades if contrast(shade, background) >= LEAST_CONTRAST), towards
    )


def accent_css(accent: str) -> str:
    """Return a style sheet that sets ``--accent`` and ``--on-accent`` for light and for dark."""
    light, dark = readable_on(LIGHT, accent=accent), readable_on(DARK, accent=accent)
    return (
        f":root{{--accent:{light};--on-accent:{text_on(light)}}}\n"
        "@media (prefers-color-scheme:dark)"
        f"{{:root{{--accent:{dark};--on-accent:{text_on(dark)}}}}}\n"
    )


def _mix(colour: str, other: str, *, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
