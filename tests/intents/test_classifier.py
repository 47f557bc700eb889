"""The classifier: trained on a handful of mails, asked things a privacy mailbox hears."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from intents.card import ModelCard
from intents.catalog import Intent
from intents.classifier import CARD_KEY, Classifier, ModelError
from intents.cues import CueError, Found, lexicon_of, read_cues, words_of
from intents.decision import Thresholds, decide
from intents.train import train

ENGLISH = {
    "access": ["Which data do you hold about me?", "Please send me a copy of my data.", "I want to know what you have stored about me."],
    "erasure": ["Please delete my account.", "Erase all my data, thanks.", "Remove my profile from your systems."],
    "rectification": ["Please correct my name, it is Wren.", "My address is wrong, change my address.", "Update my date of birth."],
    "unsubscribe": ["Stop sending me emails.", "No more newsletters please.", "Unsubscribe me from your list."],
    "other": [
        "Where is my parcel?",
        "We offer search engine services at low prices.",
        "My invoice from May is missing.",
        "Thanks for the call.",
    ],
}

# the 24 languages of the Union, Norwegian, Icelandic, Catalan and Ukrainian
PROMISED = ["bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro"]
PROMISED += ["sk", "sl", "sv", "no", "is", "ca", "uk"]


def write_corpus(folder: Path) -> Path:
    mails = [
        {"id": f"{label}-{n}", "author": f"w{n}", "subject": "", "body": body, "labels": [label], "register": "terse", "note": ""}
        for label, bodies in ENGLISH.items()
        for n, body in enumerate(bodies)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "en.jsonl").write_text("".join(json.dumps(mail) + "\n" for mail in mails), encoding="utf-8")
    (folder / "test").mkdir()
    (folder / "test" / "en.jsonl").write_text(json.dumps(mails[0] | {"id": "t"}) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ModelCard]:
    folder = tmp_path_factory.mktemp("model")
    return folder / "pipeline", train(write_corpus(folder / "corpus"), folder / "pipeline")


@pytest.fixture(scope="module")
def classifier(trained: tuple[Path, ModelCard]) -> Classifier:
    return Classifier.load(trained[0])


@pytest.mark.parametrize(
    ("subject", "text", "intent", "language"),
    [
        ("Account", "Hello, would you please delete my account and all my data. Kind regards, Ada", Intent.ERASURE, "en"),
        ("Werbung", "Guten Tag, bitte schicken Sie mir keine Werbung und keinen Newsletter mehr.", Intent.UNSUBSCRIBE, "de"),
        ("", "Dobrý den, prosím smažte můj účet a všechny osobní údaje, které o mně máte.", Intent.ERASURE, "cs"),
        ("", "Hei, muuttakaa sukunimeni, siinä on virhe. Uusi sukunimeni on Lehto.", Intent.RECTIFICATION, "fi"),
        ("", "Καλησπέρα σας, θέλω να μάθω ποια δεδομένα έχετε για εμένα. Ευχαριστώ πολύ.", Intent.ACCESS, "el"),
        ("", "Laba diena, prašau ištrinti visus mano asmens duomenis pagal BDAR 17 straipsnį.", Intent.ERASURE, "lt"),
    ],
)
def test_a_plain_request_is_recognised_also_in_languages_without_training_mails(
    classifier: Classifier, subject: str, text: str, intent: Intent, language: str
) -> None:
    prediction = classifier.predict(subject, text)

    assert intent in prediction.intents
    assert prediction.language == language
    assert prediction.evidence[intent] in text


def test_every_prediction_keeps_its_promises(classifier: Classifier, trained: tuple[Path, ModelCard]) -> None:
    prediction = classifier.predict("two things", "Send me a copy of my data. Then delete my account, please.")

    assert set(prediction.intents[:2]) == {Intent.ACCESS, Intent.ERASURE}
    assert set(prediction.scores) == set(Intent)
    assert all(0 <= value <= 1 for value in [*prediction.scores.values(), prediction.confidence, prediction.language_confidence])
    assert prediction.evidence[Intent.ERASURE] == "Then delete my account, please."
    assert prediction.model == trained[1].model
    assert "copy of my data" not in repr(prediction)


def test_a_negated_request_is_not_made(classifier: Classifier) -> None:
    prediction = classifier.predict("my name", "Please do NOT delete my account, correct my name, it is misspelt.")

    assert Intent.RECTIFICATION in prediction.intents
    assert Intent.ERASURE not in prediction.intents


@pytest.mark.parametrize(
    ("language", "sentence", "negated"),
    [
        ("en", "I do not want you to delete my account.", True),
        ("en", "You have still not deleted my account.", False),
        ("en", "I do not want your newsletter, delete my account.", False),
        ("de", "Ich möchte nicht, dass mein Konto gelöscht wird.", True),
        ("de", "Meine Daten wurden immer noch nicht gelöscht!", False),
        ("fr", "Ne supprimez pas mon compte.", True),
        ("es", "No borren mis datos.", True),
        ("pl", "Proszę nie usuwać, ale usunąć moje konto.", False),
    ],
)
def test_a_negation_counts_where_it_stands_in_the_verbs_own_clause(language: str, sentence: str, negated: bool) -> None:
    lexicon = lexicon_of(language, read_cues()[language])

    assert Found(Intent.ERASURE, negated) in lexicon.read(words_of(sentence)).found


@pytest.mark.parametrize(
    ("language", "sentence", "intents"),
    [
        ("en", "A guest asks us to delete everything we have about her.", {Intent.ERASURE}),
        ("en", "Please send me a copy of all the data you hold about me.", {Intent.ACCESS}),
        ("de", "Danach löschen Sie bitte sämtliche Daten zu meiner Person.", {Intent.ERASURE}),
        ("fr", "Un client demande que nous supprimions son compte.", {Intent.ERASURE}),
        ("es", "Quiero saber qué datos tienen sobre mí.", {Intent.ACCESS}),
        ("it", "Vi prego di correggere il mio cognome.", {Intent.RECTIFICATION}),
        ("nl", "Ik wil dat u de verwerking van mijn gegevens beperkt.", {Intent.RESTRICTION}),
        ("pl", "Proszę usunąć moje konto.", {Intent.ERASURE}),
        ("pt", "Revogo o meu consentimento.", {Intent.WITHDRAW_CONSENT}),
        ("fi", "Pyydän kopion kaikista minusta tallennetuista tiedoista.", {Intent.ACCESS}),
        ("hu", "Kérem, töröljék a fiókomat.", {Intent.ERASURE}),
        ("en", "Please do not delete my account.", set()),
        ("en", "You wrote that my account will be deleted.", set()),
        ("es", "Les pido que NO eliminen mi cuenta.", set()),
        ("de", "Meine Daten wurden gelöscht, vielen Dank.", set()),
    ],
)
def test_a_plea_is_a_request_in_one_sentence_and_no_report_or_refusal_of_one(language: str, sentence: str, intents: set[Intent]) -> None:
    reading = lexicon_of(language, read_cues()[language]).read(words_of(sentence))

    assert {plea.intent for plea in reading.pleas if not plea.negated} == intents


def test_each_of_two_sentences_carries_its_own_request_however_odd_the_rest(classifier: Classifier) -> None:
    prediction = classifier.predict("my invoice", "Where is my parcel? Please correct my name. I also want you to delete my account.")

    assert {Intent.RECTIFICATION, Intent.ERASURE} <= set(prediction.intents)


def test_a_footer_asks_for_nothing(classifier: Classifier) -> None:
    footer = "You receive this newsletter because you signed up. Unsubscribe at any time."
    prediction = classifier.predict("", f"We offer search engine services at low prices. {footer}")

    assert Intent.UNSUBSCRIBE not in prediction.intents


def test_an_authoritys_letter_is_not_the_complaint_it_mentions() -> None:
    scores = dict.fromkeys(Intent, 0.1) | {Intent.AUTHORITY: 0.9, Intent.COMPLAINT: 0.8, Intent.RESTRICTION: 0.7}

    assert decide(scores, [], Thresholds(), can_read=True, words=100).intents == (Intent.AUTHORITY, Intent.RESTRICTION)


@pytest.mark.parametrize(("words", "hint", "unclear"), [(2, 0.03, True), (2, 0.01, False), (40, 0.03, False)])
def test_a_word_or_two_that_hint_at_a_request_go_to_a_person(words: int, hint: float, unclear: bool) -> None:
    scores = {**dict.fromkeys(Intent, 0.001), Intent.OTHER: 0.99, Intent.ERASURE: hint}
    decision = decide(scores, [], Thresholds(), can_read=True, words=words)
    assert (decision.intents, decision.unclear) == ((Intent.OTHER,), unclear)


def test_every_cue_table_reads_and_knows_the_languages_promised() -> None:
    tables = read_cues()

    for language, table in tables.items():
        lexicon_of(language, table)
    assert set(tables) - {"any"} == set(PROMISED)


def test_a_cue_table_with_an_unknown_intent_is_refused() -> None:
    with pytest.raises(CueError, match="'deletion' is no intent"):
        lexicon_of("en", {"asks": {"deletion": ["delete + data"]}})


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "?",
        "🙂" * 500,
        "\x00\x01\x02\ufffe",
        "\ud800 lone surrogate",
        "أريد حذف حسابي من فضلكم",
        "מחקו את החשבון שלי",
        "a\u0301" * 1_000,
        "no full stop " * 80_000,
        "." * 50_000,
        "\n" * 50_000,
        random.Random(0).randbytes(20_000).decode("latin-1"),
    ],
    ids=lambda text: f"{len(text)} of {text[:6]!a}",
)
def test_no_text_is_too_odd(classifier: Classifier, text: str) -> None:
    prediction = classifier.predict(text[:100], text)

    assert prediction.intents
    assert set(prediction.scores) == set(Intent)


def test_a_text_that_nobody_can_read_is_unclear(classifier: Classifier) -> None:
    assert classifier.predict("", "").unclear
    assert classifier.predict("", "ᚠᛇᚻ᛫ᛒᛦᚦ᛫ᚠᚱᚩᚠᚢᚱ").unclear


def test_a_request_in_so_many_words_is_never_quietly_called_other(classifier: Classifier) -> None:
    prediction = classifier.predict(
        "invoice", "My invoice is missing. Thanks for the call. Where is my parcel? By the way, delete my account."
    )

    assert Intent.OTHER not in prediction.intents or prediction.unclear


def test_many_are_read_as_one_is(classifier: Classifier) -> None:
    mails = [("", body) for bodies in ENGLISH.values() for body in bodies]

    assert list(classifier.predict_many(mails)) == [classifier.predict(*mail) for mail in mails]


def test_training_twice_gives_the_same_scores(trained: tuple[Path, ModelCard], classifier: Classifier, tmp_path: Path) -> None:
    again = train(write_corpus(tmp_path / "corpus"), tmp_path / "pipeline")

    assert again == trained[1]
    assert Classifier.load(tmp_path / "pipeline").predict("", "Where is my data?") == classifier.predict("", "Where is my data?")


def test_the_model_card_says_what_it_was_trained_on(trained: tuple[Path, ModelCard]) -> None:
    folder, card = trained
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))[CARD_KEY]

    assert meta["mails"] == card.mails == sum(map(len, ENGLISH.values()))
    assert meta["corpus"] == card.corpus
    assert card.test is not None
    assert "16 mails by 4 authors" in (folder / "CARD.md").read_text(encoding="utf-8")


def test_a_missing_model_names_its_path_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere: run `privacybot train`"):
        Classifier.load(tmp_path / "nowhere")


def test_a_broken_model_is_refused(trained: tuple[Path, ModelCard], tmp_path: Path) -> None:
    broken = shutil.copytree(trained[0], tmp_path / "broken")
    (broken / "privacybot_learned" / "weights.npz").write_bytes(b"PK half a file")

    with pytest.raises(ModelError, match=r"broken.*privacybot train"):
        Classifier.load(broken)


def test_a_model_of_another_code_version_is_refused(trained: tuple[Path, ModelCard], tmp_path: Path) -> None:
    old = shutil.copytree(trained[0], tmp_path / "old")
    meta = json.loads((old / "meta.json").read_text(encoding="utf-8"))
    meta[CARD_KEY]["code"] = "0"
    (old / "meta.json").write_text(json.dumps(meta), encoding="utf-8")

    with pytest.raises(ModelError, match="code version 0"):
        Classifier.load(old)


def test_the_catalogue_does_not_load_the_pipelines_libraries() -> None:
    check = "import sys, intents.catalog; sys.exit(bool({'spacy', 'sklearn', 'numpy'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
