"""What a person may write in config.yaml for durations, sizes, times, addresses and codes, and what is refused."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import notation

ACCEPTED: list[tuple[Callable[[Any], Any], Any, Any]] = [
    (notation.duration, "14d", timedelta(days=14)),
    (notation.duration, "1h30m", timedelta(minutes=90)),
    (notation.duration, " 2w 3d ", timedelta(days=17)),
    (notation.duration, "90s", timedelta(seconds=90)),
    (notation.duration, "0d", timedelta()),
    (notation.duration, "36525d", timedelta(days=36525)),
    (notation.wait, "1s", timedelta(seconds=1)),
    (notation.wait, "1d", timedelta(days=1)),
    (notation.window, "7d", timedelta(days=7)),
    (notation.size, "500kB", 500_000),
    (notation.size, "25 MB", 25_000_000),
    (notation.size, "2GB", 2_000_000_000),
    (notation.size, 4096, 4096),
    (notation.time_of_day, "08:30", time(8, 30)),
    (notation.time_of_day, "00:00", time()),
    (notation.day, "2026-12-24", date(2026, 12, 24)),
    (notation.time_zone, "Europe/Berlin", ZoneInfo("Europe/Berlin")),
    (notation.line, " Example GmbH & Co. KG – Süd ", "Example GmbH & Co. KG – Süd"),
    (notation.line, 123, "123"),
    (notation.mail_address, " Privacy@Example.ORG ", "privacy@example.org"),
    (notation.mail_address, "müller+x@mail.example.org", "müller+x@mail.example.org"),
    (notation.mail_address, "root@localhost", "root@localhost"),
    (notation.weekday, "Monday", "monday"),
    (notation.country, "no", "NO"),
    (notation.country, "DE", "DE"),
    (notation.language, "DE", "de"),
    (notation.slack_id, "C0123456789", "C0123456789"),
    (notation.port, 993, 993),
    (notation.port, "0993", 993),
    (notation.host, "imap.example.org", "imap.example.org"),
    (notation.host, "::1", "::1"),
    (notation.web_address, "https://example.org/privacy?x=1", "https://example.org/privacy?x=1"),
    (notation.web_address_or_nothing, None, ""),
    (notation.api_address, "https://slack.com/api/", "https://slack.com/api/"),
    (notation.api_address, "http://127.0.0.1:8065/api/", "http://127.0.0.1:8065/api/"),
    (notation.database_address, "sqlite:////var/lib/bot/bot.db?timeout=5", "sqlite:////var/lib/bot/bot.db?timeout=5"),
    (notation.database_address, "postgresql:///privacy", "postgresql:///privacy"),
    (notation.database_address, "postgresql://bot:p%40ss@[::1]:5432/privacy", "postgresql://bot:p%40ss@[::1]:5432/privacy"),
]

REFUSED: list[tuple[Callable[[Any], Any], list[Any], str]] = [
    (notation.duration, ["", " ", "14", "14 days", "-1d", "1.5h", "d", 14, None, True, "٣d", "1m1h"], "as 14d, 12h, 30m or 45s"),
    (notation.duration, ["36526d", "9" * 40 + "w", "99999999999999s"], "of a hundred years at most"),
    (notation.wait, ["0s", "25h", "100w"], "from 1s to 1d"),
    (notation.window, ["0d"], "1s or more"),
    (notation.size, ["25", "25mb", "-1MB", "1.5MB", "", 0, -1, True, None, "3GB", 10**12], "write a size as 500kB or 25MB"),
    (notation.time_of_day, ["8:30", "24:00", "08:60", "0830", "08:30:00", 510, None, "٠٨:٣٠"], "write a time of day as 08:30"),
    (notation.day, ["24.12.2026", "2026-2-3", "2026-02-30", "20261224", 20261224, 0, None], "write a date as 2026-12-24"),
    (notation.time_zone, ["Berlin", "", "../../etc/passwd", "/etc/passwd", "Europe/", 1, None, "Europe/Berlin\0"], "as Europe/Berlin"),
    (notation.line, ["", "  ", "two\nlines", "bell\a", None, True, ["x"]], "a text of one line"),
    (notation.mail_address, ["privacy", "a@b@c.example", "a b@c.example", "@c.example", "a@", "a@-c.example", "a@c..example", None, 5,
                             "<a@c.example>", "Jo <jo@c.example>", "a@c.example, b@c.example", "a\n@c.example",
                             "a@" + "x" * 64 + ".example"], "privacy@example.org"),
    (notation.weekday, ["mon", "Montag", "", 1, None], "monday, tuesday, wednesday, thursday, friday, saturday, sunday"),
    (notation.country, ["DEU", "Germany", "", False, 49, None], "such as DE"),
    (notation.language, ["deu", "German", "", False, None], "such as de"),
    (notation.slack_id, ["#privacy", "privacy", "c0123", "C", "C0123 ", "", 5, None], "as C0123456789"),
    (notation.port, [0, 65536, -1, "imap", "0x3e1", "", True, 99.5, None, "9" * 5000], "from 1 to 65535"),
    (notation.host, ["https://imap.example.org", "imap.example.org:993", "imap example", "", "-x", "a..b", None, 5], "as imap.example.org"),
    (notation.web_address, ["http://example.org", "example.org", "https://", "https:// x", "javascript:alert(1)", "", None], "as https://"),
    (notation.api_address, ["http://slack.com/api/", "https://slack.com/api", "ftp://127.0.0.1/", "https:///", "https://x:port/", "", None],
     "as https://slack.com/api/"),
    (notation.database_address, ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///?timeout=5", "mysql://h/n", "privacybot.db",
                                 "postgresql://h", "postgresql:///", "postgresql://h:port/n", "postgresql+asyncpg://h/n", "", None, 5],
     "sqlite:///FILE or postgresql://HOST/NAME"),
]  # fmt: skip


@pytest.mark.parametrize(("read", "text", "meaning"), ACCEPTED)
def test_what_a_person_writes_is_understood(read: Callable[[Any], Any], text: Any, meaning: Any) -> None:
    assert read(text) == meaning


@pytest.mark.parametrize(("read", "texts", "allowed"), REFUSED)
def test_what_is_refused_is_answered_with_what_is_allowed(read: Callable[[Any], Any], texts: list[Any], allowed: str) -> None:
    for text in texts:
        with pytest.raises(ValueError, match=r"^write") as refusal:
            read(text)
        assert allowed in str(refusal.value), text


def test_reading_again_what_was_read_changes_nothing() -> None:
    for read, text, meaning in ACCEPTED:
        assert read(read(text)) == meaning


def test_a_refusal_never_repeats_the_value() -> None:
    with pytest.raises(ValueError, match="write a database") as refusal:
        notation.database_address("postgres://bot:hunter2@db/privacy")
    assert "hunter2" not in str(refusal.value)


def test_only_this_machine_is_loopback() -> None:
    assert all(map(notation.is_loopback, ("localhost", "127.0.0.1", "127.8.8.8", "::1")))
    assert not any(map(notation.is_loopback, ("localhost.example.org", "10.0.0.1", "127.0.0.1.example.org", "")))
