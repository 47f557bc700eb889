"""The table of clocks: sound as shipped, and clear about what is wrong in a changed one."""

from pathlib import Path

import pytest

from bot.clocks import EVENT_KINDS, kinds
from bot.law.calendars import ClockError
from bot.law.clock_table import Period, read_table, table
from intents.catalog import Intent


def test_the_table_is_sound() -> None:
    names = [name for own, regime in table().regimes.items() for name in (own, *regime.aliases)]
    assert len(names) == len(set(names))
    assert set(table().synonyms.values()) <= set(Intent)
    for regime in table().regimes.values():
        for row in regime.clocks:
            assert set(row.doubts) <= set(table().readings)
            assert row.period or row.policy or row.appeal or row.stop
    assert set(EVENT_KINDS) >= {"extension_notice", "id_requested"}
    assert "know_confirm" in kinds("us_ca")


def test_a_broken_table_names_its_field(tmp_path: Path) -> None:
    broken = tmp_path / "clocks.yaml"
    broken.write_text(
        "version: '1'\nsynonyms: {}\nreadings: {}\ndoubtful_holidays: []\nshared: []\neverywhere: []\nregimes: {x: {name: X}}\n"
    )
    with pytest.raises(ClockError, match=r"regimes\.x\.act"):
        read_table(broken)
    with pytest.raises(ValueError, match="exactly one"):
        Period(months=1, days=2)
