"""`privacybot train`: everything that stands on an encoder, once there is one."""

from pathlib import Path

from rich.console import Console

from intents.classifier import PIPELINE, ModelError
from intents.components import ENCODER
from intents.corpus import CORPUS, CorpusError, hash_of, read, read_dev, read_test
from intents.encoder import Encoder
from intents.train import train

ERRORS = Console(stderr=True)


def check_corpus(corpus: Path | None) -> None:
    """Read all of a corpus before the long work begins. Raises CorpusError, also for one without a development split of two authors."""
    source = corpus or CORPUS
    read(source)
    read_test(source)
    if len({example.author for example in read_dev(source)}) < 2:
        raise CorpusError(f"{source / 'dev'}: mails by two authors or more are needed there, of whom the encoder learns nothing")


def train_with(encoder: Encoder, corpus: Path | None, target: Path | None, seed: int) -> None:
    """Train the rest and say how well the model reads mails of unseen authors. Raises CorpusError."""
    print(train(corpus or CORPUS, target or PIPELINE, encoder=encoder, seed=seed, progress=ERRORS.print).markdown())


def kept_encoder(corpus: Path | None, target: Path | None) -> Encoder:
    """The encoder that lies in the target already. Raises CorpusError, ModelError."""
    folder = (target or PIPELINE) / ENCODER
    try:
        encoder = Encoder(folder)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: no encoder to keep ({type(error).__name__}); train without --keep-encoder") from None
    if encoder.trained_on != hash_of(read(corpus or CORPUS)):
        ERRORS.print("the encoder was fine-tuned on other mails than these: it may have seen some that it is scored on")
    return encoder
