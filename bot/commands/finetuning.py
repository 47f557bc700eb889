"""The long part of `privacybot train`: fine-tuning the encoder, with progress bars. Needs the extra `train`."""

from pathlib import Path

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.commands.training import ERRORS
from intents.classifier import as_text
from intents.corpus import CORPUS, hash_of, read
from intents.encoder import Encoder
from intents.segments import own_text
from intents.training.make import make_encoder


def new_encoder(corpus: Path | None, folder: Path, seed: int) -> Encoder:
    """Fine-tune on a corpus into a folder. Raises CorpusError, FoundationError."""
    examples = read(corpus or CORPUS)
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} mails"), TimeRemainingColumn()
    with Progress(*columns, console=ERRORS) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done)

        texts = [own_text(as_text(example.subject, example.body)) for example in examples]
        labels = [example.labels for example in examples]
        make_encoder(texts, labels, folder, corpus=hash_of(examples), progress=progress, seed=seed)
    return Encoder(folder)
