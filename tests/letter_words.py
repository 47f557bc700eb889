"""What a letter must say, or must never say, in each language."""

import re

DAYS = {
    "bg": "22 декември 2026\u202fг.", "cs": "22. prosince 2026", "da": "22. december 2026", "de": "22. Dezember 2026",
    "el": "22 Δεκεμβρίου 2026", "en": "22 December 2026", "es": "22 de diciembre de 2026", "et": "22. detsember 2026",
    "fi": "22. joulukuuta 2026", "fr": "22 décembre 2026", "ga": "22 Nollaig 2026", "hr": "22. prosinca 2026.",
    "hu": "2026. december 22.", "is": "22. desember 2026", "it": "22 dicembre 2026", "lt": "2026 m. gruodžio 22 d.",
    "lv": "2026. gada 22. decembris", "mt": "22 ta’ Diċembru 2026", "nl": "22 december 2026", "no": "22. desember 2026",
    "pl": "22 grudnia 2026", "pt": "22 de dezembro de 2026", "ro": "22 decembrie 2026", "sk": "22. decembra 2026",
    "sl": "22. december 2026", "sv": "22 december 2026",
}  # fmt: skip

RECEIVED_DAYS = {
    "hu": "2026. november 1.\n",
    "lt": "2026 m. lapkričio 1 d.\n",
    "lv": "2026. gada 1. novembris\n",
}  # the others begin with the day

# Where a refused person can go beside the authority (Art 12(4), 79 GDPR).
COURTS = {
    "bg": "съда", "cs": "soud", "da": "domstol", "de": "gericht", "el": "δικαστήρι", "en": "court", "es": "tribunal", "et": "kohtu",
    "fi": "tuomioistui", "fr": "justice", "ga": "cúirt", "hr": "sudu", "hu": "Bíróság", "is": "dómstól", "it": "giudice",
    "lt": "teism", "lv": "tiesā", "mt": "qorti", "nl": "rechter", "no": "domstol", "pl": "sądu", "pt": "tribuna",
    "ro": "instanț", "sk": "súd", "sl": "sodišč", "sv": "domstol",
}  # fmt: skip

# Whoever writes, known or not, must get the same letter: no account, no customer, no "your data", no identity papers, no "Dear ...".
FORBIDDEN = {
    "bg": r"акаунт|профил|клиент|паспорт|лична карта|вашите данни|личните ви данни|уважаем",
    "cs": r"\búčet|\búčt|zákazn|občansk|\bpas\b|vaše údaje|vašich údaj|vaše osobní|vážen",
    "da": r"konto|kunde|\bpas\b|legitimation|dine data|dine oplysninger|dine personoplysninger|kære",
    "de": r"konto|kunde|kundin|ausweis|reisepass|ihre daten|ihrer daten|ihre personenbezogenen|sehr geehrte|gebühr|liebe",
    "el": r"λογαριασμ|πελάτ|ταυτότητ|διαβατήρι|τα δεδομένα σας|των δεδομένων σας|αγαπητ",
    "en": r"account|customer|passport|identity|\bid card|your data|your personal|we hold|our records|dear|\bfee\b|login",
    "es": r"cuenta|cliente|pasaporte|\bdni\b|identidad|sus datos|estimad|querid|tarifa",
    "et": r"konto|klient|kliendi|passi\b|isikutunnistus|teie andme|teie isikuandme|lugupeetud|austatud",
    "fi": r"\btili|käyttäjätil|asiaka|passi\b|henkilökort|henkilöllisyy|tietojasi|tietosi|henkilötietosi|hyvä ",
    "fr": r"compte|client|passeport|identité|vos données|monsieur|madame|cher|chère|frais",
    "ga": r"cuntas|custaiméir|cárta aitheantais|do shonraí|do chuid sonraí",
    "hr": r"račun|klijent|kupac|kupc|osobna iskaznica|putovnic|vaši podaci|vaših podat|vaše podatke|poštovan",
    "hu": r"fiók|ügyfél|ügyfel|útlevél|személyi ig|az ön adat|adatait|személyes adatai|tisztelt|kedves",
    "is": r"reikning|viðskiptavin|vegabréf|skilríki|gögnin þín|upplýsingarnar þínar|kæri|kæra ",
    "it": r"account|cliente|passaporto|identità|i suoi dati|dei suoi dati|gentile|egregi|caro|cara ",
    "lt": r"paskyr|klient|paso\b|tapatyb|jūsų duomen|jūsų asmens|gerbiam",
    "lv": r"\bkonta|\bkontu|\bkonts|klient|pases|identitāt|jūsu datus|jūsu personas|cienījam|godāt",
    "mt": r"\bkont\b|klijent|passaport|karta tal-identit|id-data tiegħek|għażiż",
    "nl": r"account|klant|paspoort|identiteit|uw gegevens|uw persoonsgegevens|geachte|beste|kosten\b",
    "no": r"konto|kunde|\bpass\b|legitimasjon|dine data|opplysningene dine|personopplysningene dine|kjære",
    "pl": r"\bkonto|\bkonta\b|klient|dowód|dowodu|paszport|państwa dan|pani dan|pana dan|twoje dane|szanown|drog",
    "pt": r"\bconta\b|cliente|passaporte|identidade|os seus dados|dos seus dados|exmo|exma|caro|cara ",
    "ro": r"\bcont\b|\bcontul|client|pașaport|identitate|datele dumneavoastră|stimat|drag",
    "sk": r"\búčet|\búčt|zákazn|občiansk|\bpas\b|vaše údaje|vašich údaj|vaše osobné|vážen",
    "sl": r"račun|stranka|strank|osebna izkaznica|potni list|vaši podatki|vaših podat|vaše podatke|spoštovan",
    "sv": r"konto|kund|\bpass\b|legitimation|dina uppgifter|dina personuppgifter|kära",
}  # fmt: skip

# What is asked must not stand in a subject: subjects show on locked screens and in logs.
TELLING = re.compile(r"gdpr|dsgvo|art\.|data|daten|données|datos|dati|löschung|erasure|access|advertis|werbung|complaint", re.IGNORECASE)
