"""The digest's page: any mail client can show it, in each language, with its pictures and without."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from bot.digest import MailFacts
from bot.digest_charts import charts
from bot.digest_config import LANGUAGES
from bot.digest_page import Page, render
from bot.digest_words import words_of
from bot.weeks import Week
from tests.digests import ALL, BUSY, CHANGED, LATE, LONG_AGO, QUICK, TODAY, WEEK, asked, digest_of, on, ticket

VOID = {"meta", "br", "img"}
EMPTY = "A quiet week: nothing received, nothing closed, nothing open."


@pytest.fixture
def page() -> Page:
    return render(BUSY, "Halden & Moor <Textiles>")


def with_pictures(*languages: str) -> str:
    places = {language: [(chart, f"cid:{chart.name}@x") for chart in charts(BUSY, words_of(language))] for language in languages}
    return render(BUSY, "Halden", languages, places).html


class Reader(HTMLParser):
    """Reads a page strictly: every tag is closed by its own end tag; gathers what the tests ask about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.path: list[tuple[str, dict[str, str | None]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.path.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.path.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.path and self.path[-1][0] not in ("style", "title"):
            self.words.append((" ".join(data.split()), any("aria-hidden" in attrs for _, attrs in self.path)))


class TestMail:
    def test_the_subject_says_the_figures_that_matter(self, page: Page) -> None:
        assert page.subject == "Privacy desk 2026-W47: 1 overdue, 6 open, 4 received, 2 closed"
        assert render(digest_of(CHANGED, QUICK), "Halden").subject == "Privacy desk 2026-W47: 1 open, 2 received, 1 closed"

    def test_the_week_in_one_line_comes_first(self, page: Page) -> None:
        assert page.text.splitlines()[4] == "4 received, 6 open, 1 overdue"
        reader = Reader(page.html)
        headline = [words for words, _ in reader.words][2:5]
        assert headline == ["4 received,", "6 open,", "1 overdue"]

    def test_the_html_is_whole_and_brings_everything_with_it(self, page: Page) -> None:
        for html in (page.html, with_pictures("en", "de")):
            reader = Reader(html)
            assert reader.path == []
            tags = {tag for tag, _ in reader.tags}
            assert not tags & {"link", "script", "a", "svg", "form", "iframe", "object"}
            assert not [outside for outside in ("http", "url(", "@import") if outside in html]
            assert len(html.encode()) < 100_000  # Gmail cuts a longer mail off

    def test_a_screen_reader_finds_headings_table_heads_and_the_pictures_words(self) -> None:
        reader = Reader(with_pictures("en"))
        assert [tag for tag, _ in reader.tags if tag in ("h1", "h2", "h3")][:2] == ["h1", "h2"]
        assert all(attrs.get("scope") in ("row", "col") for tag, attrs in reader.tags if tag == "th")
        assert ("html", {"lang": "en"}) in reader.tags
        assert [attrs["alt"] for tag, attrs in reader.tags if tag == "img"] == [
            "Chart. Open by due date: Overdue 1, Within 7 days 1, In 8 to 14 days 1, Later 1, No date runs 2.",
            "Chart. Received by intent: Access 1, Unsubscribe 2, Question 1, Other 1.",
            "Chart of twelve weeks. In week 47: 4 received, 2 closed, 6 open at its end; in week 36 it was 0, 1 and 0.",
        ]

    @pytest.mark.parametrize("pictures", [False, True], ids=["without pictures", "with pictures, which may be blocked"])
    def test_figures_and_names_can_be_read_without_the_pictures(self, page: Page, pictures: bool) -> None:
        shown = [words for words, _ in Reader(with_pictures("en") if pictures else page.html).words]
        said = " ".join(shown).replace("\xa0", " ")
        assert {"overdue", "EU GDPR", "German", "11 days late", "open 42 days", "67%", "nobody yet"} <= set(shown)
        assert "Unsubscribe 2" in said
        assert "No date runs 2" in said
        assert "47 4 2 6" in said

    def test_the_colour_of_alarm_appears_only_when_something_is_late(self, page: Page) -> None:
        assert "#b3261e" in page.html
        calm = render(digest_of(CHANGED), "Halden").html
        assert "#b3261e" not in calm
        assert "Nothing overdue, nothing due within 7 days, every open ticket has a handler." in calm

    def test_what_comes_from_outside_is_text_and_not_markup(self, page: Page) -> None:
        assert "Halden &amp; Moor &lt;Textiles&gt;" in page.html
        assert "Halden & Moor <Textiles>" in page.text
        html = render(digest_of(ticket(1, on(11, 2), handler="<b>Mara</b>")), "Halden").html
        assert "&lt;b&gt;Mara&lt;/b&gt;" in html

    def test_the_text_stands_in_columns(self, page: Page) -> None:
        lines = page.text.splitlines()
        assert "overdue                                   1" in lines
        assert "received                                  4   week before: 0" in lines
        assert "PRV-2026-00001      42  12 Nov 2026  11 days late        Mara" in lines
        assert "PRV-2026-00002      34  –                                nobody yet" in lines
        assert "2026-W47             4         2         6" in lines
        place = lines.index("Answered on time                             67%")
        assert lines[place + 1] == "    2 of 3 requests closed with a due date"
        assert "Letters withheld                               2" in lines

    def test_many_tickets_are_counted_and_the_first_named(self) -> None:
        page = render(digest_of(*(ticket(n, on(10, 1), asked("access", on(11, 1))) for n in range(1, 41))), "Halden")
        assert "    and 34 more" in page.text.splitlines()
        assert "and 34 more" in page.html

    def test_nothing_closed_shows_a_dash_and_not_a_division(self) -> None:
        lines = render(digest_of(LATE), "Halden").text.splitlines()
        place = lines.index("Answered on time                               –")
        assert lines[place + 1] == "    no requests closed with a due date"
        assert not [line for line in lines if line.startswith("Received by")]

    def test_a_week_that_still_runs_is_called_so_far(self) -> None:
        page = render(digest_of(*ALL, week=Week.of(TODAY)), "Halden")
        assert page.subject.startswith("Privacy desk 2026-W48 (so far): ")
        assert "Privacy desk, week 48 (so far): 23–29 Nov 2026" in page.text.splitlines()


class TestLanguages:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_says_the_same_and_fits_a_terminal(self, language: str) -> None:
        page = render(BUSY, "Halden", [language])
        lines = page.text.splitlines()
        assert max(map(len, lines)) <= 80
        assert "PRV-2026-00001" in page.text
        assert not [line for line in lines if "{" in line or "None" in line]
        assert Reader(page.html).path == []
        assert f'<html lang="{language}">' in page.html
        assert words_of(language)("sections.attention") in page.html

    def test_several_stand_one_below_the_other_under_the_first_ones_subject(self) -> None:
        page = render(BUSY, "Halden", ["de", "en"])
        assert page.subject == "Datenschutz 2026-W47: 1 überfällig, 6 offen, 4 eingegangen, 2 erledigt"
        assert page.text.index("4 eingegangen, 6 offen, 1 überfällig") < page.text.index("4 received, 6 open, 1 overdue")
        assert [attrs["lang"] for tag, attrs in Reader(page.html).tags if "lang" in attrs] == ["de", "de", "en"]


class TestEmptyWeek:
    def test_it_says_so_in_one_line(self) -> None:
        digest = digest_of(LONG_AGO, mail=MailFacts(0, 2, 3, 0))
        page = render(digest, "Halden")
        assert digest.is_empty
        assert page.subject == "Privacy desk 2026-W47: a quiet week"
        assert page.text.rstrip().splitlines()[-1] == EMPTY
        assert [words for words, _ in Reader(page.html).words][-1] == EMPTY
        assert charts(digest, words_of("en")) == []

    def test_an_open_ticket_or_a_held_mail_is_no_empty_week(self) -> None:
        assert not digest_of(LATE).is_empty
        assert not digest_of(mail=MailFacts(1, 0, 0, 0)).is_empty
        assert "0 received, 0 open, 0 overdue" in render(digest_of(mail=MailFacts(1, 0, 0, 0)), "Halden").text

    def test_weeks_without_a_digest_are_named(self) -> None:
        silent = [Week.of(WEEK.first - timedelta(weeks=back)) for back in (2, 1)]
        page = render(digest_of(LATE, missed=tuple(silent)), "Halden")
        assert "No digest went out for 2026-W45, 2026-W46." in page.text.splitlines()
        assert "No digest went out for 2026-W45, 2026-W46." in page.html
