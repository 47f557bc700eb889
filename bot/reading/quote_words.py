"""The words mail clients put around earlier mail, in the languages of the EU and its neighbours; tables only, all lower-case."""


def table(text: str) -> tuple[str, ...]:
    """The entries of a table written with bars and line ends between them, once each."""
    entries = (entry.strip() for entry in text.replace("\n", "|").split("|"))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


# "wrote", as it stands in the line above a quote ("On ..., X wrote:").
WROTE = table("""
    wrote | writes | schrieb | geschrieben | écrit | escribió | escribio | ha scritto | scrisse | schreef | escreveu | va escriure
    napisał | pisze | napsal | napísal | napisal | napisao | piše | skrev | skrifaði | kirjoitti | írta | a scris
    написа | пише | пишет | έγραψε | rašė | rakstīja | kirjutas | scríobh | kiteb | yazdı
""")

# The word such a line begins with, where it does not begin with a figure, a weekday or a name.
OPENERS = frozenset(
    table("""
    on | am | le | el | il | op | em | no | dne | dňa | dana | w | v | u | den | d. | în | pe | la | на | στις | την | τη | ar | de | à | a
    mon, | tue, | wed, | thu, | fri, | sat, | sun, | pon., | wt., | śr., | czw., | pt., | sob., | niedz.,
    po | út | st | čt | pá | so | ne | ma | ti | ke | to | pe | la | su | št | pi
""")
)

# Between dashes, or alone with a colon: what follows is an earlier mail.
SEPARATORS = frozenset(
    table("""
    original message | original email | original e-mail
    original appointment | forwarded message | forwarded mail | begin forwarded message
    reply message | forwarded email
    ursprüngliche nachricht | originalnachricht | original-nachricht | weitergeleitete nachricht | weitergeleitete e-mail
    anfang der weitergeleiteten nachricht | anfang der weitergeleiteten e-mail
    message d'origine | message d’origine | message original | message transféré | message transmis
    début du message réexpédié | début du message transféré
    mensaje original | mensaje reenviado | inicio del mensaje reenviado
    messaggio originale | messaggio inoltrato | inizio messaggio inoltrato
    oorspronkelijk bericht | oorspronkelijke bericht | origineel bericht | doorgestuurd bericht | begin doorgestuurd bericht
    mensagem original | mensagem encaminhada | mensagem reencaminhada | início da mensagem reencaminhada
    wiadomość oryginalna | oryginalna wiadomość | treść przekazanej wiadomości | wiadomość przekazana | początek przekazywanej wiadomości
    původní zpráva | původní e-mail | přeposlaná zpráva | pôvodná správa | preposlaná správa
    originalno sporočilo | izvirno sporočilo | posredovano sporočilo | izvorna poruka | originalna poruka | proslijeđena poruka
    eredeti üzenet | továbbított üzenet | mesaj original | mesajul original | mesaj redirecționat
    оригинално съобщение | първоначално съобщение | препратено съобщение | αρχικό μήνυμα | προωθημένο μήνυμα
    originalus laiškas | pradinis laiškas | persiųstas laiškas | sākotnējais ziņojums | oriģinālais ziņojums | pārsūtīts ziņojums
    algne kiri | algne sõnum | edastatud kiri | edastatud sõnum
    ursprungligt meddelande | originalmeddelande | vidarebefordrat meddelande | vidarebefordrat brev
    oprindelig meddelelse | original meddelelse | videresendt meddelelse | videresendt besked | opprinnelig melding | videresendt melding
    alkuperäinen viesti | välitetty viesti | edelleenlähetetty viesti | teachtaireacht bhunaidh | messaġġ oriġinali
    исходное сообщение | пересылаемое сообщение | orijinal ileti
""")
)

# Labels of the header block that Outlook and others write above the earlier mail.
FROM_LABELS = frozenset(
    table("""
    from | von | de | da | van | från | fra | lähettäjä | od | feladó | от | από | nuo | no | saatja | ó | minn | expéditeur | absender
    remitente | mittente | afzender | avsender | afsender | siuntėjas | sūtītājs | отправитель | kimden
""")
)
_DATE_LABELS = table("""
    sent | date | gesendet | datum | envoyé | enviado | enviado el | enviada em | fecha | inviato | inviato il | data | verzonden | wysłano
    data wysłania | odesláno | odoslané | poslano | elküldve | küldve | dátum | trimis | изпратено | дата | στάλθηκε | ημερομηνία
    išsiųsta | nosūtīts | datums | saadetud | kuupäev | skickat | sendt
    dato | lähetetty | päivämäärä | päiväys | seolta | mibgħuta | отправлено
""")
_TO_LABELS = table("""
    to | an | à | a | para | aan | do | komu | za | címzett
    către | до | към | προς | kam | kellele | till | til | vastaanottaja | chuig | lil
    empfänger | destinataire | destinatario | ontvanger | pro | prima | gavėjas | adresat | кому | kime | cc | kopie | copie | copia | kopia
    kopi | kopio | másolatot kap | dw | копие | kópia | κοιν.
""")
_SUBJECT_LABELS = table("""
    subject | betreff | objet | sujet | asunto | oggetto | onderwerp
    assunto | temat | předmět | predmet | zadeva | tárgy | subiect | subiectul
    относно | тема | θέμα | tema | temats | teema | ämne | emne | aihe | ábhar | suġġett | konu
""")
OTHER_LABELS = {
    **dict.fromkeys(_TO_LABELS, "to"),
    **dict.fromkeys(_DATE_LABELS, "date"),
    **dict.fromkeys(_SUBJECT_LABELS, "subject"),
}

# A line of its own that a phone or web client adds: its beginning and, behind the dots, what it must hold; else a word of DEVICES.
CLIENT_LINES = tuple(
    (start.strip(), rest.strip())
    for start, _, rest in (
        entry.partition("…")
        for entry in table("""
    sent from | sent with | sent using | get outlook for | von meinem … gesendet | von meiner … gesendet | gesendet von | gesendet mit
    gesendet aus | diese nachricht wurde von mein … gesendet | diese nachricht wurde mit … gesendet | holen sie sich outlook
    envoyé de mon | envoyé depuis | envoyé à partir de | télécharger outlook
    enviado desde | obtener outlook | enviado do meu | enviado a partir d | obter o outlook | inviato da | scarica outlook
    verzonden vanaf | verstuurd vanaf | verzonden met | outlook voor | wysłane z | wysłano z | pobierz outlook
    odesláno z | odoslané z | poslano iz | poslano s | poslano z | az … küldve | elküldve a | trimis de pe | trimis din | изпратено от
    στάλθηκε από | išsiųsta iš | nosūtīts no | saadetud minu | skickat från | hämta outlook | sendt fra | hent outlook
    lähetetty | seolta ó | mibgħut mi | отправлено с
""")
    )
)
DEVICES = table("""
    iphon | ipad | ios | android | galaxy | samsung | huawei | xiaomi
    pixel | phone | handy | mobil | móvil | telefon | téléphone | tablet
    smart | outlook | gmail | gmx | web.de | yahoo | proton | mail
    mac | windows | blackberry | aplikac | app | dispositiv | appareil | cellulare
""")

# A paragraph is a disclaimer when it begins like one and says at least two of the things that only disclaimers say.
DISCLAIMER_STARTS = table("""
    this e-mail | this email | this message | this communication | this transmission | the information contained | the information in this
    the contents of this | confidentiality notice | disclaimer | important:
    diese e-mail | diese email | diese nachricht | der inhalt dieser | die information | vertraulichkeitshinweis | haftungsausschluss
    ce message | ce courriel | cet e-mail | cet email | este mensaje | este correo | esta mensagem | este e-mail
    questo messaggio | questa e-mail | questa email | le informazioni contenute | dit bericht | deze e-mail | dit e-mailbericht
    ta wiadomość | niniejsza wiadomość | treść tej wiadomości | tento e-mail | táto správa | tato zpráva | acest mesaj
    detta meddelande | det här meddelandet | denne e-mail | denne e-post | tämä viesti | ez az e-mail | ez az üzenet
""")
DISCLAIMER_CUES = table("""
    confidential | privileged | intended | addressee | in error | unauthori | notify the sender
    vertraulich | bestimmt | empfänger | irrtümlich | nicht gestattet | unbefugt | confidentiel | destiné | destinataire | par erreur
    confidencial | destinatario | destinatário | por error | por engano | riservat | confidenzial | per errore
    vertrouwelijk | bestemd | geadresseerde | poufn | adresat | omyłkow | důvěrn | dôvern | určen | adresát
    confidențial | destinat | konfidentiell | avsedd | fortrolig | luottamuksel | tarkoitettu | bizalmas | címzett
""")

# All that a colleague writes above a mail passed on; then the forwarded words are the request.
PASSED_ON = frozenset(
    table("""
    fyi | for your information | see below | please see below | pls see below | zk | z.k | z. k | zur kenntnis | zur info | zur bearbeitung
    siehe unten | s.u | bitte bearbeiten | pour info | pour information
    voir ci-dessous | ter info | ter informatie | zie onder | zie hieronder
    per conoscenza | vedi sotto | para su información | ver abajo | do wiadomości | för kännedom | til orientering | tiedoksi
""")
)
