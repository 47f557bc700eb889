"""The digest's part of config.yaml: when it comes, to whom, and in which languages."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, field_validator

from bot.notation import MailAddress, Section, TimeOfDay, Weekday, time_of_day

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl")


def digest_language(value: str) -> str:
    """A language that the digest is written in. Raises ValueError naming them all."""
    if value not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return value


DigestLanguage = Annotated[str, AfterValidator(digest_language)]


class RecipientConfig(Section):
    """Who gets the digest; without a `language`, in all of `digest.languages`."""

    address: MailAddress
    language: DigestLanguage | None = None


def _recipient(value: Any) -> Any:
    return {"address": value} if isinstance(value, str) else value


class DigestConfig(Section):
    """The weekly account for managers. Of several languages a mail holds one account below the other; Slack gets the first."""

    day: Weekday = "monday"
    at: TimeOfDay = time_of_day("08:00")
    languages: tuple[DigestLanguage, ...] = ("en",)
    recipients: tuple[Annotated[RecipientConfig, BeforeValidator(_recipient)], ...] = ()
    slack: bool = True

    @field_validator("languages")
    @classmethod
    def _at_least_one(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        if not languages or len(set(languages)) < len(languages):
            raise ValueError(f"write at least one of {', '.join(LANGUAGES)}, each once")
        return languages

    @field_validator("recipients")
    @classmethod
    def _each_once(cls, recipients: tuple[RecipientConfig, ...]) -> tuple[RecipientConfig, ...]:
        if len({recipient.address for recipient in recipients}) < len(recipients):
            raise ValueError("write each address once")
        return recipients

    def languages_of(self, recipient: RecipientConfig) -> tuple[str, ...]:
        """In which languages a recipient reads."""
        return (recipient.language,) if recipient.language else self.languages
