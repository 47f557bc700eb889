"""The digest's pictures: small, sharp, the same bytes each time, and readable on any ground."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from bot import charts
from bot.charts import draw
from bot.digest_charts import WIDTH, Chart, overview
from bot.digest_charts import charts as charts_of
from bot.digest_config import LANGUAGES
from bot.digest_words import words_of
from tests.digests import BUSY, asked, digest_of, on, ticket

LIGHT, DARK = "#ffffff", "#1b2129"
"""The grounds of the page (bot/letters/staff/digest.html.j2)."""


def drawn(language: str = "en") -> list[tuple[Chart, bytes]]:
    return [(chart, draw(chart.drawing)) for chart in charts_of(BUSY, words_of(language))]


def chunks(png: bytes) -> list[bytes]:
    """The kinds of the parts of a PNG file."""
    found, place = [], 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        found.append(png[place + 4 : place + 8])
        place += length + 12
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_small_and_twice_as_sharp_as_it_is_shown(language: str) -> None:
    for chart, png in drawn(language):
        image = Image.open(BytesIO(png))
        assert image.width == 2 * WIDTH
        assert len(png) < 40_000, chart.name
        assert image.getchannel("A").getextrema() == (0, 255)


def test_the_same_figures_give_the_same_bytes_and_no_date_goes_in() -> None:
    assert drawn() == drawn()
    assert {kind for _, png in drawn() for kind in chunks(png)} <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}


@pytest.mark.parametrize("colour", [charts.INK, charts.RECEIVED, charts.CLOSED, charts.LATE])
@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_every_colour_stands_out_from_a_light_and_from_a_dark_ground(colour: str, ground: str) -> None:
    """WCAG 2.2, 1.4.11: 3 to 1."""
    lighter, darker = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_card_for_slack_holds_all_of_them_on_a_light_ground() -> None:
    [card] = overview(BUSY, words_of("en"))
    image = Image.open(BytesIO(draw(card.drawing))).convert("RGB")
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert image.height > image.width
    assert all(chart.alt in card.alt for chart in charts_of(BUSY, words_of("en")))


def test_huge_and_tiny_figures_can_be_drawn() -> None:
    many = digest_of(*(ticket(n, on(11, 17), asked("x" * 60, on(12, 1))) for n in range(30_000)))
    lonely = digest_of(ticket(1, on(8, 1)))
    for digest in (many, lonely):
        assert all(draw(chart.drawing) for chart in (*charts_of(digest, words_of("pl")), *overview(digest, words_of("pl"))))
