"""Records: what the commands tickets, report, export and journal do, over one database."""

from pathlib import Path

from bot.app import App
from bot.commands import journal
from bot.commands.exporting import export_ticket
from bot.commands.record_lines import Choice, Records
from bot.commands.report import write_report
from bot.commands.tickets import show_tickets
from bot.config import Config
from bot.config_file import Secrets
from models.schema import told


class AtTheRecords(Records):
    """Opens the app; `close` lets it go."""

    def __init__(self, config: Config, secrets: Secrets) -> None:
        with told():
            self._app = App(config, secrets)

    def verify(self, reference: str, *, as_json: bool) -> bool:
        """See `journal.verify`."""
        with told():
            return journal.verify(self._app, reference, as_json=as_json)

    def tickets(self, which: str, text: str, choice: Choice, *, as_json: bool, full: bool) -> None:
        """See `tickets.show_tickets`."""
        with told():
            show_tickets(self._app, which, text, choice, as_json=as_json, full=full)

    def report(self, first: str, last: str, form: str, table: str, out: Path | None, *, all_laws: bool) -> None:
        """See `report.write_report`."""
        with told():
            write_report(self._app, first, last, form, table, out, all_laws=all_laws)

    def export(self, reference: str, out: Path | None, *, zipped: bool, redact: bool) -> None:
        """See `exporting.export_ticket`."""
        with told():
            export_ticket(self._app, reference, out, zipped=zipped, redact=redact)

    def close(self) -> None:
        """Let the database go."""
        self._app.close()
