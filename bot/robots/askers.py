"""A person asks for something of their own: "my data", "I object". Machines say "your request", and nobody's "my"."""

import re

from bot.inquiry import Inquiry
from bot.robots.robot_words import QUOTED, even, phrases

MAX_TEXT = 600  # characters; further down a returned letter or a thread may repeat what somebody once asked
_TITLE = re.compile(  # a server, too, repeats the subject of the letter it returns
    r"^[> \t]{0,8}(?:subject|betreff|thema|objet|sujet|asunto|oggetto|onderwerp|assunto|temat|předmět|ämne|emne|aihe|тема|件名|主题)"
    r"\s?:[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_ASKS = phrases("""
    my data | my personal data | my personal info | my account | my profile | my records | my home address
    my old address | correct my | my request for | erase my | delete my | remove my | erase me | delete me | remove me
    unsubscribe me
    forget me | about me | know of me | hold on me | give me access | send me all | send me my | send me a copy | i object
    i withdraw
    i revoke | i request that | i hereby | i exercise | i want access | i want my | erase it all | delete it all | erase all
    meine daten | meiner daten | meinen daten | meine personenbezogen | meiner personenbezogen | meinen personenbezogen
    mein konto
    meines kontos | mein profil | meine auskunft | meine löschung | mein antrag | meinen antrag | meines antrags
    über mich | zu meiner person
    ich verlange | ich widerspreche | widerspreche ich | ich widerrufe | ich will auskunft | löschen sie mich | auskunft nach art
    bitte um auskunft | löschen sie alle | löschen sie die | löschen sie meine | teilen sie uns | teilen sie mir
    mes données | mon compte
    me concernant | à mon sujet | je m'oppose | je demande la | supprimez mes | supprimer mes | supprimer mon | mis datos
    mi cuenta
    sobre mí | me opongo | solicito el | solicito la | i miei dati | dei miei dati | miei dati | mio account | che mi riguardano
    mi oppongo | chiedo la | mijn gegevens | mijn persoonsgegevens | mijn account | over mij | ik maak bezwaar | ik verzoek
    meus dados | minha conta | sobre mim | oponho-me | moje dane | moich danych | moje konto | mojego konta | o mnie
    sprzeciwiam się | žádám o | mé údaje | moje údaje | mých údajů | mých osobních | môj účet | mojich údajov | žiadam o
    moje podatke
    mojih podatkov | mojih podataka | moj račun | moj profil | adataim | adataimat | fiókom | fiókomat | rólam
    datele mele | contul meu
    despre mine | моите данни | личните ми данни | моя профил | τα δεδομένα μου | δεδομένων μου | λογαριασμό μου | mano duomen
    mano paskyr | apie mane | manus datus | mani dati | manu datu | manu kontu | par mani | minu andme | minu konto
    mina uppgifter
    mina personuppgifter | mitt konto | om mig | jag invänder | mine data | mine oplysninger | mine opplysninger
    min konto | om meg
    tietoni | tietojani | henkilötietoni | tilini | minua koskev | mo shonraí | tiegħi | мои данные | моих данных
    мой аккаунт | обо мне
    мої дані | моїх даних | verilerim | hesabım | hakkımda | 私の個人情報 | 私のデータ | 私に関する
    我的数据 | 我的个人 | 我的账 | 내 개인정보
    제 개인정보 | 내 데이터
""")


def asks_for_own(inquiry: Inquiry) -> bool:
    """In words of its own, at the beginning, and in nobody's quotation marks."""
    own = even(_TITLE.sub(" ", inquiry.text[: 2 * MAX_TEXT]))
    own = even(QUOTED.sub(" ", own))[:MAX_TEXT]
    return any(words in own for words in _ASKS)
