"""The export command: one ticket as a folder or a zip file for an authority, for its reader alone, and never over anything."""

import os
import shutil
import zipfile
from pathlib import Path

from bot import journal
from bot.app import App
from bot.commands.journal import wanted
from bot.config_file import ConfigError
from bot.desk import Refused
from bot.dossier import Files, export

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file knows: the same content gives the same bytes


def export_ticket(app: App, reference: str, out: Path | None, *, zipped: bool, redact: bool) -> None:
    """Write it and say where. Raises ConfigError."""
    name = wanted(reference)
    zipped = zipped or (out is not None and out.suffix.lower() == ".zip")
    target = out or Path(f"{name}.zip" if zipped else name)
    if target.exists() or target.is_symlink():
        raise ConfigError(f"{target}: is there already; it was left as it is. Name another place with --out")
    try:
        files: Files = app.read(lambda session: export(session, app.office, name, "cli", app.clock(), redact=redact))
    except Refused:
        raise ConfigError(_why_none(app, name)) from None
    try:
        (_write_zip if zipped else _write_folder)(target, name, files)
    except OSError as error:
        raise ConfigError(f"{target}: can't be written ({error.strerror})") from None
    kind = "Texts and addresses are left out." if redact else "It holds personal data."
    print(f"{target}: {len(files)} files. {kind} That it was made stands in the journal.")


def _why_none(app: App, name: str) -> str:
    head: journal.Head | None = app.read(lambda session: journal.head_of(session, name))
    if head is None or head.purged_at is None:
        return f"There is no ticket {name}."
    day = head.purged_at.astimezone(app.config.organisation.time_zone).date()
    return f"{name} was purged on {day}, when its keeping time was over; nothing is left but its number and the end of its journal."


def _write_folder(target: Path, _name: str, files: Files) -> None:
    target.mkdir(mode=0o700)
    try:
        for path, content in sorted(files.items()):
            place = target / path
            for folder in reversed(place.relative_to(target).parents[:-1]):
                (target / folder).mkdir(mode=0o700, exist_ok=True)
            _write(place, content)
    except OSError:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _write(place: Path, content: bytes) -> None:
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _write_zip(target: Path, name: str, files: Files) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            with zipfile.ZipFile(file, "w") as packed:
                for path, content in sorted(files.items()):
                    entry = zipfile.ZipInfo(f"{name}/{path}", _EPOCH)
                    entry.external_attr, entry.create_system, entry.compress_type = 0o100600 << 16, 3, zipfile.ZIP_DEFLATED
                    packed.writestr(entry, content)
        except OSError:
            target.unlink()
            raise
