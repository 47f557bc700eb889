"""The weekly digest: figures worked out by hand, and a page that any mail client and Slack can show."""

from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from bot.demo.slack_rules import message_block_problems
from bot.digest import Count, Digest, MailFacts, OpenTicket, RequestFact, Share, TicketFact, Week, summarise
from bot.digest_page import Page, blocks, language_name, period, render

WEEK = Week(2026, 47)  # 16 to 22 November
TODAY = date(2026, 11, 23)
MAIL = MailFacts(held=3, noise=5, suppressed=8)
NO_MAIL = MailFacts(0, 0, 0)
VOID = {"meta", "br"}


def on(month: int, day: int) -> date:
    return date(2026, month, day)


def asked(intent: str, due: date | None = None, closed: date | None = None) -> RequestFact:
    return RequestFact(intent, due, "fulfilled" if closed else None, closed)


def ticket(
    number: int, received: date, *requests: RequestFact, status: str = "open", handler: str | None = "Mara", closed: date | None = None,
    regime: str = "eu_gdpr", language: str = "de", unclear: bool = False, corrected: bool = False, extended: bool = False,
) -> TicketFact:  # fmt: skip
    reference = f"PRV-2026-{number:05}"
    return TicketFact(reference, regime, language, "mail", status, handler, received, closed, unclear, corrected, extended, tuple(requests))


LATE = ticket(1, on(10, 12), asked("access", on(11, 12)))
PAUSED = ticket(2, on(10, 20), asked("erasure"), status="waiting", handler=None, extended=True)
HALF_DONE = ticket(3, on(10, 26), asked("access", on(11, 18), on(11, 18)), asked("erasure", on(11, 30)), status="in_progress")
UNCLEAR = ticket(4, on(11, 17), asked("question"), handler=None, unclear=True)
CHANGED = ticket(
    5, on(11, 16), asked("unsubscribe", on(12, 16)), asked("access", on(12, 7)), regime="uk_gdpr", language="en", corrected=True
)
QUICK = ticket(6, on(11, 18), asked("unsubscribe", on(12, 18), on(11, 20)), status="closed", closed=on(11, 20), language="en")
TARDY = ticket(7, on(10, 1), asked("access", on(11, 2), on(11, 22)), status="closed", closed=on(11, 22), regime="us_ca_ccpa")
SUNDAY = ticket(8, on(11, 22), asked("other", None, on(11, 23)), status="closed", closed=on(11, 23), language="es")
MONDAY = ticket(9, on(11, 23), asked("access", on(12, 23)), handler="U07QX4MARA")
LONG_AGO = ticket(10, on(8, 24), asked("access", on(9, 24), on(9, 6)), status="closed", closed=on(9, 6))
ALL = [MONDAY, LONG_AGO, SUNDAY, TARDY, QUICK, CHANGED, UNCLEAR, HALF_DONE, PAUSED, LATE]


@pytest.fixture
def digest() -> Digest:
    return summarise(ALL, MAIL, WEEK, TODAY)


@pytest.fixture
def page(digest: Digest) -> Page:
    return render(digest, "Halden & Moor <Textiles>")


class TestFigures:
    def test_what_came_and_what_went_is_counted_from_monday_to_sunday(self, digest: Digest) -> None:
        assert (digest.received, digest.closed) == (4, 2)

    def test_what_is_open_is_as_of_today(self, digest: Digest) -> None:
        assert digest.open == 6
        assert digest.waiting == 1
        assert digest.extensions == 1
        assert numbers(digest.unassigned) == [2, 4]

    def test_due_dates_are_those_of_open_requests(self, digest: Digest) -> None:
        assert numbers(digest.overdue) == [1]
        assert numbers(digest.due_in_7_days) == [3]
        assert numbers(digest.due_in_14_days) == [3, 5]
        assert [found.days_left for found in digest.due_in_14_days] == [7, 14]

    @pytest.mark.parametrize(
        ("due", "late", "soon", "later"), [(22, 1, 0, 0), (23, 0, 1, 1), (30, 0, 1, 1)], ids=["yesterday", "today", "in a week"]
    )
    def test_a_ticket_is_late_from_the_day_after_its_due_date(self, due: int, late: int, soon: int, later: int) -> None:
        digest = summarise([ticket(1, on(10, 23), asked("access", on(11, due)))], NO_MAIL, WEEK, TODAY)
        assert (len(digest.overdue), len(digest.due_in_7_days), len(digest.due_in_14_days)) == (late, soon, later)

    def test_received_is_split_by_intent_in_the_order_of_the_catalog(self, digest: Digest) -> None:
        assert digest.by_intent == (Count("access", 1), Count("unsubscribe", 2), Count("question", 1), Count("other", 1))

    def test_an_intent_that_the_catalog_no_longer_has_comes_last(self) -> None:
        digest = summarise([ticket(1, on(11, 17), asked("telepathy"), asked("other"))], NO_MAIL, WEEK, TODAY)
        assert digest.by_intent == (Count("other", 1), Count("telepathy", 1))

    def test_received_is_split_by_regime_and_language_most_first(self, digest: Digest) -> None:
        assert digest.by_regime == (Count("eu_gdpr", 3), Count("uk_gdpr", 1))
        assert digest.by_language == (Count("en", 2), Count("de", 1), Count("es", 1))

    def test_days_to_close_and_on_time_are_of_requests_closed_in_the_week(self, digest: Digest) -> None:
        assert digest.median_days == 23  # of 2, 23 and 52
        assert digest.p90_days == 52
        assert digest.on_time == Share(2, 3)

    @pytest.mark.parametrize(("how_many", "median", "ninth"), [(1, 1, 1), (9, 5, 9), (10, 5.5, 9), (11, 6, 10), (20, 10.5, 18)])
    def test_p90_is_the_days_within_which_nine_of_ten_were_closed(self, how_many: int, median: float, ninth: int) -> None:
        closed = [
            ticket(n, on(11, 20) - timedelta(days=n), asked("access", None, on(11, 20)), status="closed") for n in range(1, how_many + 1)
        ]
        digest = summarise(closed, NO_MAIL, WEEK, TODAY)
        assert (digest.median_days, digest.p90_days) == (median, ninth)

    def test_unclear_and_corrected_are_shares_of_what_came(self, digest: Digest) -> None:
        assert str(digest.unclear) == str(digest.corrected) == "25%"

    def test_the_trend_is_the_twelve_weeks_up_to_this_one(self, digest: Digest) -> None:
        assert [str(each.week) for each in digest.trend][:: len(digest.trend) - 1] == ["2026-W36", "2026-W47"]
        assert [each.received for each in digest.trend] == [0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 4]
        assert [each.closed for each in digest.trend] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]

    def test_the_five_oldest_are_named_with_their_age(self, digest: Digest) -> None:
        assert numbers(digest.oldest) == [1, 2, 3, 5, 4]
        assert [found.days_open for found in digest.oldest] == [42, 34, 28, 7, 6]
        assert digest.oldest[0].handler == "Mara"

    def test_a_week_that_has_not_begun_is_refused(self) -> None:
        with pytest.raises(ValueError, match=r"2026-W49 has not begun yet; the latest is 2026-W48"):
            summarise([], NO_MAIL, Week(2026, 49), TODAY)
        assert summarise([MONDAY], NO_MAIL, Week(2026, 48), TODAY).received == 1

    @pytest.mark.parametrize(("part", "whole", "shown"), [(0, 0, "–"), (0, 9, "0%"), (1, 900, "1%"), (899, 900, "99%"), (9, 9, "100%")])
    def test_a_share_says_all_and_none_only_when_it_is_true(self, part: int, whole: int, shown: str) -> None:
        assert str(Share(part, whole)) == shown


class TestWeek:
    def test_the_days_around_new_year_belong_to_the_week_of_their_thursday(self) -> None:
        assert str(Week.of(date(2027, 1, 3))) == "2026-W53"
        assert str(Week.of(date(2024, 12, 30))) == "2025-W01"
        assert Week(2026, 53).next() == Week(2027, 1)
        assert Week(2026, 1).previous() == Week(2025, 52)
        assert (Week(2026, 53).first, Week(2026, 53).last) == (date(2026, 12, 28), date(2027, 1, 3))

    def test_the_trend_runs_across_new_year(self) -> None:
        eve = ticket(1, date(2026, 12, 31), asked("access"), status="closed", closed=date(2027, 1, 4))
        trend = summarise([eve], NO_MAIL, Week(2027, 1), date(2027, 1, 11)).trend
        assert [(str(each.week), each.received, each.closed) for each in trend[-3:]] == [
            ("2026-W52", 0, 0), ("2026-W53", 1, 0), ("2027-W01", 0, 1),
        ]  # fmt: skip

    def test_it_reads_what_it_writes(self) -> None:
        assert Week.parse("2026-W07") == Week(2026, 7)
        assert str(Week(2026, 7)) == "2026-W07"

    @pytest.mark.parametrize("wrong", ["", "2026-47", "2026-w47", "26-W47", "2026-W7", "2026-W٤٧", "9999-W52", "2026-W47x"])
    def test_anything_else_is_refused_with_an_example(self, wrong: str) -> None:
        with pytest.raises(ValueError, match="write a week as 2026-W47"):
            Week.parse(wrong)

    @pytest.mark.parametrize("missing", ["2026-W00", "2026-W54", "2025-W53"])
    def test_a_week_the_year_does_not_have_is_refused(self, missing: str) -> None:
        with pytest.raises(ValueError, match=r"no week \d+ in 202\d"):
            Week.parse(missing)

    def test_a_period_names_month_and_year_twice_only_where_they_differ(self) -> None:
        assert period(WEEK) == "16–22 November 2026"
        assert period(Week(2026, 49)) == "30 November – 6 December 2026"
        assert period(Week(2026, 53)) == "28 December 2026 – 3 January 2027"


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
    def test_the_subject_says_the_figures_that_matter(self, digest: Digest, page: Page) -> None:
        assert page.subject == "Privacy desk 2026-W47: 1 overdue, 6 open, 4 received, 2 closed"
        calm = summarise([CHANGED, QUICK], NO_MAIL, WEEK, TODAY)
        assert render(calm, "Halden").subject == "Privacy desk 2026-W47: 1 open, 2 received, 1 closed"

    def test_the_html_is_whole_and_brings_everything_with_it(self, page: Page) -> None:
        reader = Reader(page.html)
        assert reader.path == []
        tags = {tag for tag, _ in reader.tags}
        assert not tags & {"img", "script", "link", "a", "svg", "form", "iframe", "object"}
        assert not [outside for outside in ("http", "url(", "@import", "src=") if outside in page.html]
        assert len(page.html.encode()) < 100_000  # Gmail cuts a longer mail off

    def test_a_screen_reader_finds_headings_table_heads_and_no_drawings(self, page: Page) -> None:
        reader = Reader(page.html)
        assert [tag for tag, _ in reader.tags if tag in ("h1", "h2", "h3")][:2] == ["h1", "h2"]
        assert all(attrs.get("scope") in ("row", "col") for tag, attrs in reader.tags if tag == "th")
        assert not [words for words, hidden in reader.words if hidden]
        assert ("html", {"lang": "en"}) in reader.tags

    def test_figures_and_names_can_be_read_without_the_drawings(self, page: Page) -> None:
        shown = [words for words, _ in Reader(page.html).words]
        assert {"overdue", "Unsubscribe", "EU GDPR", "German", "11 days late", "open 42 days", "67%", "nobody yet"} <= set(shown)
        assert shown[shown.index("Unsubscribe") + 1] == "2"

    def test_the_colour_of_alarm_appears_only_when_something_is_late(self, page: Page) -> None:
        assert "#b3261e" in page.html
        calm = render(summarise([CHANGED], NO_MAIL, WEEK, TODAY), "Halden").html
        assert "#b3261e" not in calm
        assert "Nothing overdue, nothing due within 7 days, every open ticket has a handler." in calm

    def test_what_comes_from_outside_is_text_and_not_markup(self, page: Page) -> None:
        assert "Halden &amp; Moor &lt;Textiles&gt;" in page.html
        assert "Halden & Moor <Textiles>" in page.text
        html = render(summarise([ticket(1, on(11, 2), handler="<b>Mara</b>")], NO_MAIL, WEEK, TODAY), "Halden").html
        assert "&lt;b&gt;Mara&lt;/b&gt;" in html

    def test_the_text_stands_in_columns(self, page: Page) -> None:
        lines = page.text.splitlines()
        assert "Overdue                          1" in lines
        assert "PRV-2026-00001     42  12 Nov 2026  11 days late    Mara" in lines
        assert "PRV-2026-00002     34  –                            nobody yet" in lines
        assert "2026-W47           4         2" in lines
        assert "Answered on time               67%   2 of 3 requests closed with a due date" in lines
        assert max(map(len, lines)) <= 78

    def test_many_tickets_are_counted_and_the_first_named(self) -> None:
        many = [ticket(n, on(10, 1), asked("access", on(11, 1))) for n in range(1, 41)]
        page = render(summarise(many, NO_MAIL, WEEK, TODAY), "Halden")
        assert "    and 34 more" in page.text.splitlines()
        assert "and 34 more" in page.html

    def test_nothing_closed_shows_a_dash_and_not_a_division(self) -> None:
        page = render(summarise([LATE], NO_MAIL, WEEK, TODAY), "Halden")
        assert "Answered on time                 –   no requests closed with a due date" in page.text.splitlines()
        assert "Unclear at first                 –   no tickets received" in page.text.splitlines()
        assert "Received by" not in page.text

    def test_a_code_without_a_name_is_shown_as_it_is(self) -> None:
        assert [language_name(code) for code in ("nb", "pt-BR", "zz", "")] == ["Norwegian Bokmål", "Portuguese (Brazil)", "zz", "unknown"]


class TestEmptyWeek:
    def test_it_says_so_in_one_line(self) -> None:
        digest = summarise([LONG_AGO], MailFacts(0, 2, 3), WEEK, TODAY)
        page = render(digest, "Halden")
        assert digest.is_empty
        assert page.subject == "Privacy desk 2026-W47: a quiet week"
        assert page.text.rstrip().splitlines()[-1] == "A quiet week: nothing received, nothing closed, nothing open."
        assert [words for words, _ in Reader(page.html).words][-1] == "A quiet week: nothing received, nothing closed, nothing open."

    def test_an_open_ticket_or_a_held_mail_is_no_empty_week(self) -> None:
        assert not summarise([LATE], NO_MAIL, WEEK, TODAY).is_empty
        assert not summarise([], MailFacts(1, 0, 0), WEEK, TODAY).is_empty


class TestSlack:
    def test_the_message_is_one_that_slack_takes(self, digest: Digest) -> None:
        text, drawn = blocks(digest)
        assert text == "Privacy desk 2026-W47: 1 overdue, 6 open, 4 received, 2 closed"
        assert message_block_problems(drawn) == []
        assert drawn[0]["text"]["text"] == "Privacy desk, week 47"

    def test_it_stays_inside_the_limits_whatever_the_numbers_and_names(self) -> None:
        many = [
            ticket(n, on(11, 17), *(asked(intent, on(11, 18)) for intent in ("access", "x" * 300)), handler="<&>" * 200)
            for n in range(1, 500)
        ]
        assert message_block_problems(blocks(summarise(many, MAIL, WEEK, TODAY))[1]) == []

    def test_a_colleague_is_mentioned_and_nothing_else_in_a_name_fires(self) -> None:
        people = [
            ticket(1, on(11, 2), handler="U07QX4MARA"),
            ticket(2, on(11, 3), handler="<!channel>"),
            ticket(3, on(11, 4), handler=None),
        ]
        shown = str(blocks(summarise(people, NO_MAIL, WEEK, TODAY))[1])
        assert "<@U07QX4MARA>" in shown
        assert "&lt;!channel&gt;" in shown
        assert "<!channel>" not in shown
        assert "nobody yet" in shown

    def test_an_empty_week_is_one_line(self) -> None:
        text, drawn = blocks(summarise([], NO_MAIL, WEEK, TODAY))
        assert text == "Privacy desk 2026-W47: a quiet week"
        assert [block["type"] for block in drawn] == ["header", "context", "section"]
        assert message_block_problems(drawn) == []


def numbers(tickets: tuple[OpenTicket, ...]) -> list[int]:
    return [int(found.reference[-5:]) for found in tickets]
