"""The command line of feedback: options and words only; what it does is loaded when it is asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[Path, typer.Option("--config", "-c", envvar="PRIVACYBOT_CONFIG", help="The configuration file.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Must not exist yet; only you may read it.")]


def feedback_commands(at_work: Callable[[Path, Path], int]) -> typer.Typer:
    """`privacybot feedback ...`; `at_work` takes the config and the file, and says how many mails it wrote."""
    app = typer.Typer(no_args_is_help=True, help="What colleagues corrected with Change, for measuring and training the model.")

    @app.callback()
    def feedback() -> None:
        """What colleagues corrected with Change, for measuring and training the model."""

    @app.command()
    def export(file: FileArgument, config: ConfigOption = Path("config.yaml")) -> None:
        """Write each corrected mail with what a person says it asks for, as `evaluate` and `train` read it.

        The file holds people's own letters, which are PERSONAL DATA: subjects and texts, in full. Keep it where the mailbox's mails may
        lie, and delete it after use; what the retention rules delete in the database stays in such files.
        """
        number = at_work(config, file)
        typer.echo(f"Wrote {number} corrected mail{'' if number == 1 else 's'} to {file}. They are personal data.")

    return app
