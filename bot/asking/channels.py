"""Channels: by which ways somebody wants no more advertising, as far as their words say it; mail where they don't."""

import re
from collections.abc import Iterable
from enum import StrEnum


class Channel(StrEnum):
    """A way that advertising comes by."""

    MAIL = "mail"
    POST = "post"
    PHONE = "phone"
    SMS = "sms"


# Word beginnings in English, German, French, Spanish, Italian, Dutch, Polish and Portuguese. A channel counts only in a sentence that
# also wants something to stop: "call me back" is no objection. What is said of advertising in general is said of mail as well.
_STOP = (
    r"don['’]?t|do not|not|no|never|stop\w*|cease|without|unsubscribe|opt(?:ing)?[ -]?out|remove|object|against|"
    r"kein\w*|nicht|nie|niemals|stopp\w*|unterlass\w*|widersprech\w*|widerspruch|unterbind\w*|abbestell\w*|"
    r"ne|pas|plus|aucun\w*|jamais|cess\w+|arr[êe]t\w*|oppos\w+|d[ée]sabonn\w+|"
    r"nunca|ning[uú]n\w*|dej\w+|opongo|cancel\w*|"
    r"non|nessun\w*|mai|smett\w+|cessa\w+|oppong\w+|"
    r"geen|niet|nooit|bezwaar|afmeld\w*|"
    r"nie|żadn\w+|nigdy|przesta\w+|zaprzesta\w+|sprzeciw\w*|"
    r"n[ãa]o|nenhum\w*|parem|parar|oponho"
)
_NAMED = {
    Channel.PHONE: (
        r"(?<!so-)call(?:s|ed|ing)?|(?:tele)?phon(?:e|ing)\w*|cold[ -]call\w*|ring me|telemarketing|"
        r"anruf\w*|anzurufen|rufen|ruft|telefon\w*|werbeanruf\w*|appel(?:s|er|ez)?|t[ée]l[ée]phon\w*|d[ée]marchage|"
        r"llam(?:ad\w+|ar\w*|en|éis)|tel[ée]f\w+|chiamat[ea]|chiamar\w*|bel|bellen|gebeld|opgebeld|telefoontje\w*|dzwoni\w*|"
        r"lig(?:uem|ar|ações)|chamadas?"
    ),
    Channel.SMS: r"sms\w*|text messages?|texts|texting|text me|textnachrichten|mms|wiadomości sms|whatsapp",
    Channel.POST: (
        r"by post|postal|letters?|flyers?|leaflets?|brochures?|catalogu?es?|mailings? by post|post|briefe?\w*|postalisch\w*|postwerbung|"
        r"kataloge?\w*|prospekte?|courriers? postal\w*|voie postale|catalogues?|correo postal|cartas?|cat[áa]logos?|posta cartacea|"
        r"cataloghi|catalogo|per posta|brieven|reclamefolders?|catalogus\w*|poczt[aąę]|katalog\w*|correio|folhetos?"
    ),
}  # fmt: skip
_MAIL = (
    r"e-?mails?|mails?|newsletters?|mailings?|inbox|mailing lists?|rundbrief\w*|rundmail\w*|verteiler\w*|courriels?|m[ée]ls?|"
    r"lettres? d['’]information|infolettres?|correos? electr[óo]nicos?|bolet[íi]n\w*|e-?mailek|biuletyn\w*|nieuwsbrie\w+|"
    r"marketing\w*|advertis\w*|adverts?|ads|promotion\w*|werbung\w*|werbezusendung\w*|publicit\w+|publicidad\w*|pubblicit\w+|"
    r"reclame\w*|reklam\w+|marketingow\w+|subscri\w+|unsubscribe\w*|abonn\w+|d[ée]sabonn\w+|abmeld\w+|afmeld\w+"
)
MARKETING = re.compile(rf"\b(?:{_MAIL})\b", re.IGNORECASE)
_STOPS = re.compile(rf"\b(?:{_STOP})\b", re.IGNORECASE)
_CHANNELS = {channel: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for channel, words in _NAMED.items()}
_SENTENCE = re.compile(r"[.!?;\n]+(?:\s|$)")
_ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_LONGEST = 20_000


def channels_of(text: str) -> tuple[Channel, ...]:
    """The channels an objection to advertising is about, in the order of `Channel`: mail unless only others are spoken of."""
    sentences = [sentence for sentence in _SENTENCE.split(text[:_LONGEST]) if _STOPS.search(sentence)]
    found = {channel for channel, words in _CHANNELS.items() if any(words.search(sentence) for sentence in sentences)}
    if not found or MARKETING.search(text[:_LONGEST]):
        found.add(Channel.MAIL)
    return tuple(channel for channel in Channel if channel in found)


def speaks_of_marketing(text: str) -> bool:
    """Whether a consent that is taken back is one to advertising."""
    return MARKETING.search(text[:_LONGEST]) is not None


def names_other_address(text: str, known: Iterable[str]) -> bool:
    """Whether a mail address stands there beside the `known` ones: it may be that one which is to get no more advertising."""
    named = {address.lower().rstrip(".") for address in _ADDRESS.findall(text[:_LONGEST])}
    return bool(named - {address.lower() for address in known})
