"""File names: whatever a stranger calls a file, it lands in its folder, beside the others, on any system."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.file_names import safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("pass.pdf", "pass.pdf"), ("Übersicht 2026.xlsx", "Übersicht 2026.xlsx"), ("履歴書.pdf", "履歴書.pdf"),
        ("../../etc/passwd", "_._etc_passwd"), ("..", "file"), (".", "file"), ("", "file"), ("   ", "file"), ("/", "_"),
        (r"C:\Windows\system.ini", "C_Windows_system.ini"), ("a\nb\x00c.txt", "a_b_c.txt"), (".htaccess", "htaccess"),
        ("con", "_con"), ("COM1.txt", "_COM1.txt"), ("nul.tar.gz", "_nul.tar.gz"), ("console.log", "console.log"), ("end. ", "end"),
        ("annex\u202efdp.exe", "annex_fdp.exe"), ("e\u0301.txt", "é.txt"), ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)  # fmt: skip
def test_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_no_file_takes_anothers_place_not_even_where_letter_case_makes_no_difference() -> None:
    taken: list[str] = []
    for name in ("pass.pdf", "PASS.PDF", "pass.pdf", "pass"):
        taken.append(safe_name(name, taken))
    assert taken == ["pass.pdf", "PASS-2.PDF", "pass-3.pdf", "pass"]


@given(st.text(alphabet=st.characters()))
def test_any_text_makes_a_plain_name(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 100
    assert not set(safe) & set('<>:"/\\|?*\x00\n') and safe.strip(" .") == safe
