"""Parcels: an AES-256 zip that opens with its passphrase alone, and whose directory tells nothing."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import pyzipper

from bot.inquiry import Attachment
from bot.parcels import new_passphrase, sealed

FILES = [
    Attachment("Jo Doe, diagnosis.PDF", "application/pdf", b"%PDF" + bytes(5_000)), Attachment("../../etc/passwd", "text/plain", b"x"),
    Attachment("größer.tar.gz", "application/gzip", b""), Attachment("Jo Doe, diagnosis.PDF", "application/pdf", b"another"),
]  # fmt: skip


def test_it_opens_with_the_passphrase_alone() -> None:
    parcel = sealed("PRV-2026-00042", FILES, "kmn2-abcd")
    assert (parcel.name, parcel.media_type) == ("PRV-2026-00042.zip", "application/zip")
    with pyzipper.AESZipFile(io.BytesIO(parcel.content)) as opened:
        assert [opened.read(name, pwd=b"kmn2-abcd") for name in opened.namelist()] == [file.content for file in FILES]
        for name in opened.namelist():
            with pytest.raises(RuntimeError):
                opened.read(name, pwd=b"kmn2-abce")
        assert all(one.flag_bits & 1 and one.wz_aes_strength == 3 for one in opened.infolist())  # 3: 256 bits


def test_its_directory_names_nobody() -> None:
    names = zipfile.ZipFile(io.BytesIO(sealed("PRV-2026-00042", FILES, "x").content)).namelist()
    assert names == ["PRV-2026-00042-1.pdf", "PRV-2026-00042-2", "PRV-2026-00042-3.gz", "PRV-2026-00042-4.pdf"]


@pytest.mark.skipif(shutil.which("7z") is None, reason="7z is not installed here")
def test_another_program_opens_it(tmp_path: Path) -> None:
    (tmp_path / "parcel.zip").write_bytes(sealed("PRV-2026-00042", FILES[:1], "kmn2-abcd").content)
    subprocess.run(["7z", "x", "-pkmn2-abcd", "parcel.zip"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "PRV-2026-00042-1.pdf").read_bytes() == FILES[0].content


def test_passphrases_are_long_differ_and_can_be_read_aloud() -> None:
    some = {new_passphrase() for _ in range(200)}
    assert len(some) == 200
    assert all(len(one) == 24 and one.count("-") == 4 and not set(one) & set("0O1lIi") for one in some)
