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
    "bg": "съда", "cs": "na soud", "da": "domstol", "de": "gericht", "el": "δικαστήρι", "en": "court", "es": "tribunal", "et": "kohtu",
    "fi": "tuomioistui", "fr": "justice", "ga": "cúirt", "hr": "sudu", "hu": "Bíróság", "is": "dómstól", "it": "giudice",
    "lt": "teism", "lv": "tiesā", "mt": "qorti", "nl": "rechter", "no": "domstol", "pl": "sądu", "pt": "tribuna",
    "ro": "instanț", "sk": "na súd", "sl": "sodišč", "sv": "domstol",
}  # fmt: skip

# Whoever writes, known or not, must get the same letter: no account, no customer, no "your data", no "Dear ...".
FORBIDDEN = {
    "bg": r"акаунт|профил|клиент|вашите данни|личните ви данни|уважаем",
    "cs": r"\búčet|\búčt|zákazn|vaše údaje|vašich údaj|vaše osobní|vážen",
    "da": r"konto|kunde|dine data|dine oplysninger|dine personoplysninger|kære",
    "de": r"konto|kunde|kundin|ihre daten|ihrer daten|ihre personenbezogenen|sehr geehrte|gebühr|liebe",
    "el": r"λογαριασμ|πελάτ|τα δεδομένα σας|των δεδομένων σας|αγαπητ",
    "en": r"account|customer|your data|your personal|we hold|our records|dear|\bfee\b|login",
    "es": r"cuenta|cliente|sus datos|estimad|querid|tarifa",
    "et": r"konto|klient|kliendi|teie andme|teie isikuandme|lugupeetud|austatud",
    "fi": r"\btili|käyttäjätil|asiaka|tietojasi|tietosi|henkilötietosi|hyvä ",
    "fr": r"compte|client|vos données|monsieur|madame|cher|chère|frais",
    "ga": r"cuntas|custaiméir|do shonraí|do chuid sonraí",
    "hr": r"račun|klijent|kupac|kupc|vaši podaci|vaših podat|vaše podatke|poštovan",
    "hu": r"fiók|ügyfél|ügyfel|az ön adat|adatait|személyes adatai|tisztelt|kedves",
    "is": r"reikning|viðskiptavin|gögnin þín|upplýsingarnar þínar|kæri|kæra ",
    "it": r"account|cliente|i suoi dati|dei suoi dati|gentile|egregi|caro|cara ",
    "lt": r"paskyr|klient|jūsų duomen|jūsų asmens|gerbiam",
    "lv": r"\bkonta|\bkontu|\bkonts|klient|jūsu datus|jūsu personas|cienījam|godāt",
    "mt": r"\bkont\b|klijent|id-data tiegħek|għażiż",
    "nl": r"account|klant|uw gegevens|uw persoonsgegevens|geachte|beste|kosten\b",
    "no": r"konto|kunde|dine data|opplysningene dine|personopplysningene dine|kjære",
    "pl": r"\bkonto|\bkonta\b|klient|państwa dan|pani dan|pana dan|twoje dane|szanown|drog",
    "pt": r"\bconta\b|cliente|os seus dados|dos seus dados|exmo|exma|caro|cara ",
    "ro": r"\bcont\b|\bcontul|client|datele dumneavoastră|stimat|drag",
    "sk": r"\búčet|\búčt|zákazn|vaše údaje|vašich údaj|vaše osobné|vážen",
    "sl": r"račun|stranka|strank|vaši podatki|vaših podat|vaše podatke|spoštovan",
    "sv": r"konto|kund|dina uppgifter|dina personuppgifter|kära",
}  # fmt: skip

# Identity papers: named by the letter that asks who wrote, and there only to say that no copy is wanted (Art 12(6) GDPR).
PAPERS = {
    "bg": r"паспорт|лична карта|самоличност", "cs": r"občansk|\bpas\b|totožnost", "da": r"\bpas\b|legitimation|identitet",
    "de": r"ausweis|reisepass", "el": r"ταυτότητ|διαβατήρι", "en": r"passport|identity|\bid card", "es": r"pasaporte|\bdni\b|identidad",
    "et": r"passi\b|isikutunnistus|isikut tõendav", "fi": r"passi\b|henkilökort|henkilöllisyy", "fr": r"passeport|identité",
    "ga": r"aitheantais", "hr": r"osobna iskaznica|putovnic|identifikac", "hu": r"útlevél|személyi ig|személyazonos",
    "is": r"vegabréf|skilrík", "it": r"passaporto|identità", "lt": r"paso\b|tapatyb", "lv": r"pases|identitāt|personu apliecin",
    "mt": r"passaport|identit", "nl": r"paspoort|identiteit", "no": r"\bpass\b|legitimasjon", "pl": r"dowód|dowodu|paszport|tożsamoś",
    "pt": r"passaporte|identidade|identificação", "ro": r"pașaport|identitate", "sk": r"občiansk|\bpas\b|totožnost",
    "sl": r"osebna izkaznica|potni list|osebnega dokumenta", "sv": r"\bpass\b|legitimation|id-handling",
}  # fmt: skip

NO_COPY = {
    "bg": "не ни изпращайте копие", "cs": "neposílejte nám prosím kopii", "da": "ikke at sende os en kopi", "de": "keine kopie",
    "el": "να μη μας στείλετε αντίγραφο", "en": "do not send us a copy", "es": "no nos envíe ninguna copia", "et": "ärge saatke",
    "fi": "älä lähetä", "fr": "ne pas nous envoyer de copie", "ga": "ná seol cóip", "hr": "ne šaljete kopiju", "hu": "ne küldje el",
    "is": "sendu okkur ekki afrit", "it": "non inviarci copie", "lt": "nesiųsti mums", "lv": "nesūtiet mums", "mt": "tibgħatilniex kopja",
    "nl": "geen kopie", "no": "ikke å sende oss kopi", "pl": "nie przysyłać kopii", "pt": "não nos envie nenhuma cópia",
    "ro": "să nu ne trimiteți copia", "sk": "neposielajte nám, prosím, kópiu", "sl": "ne pošiljajte nam kopije",
    "sv": "inte skicka någon kopia",
}  # fmt: skip

# That letter is not to be read as a yes or a no.
EITHER = {
    "bg": "дали имаме данни за това лице или не", "cs": "zda o této osobě nějaké údaje máme, či nikoli",
    "da": "om vi har oplysninger om den person eller ej", "de": "Ob wir zu dieser Person Daten haben oder nicht",
    "el": "αν έχουμε ή όχι δεδομένα", "en": "whether we have any data about that person or not", "es": "si tenemos o no datos",
    "et": "kas meil on selle inimese kohta andmeid või mitte", "fi": "onko meillä tietoja kyseisestä henkilöstä vai ei",
    "fr": "si nous avons ou non des données", "ga": "an bhfuil sonraí againn faoin duine sin nó nach bhfuil",
    "hr": "imamo li podatke o toj osobi ili nemamo", "hu": "van-e adatunk erről a személyről vagy nincs",
    "is": "hvort við höfum upplýsingar um þessa manneskju eða ekki", "it": "se abbiamo o meno dati",
    "lt": "ar turime duomenų apie šį asmenį, ar ne", "lv": "vai mums ir dati par šo personu vai nav",
    "mt": "jekk għandniex data dwar dik il-persuna jew le", "nl": "of wij gegevens over die persoon hebben of niet",
    "no": "om vi har opplysninger om den personen eller ikke", "pl": "czy mamy dane tej osoby, czy też nie",
    "pt": "se temos ou não dados", "ro": "dacă avem sau nu date", "sk": "či o tejto osobe nejaké údaje máme, alebo nie",
    "sl": "ali imamo podatke o tej osebi ali ne", "sv": "om vi har uppgifter om den personen eller inte",
}  # fmt: skip

# Whoever does not say what is meant is answered in full (Recital 63 GDPR).
VOLUNTARY = {
    "bg": "Не е задължително да отговаряте", "cs": "Odpovídat nemusíte", "da": "Du behøver ikke svare",
    "de": "Sie müssen darauf nicht antworten", "el": "Η απάντηση είναι προαιρετική", "en": "You need not answer",
    "es": "Contestar es voluntario", "et": "Vastamine on vabatahtlik", "fi": "Vastaaminen on vapaaehtoista",
    "fr": "Répondre est facultatif", "ga": "Ní gá duit freagra a thabhairt", "hr": "Ne morate odgovoriti",
    "hu": "Nem kötelező válaszolnia", "is": "Þér er ekki skylt að svara", "it": "Rispondere è facoltativo", "lt": "Atsakyti neprivaloma",
    "lv": "Atbildēt nav obligāti", "mt": "M’għandekx għalfejn twieġeb", "nl": "U hoeft niet te antwoorden", "no": "Du trenger ikke svare",
    "pl": "Odpowiedź jest dobrowolna", "pt": "Responder é facultativo", "ro": "Răspunsul este facultativ", "sk": "Odpovedať nemusíte",
    "sl": "Odgovor je prostovoljen", "sv": "Du behöver inte svara",
}  # fmt: skip

# What is asked must not stand in a subject: subjects show on locked screens and in logs.
TELLING = re.compile(r"gdpr|dsgvo|art\.|data|daten|données|datos|dati|löschung|erasure|access|advertis|werbung|complaint", re.IGNORECASE)
