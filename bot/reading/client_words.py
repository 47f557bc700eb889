"""What mail clients, firms and gateways add to a letter: adverts, disclaimers, banners, footers; tables only, all lower-case."""

from bot.reading.quote_words import table

# A line of its own that a phone or web client adds: its beginning and, behind the dots, what it must hold; else a word of DEVICES.
CLIENT_LINES = tuple(
    (start.strip(), rest.strip())
    for start, _, rest in (
        entry.partition("…")
        for entry in table("""
    sent from | sent with | sent using | sent via | sent by … mobile | sent on … mobile | get outlook for | get bluemail for
    this message was sent using … imp
    von meinem … gesendet
    von meiner … gesendet | gesendet von | gesendet mit | gesendet aus | gesendet über | sent securely … proton | secured with … tuta
    sent … k-9
    sent from my | diese nachricht wurde von mein … gesendet | diese nachricht wurde mit … gesendet | holen sie sich outlook | outlook für
    this message was sent from my | sorry for typos … sent | sorry for brevity … sent | excuse … brevity | please excuse … typ
    pardon … typos
    please excuse … brevity | this e-mail was sent from my … phone | sent whilst on the move | sent on the go
    envoyé de mon | envoyé depuis | envoyé à partir de | envoyé avec | envoyé via | télécharger outlook | obtenir outlook
    obtenez outlook
    envoyé de l | envoyée depuis | provenance : … | cordialement, envoyé
    enviado desde | enviado con | enviado a través de | obtener outlook | obtenga outlook | enviado do meu | enviado a partir d
    enviado de mi
    enviado do | enviado pelo | enviado com | enviado via | obter o outlook | obtenha o outlook | baixe o outlook | enviat des
    inviato da | inviato dal | inviato con | inviato tramite | scarica outlook | ottieni outlook
    verzonden vanaf | verstuurd vanaf | verzonden met | verzonden via | verzonden vanuit | outlook voor | download outlook voor
    verstuurd met
    wysłane z | wysłano z | wysłane za pomocą | pobierz outlook | pobierz program outlook | wysłane przez … mail
    odesláno z | odoslané z | odesláno pomocí | odesláno ze | odoslané zo | získat outlook | získajte outlook | získať outlook | posláno z
    poslano iz | poslano s | poslano z | poslano sa | prenesite outlook | nabavite outlook | послато са
    az … küldve | elküldve a | küldve | elküldve az | outlook beszerzése | telefonomról küldve | iphone-omról küldve
    trimis de pe | trimis din | trimis cu | obțineți outlook | descărcați outlook
    изпратено от | изтегляне на outlook | изпратено чрез | στάλθηκε από | λήψη του outlook | εστάλη από | αποστολή από
    išsiųsta iš | išsiųsta naudojant | gauti outlook | nosūtīts no | nosūtīts ar | iegūt outlook | saadetud minu | saadetud … telefon
    hangi outlook
    skickat från | skickat med | skickades från | hämta outlook | sendt fra | sendt med | sendt via | hent outlook | få outlook | sent frá
    sent úr
    lähetetty | hanki outlook | seolta ó | mibgħut mi | отправлено с | отправлено из | отправлено через | скачать outlook | надіслано з
    надіслано через
    завантажити outlook | gönderildi | iphone'umdan gönderildi | ipad'imden gönderildi | outlook'u … edin | ios için outlook
    android için outlook
    发自我的 … | 从我的 … | 寄自我的 … | 發自我的 … | 從我的 … | 傳送自 … | 从 windows 版邮件发送 … | 发送自 … | 获取 outlook | 取得 outlook
    iphoneから送信 … | ipadから送信 …
    私の … から送信 | 나의 iphone에서 보냄 … | 내 iphone에서 보냄 … | 나의 ipad에서 보냄 … | outlook for … 入手 | נשלח מה | أرسلت من
    مرسل من | đã gửi từ
    dikirim dari
    dapatkan outlook | ส่งจาก | dërguar nga | poslato sa | yahoo mail: search … organize | télécharger l'application … | mail via … zoho
""")
    )
)
DEVICES = table("""
    iphon | ipad | ios | android | galaxy | samsung | huawei | xiaomi | honor | oneplus | motorola | nokia | айфон | тел | pixel | phone
    handy
    mobil | móvil | telefon | téléphone | tablet | smart | outlook | gmail | gmx | web.de | yahoo | proton | mail | почт | пошт | телефон
    κινητό
    mac | windows | blackberry | aplikac | app | dispositiv | appareil | cellulare | telemóvel | celular | thunderbird | zoho | fairemail
    bluemail
    spark | tuta | telefoon | puhelime | matkapuhel | komórk | הטלפון | הנייד | posteo | t-online | freenet | orange | libero | laposte
    front | superhuman | canary | airmail | edison | missive
""")

# A line or two of advertising or warning by the mail program, the virus scanner or the printer-conscious firm; anywhere but never alone.
NOTICE_STARTS = table("""
    [image: mailtrack] | image: mailtrack
    this email has been checked for viruses | this email was scanned | this e-mail has been scanned | virus-free. | virus free.
    virenfrei.
    sans virus. | libre de virus. | privo di virus. | virusvrij. | wolny od wirusów. | bez virů. | livre de vírus. | não contém vírus
    diese e-mail wurde von avast | diese e-mail wurde auf viren | l'absence de virus | cet e-mail a été vérifié | garanti sans virus
    el software de antivirus | este correo electrónico ha sido comprobado | questa e-mail è stata controllata per
    deze e-mail is gecontroleerd op virussen
    ta wiadomość e-mail została sprawdzona | tento e-mail byl zkontrolován | tento e-mail bol skontrolovaný | este e-mail foi verificado
    detta e-postmeddelande har sökts | denna e-post har kontrollerats | tämä sähköposti on tarkistettu | no virus found in this
    keine viren gefunden
    checked by avg | scanned by | ce courrier électronique ne contient aucun virus | este mensaje no contiene virus
    это сообщение проверено на вирусы
    please consider the environment | please don't print | think before you print | save a tree | save paper
    bitte denken sie an die umwelt
    bitte prüfen sie, ob diese | denken sie an die umwelt | pensez à l'environnement | avant d'imprimer
    merci de penser à l'environnement
    piense en el medio ambiente
    antes de imprimir | prima di stampare | rispetta l'ambiente | pense no ambiente | denk aan het milieu | proszę pomyśl o środowisku
    tänk på miljön
    caution: this email | caution: this e-mail | caution: external | caution! this | [external | external email | external sender
    external:
    warning: this email | warning: external | this message originated from outside | this email originated from outside
    this message was sent from outside
    this email originated outside | you don't often get email from | some people who received this message don't
    learn why this is important
    achtung: diese e-mail | vorsicht: diese e-mail | achtung: externe | externe e-mail | diese e-mail stammt von außerhalb
    diese e-mail kommt von extern
    sie erhalten nicht häufig e-mails von | sie erhalten nicht oft e-mails von | attention : ce message | attention : cet e-mail
    attention: ce courriel
    vous ne recevez pas souvent de courriers | vous n'obtenez pas souvent d'e-mail | precaución: este correo
    no suele recibir correos electrónicos de
    attenzione: questa e-mail | non si ricevono spesso messaggi di posta | let op: deze e-mail | u ontvangt niet vaak e-mail van
    cuidado: este e-mail
    uwaga: ta wiadomość | nie otrzymujesz często wiadomości | du får inte ofta e-post från | du får ikke ofte mails fra
    du får ikke ofte e-post fra
    zt-externe | [extern] | [external] | [externe] | [externo]
""")

# A paragraph is a disclaimer when it begins like one and says at least two of the things that only disclaimers say.
DISCLAIMER_STARTS = table("""
    this e-mail | this email | this message | this communication | this transmission | the information contained | the information in this
    this mail
    the contents of this | the content of this | confidentiality notice | disclaimer | important: | important notice | notice:
    if you are not the
    if you have received this | the information transmitted | legal notice | privileged | confidential | confidentiality
    diese e-mail | diese email | diese nachricht | der inhalt dieser | die information | vertraulichkeitshinweis | haftungsausschluss
    wichtiger hinweis
    dieses e-mail | diese mail | hinweis: | rechtlicher hinweis | der austausch von nachrichten | vertraulich
    ce message | ce courriel | cet e-mail | cet email | ce mail | les informations contenues | avis de confidentialité
    si vous n'êtes pas
    este mensaje | este correo | esta mensagem | este e-mail | este email | aviso legal | aviso de confidencialidad
    la información contenida | esta comunicación
    as informações contidas | aviso de confidencialidade | aquest missatge
    questo messaggio | questa e-mail | questa email | le informazioni contenute | il contenuto | la presente | ai sensi del
    avviso di riservatezza
    dit bericht | deze e-mail | dit e-mailbericht | de informatie | de inhoud van | deze mail
    ta wiadomość | niniejsza wiadomość | treść tej wiadomości | informacje zawarte | uwaga: | ta korespondencja
    tento e-mail | táto správa | tato zpráva | tento email | obsah tohoto | tato e-mailová | informace obsažené | acest mesaj
    acest e-mail
    informațiile
    detta meddelande | det här meddelandet | denne e-mail | denne e-post | denne meddelelse | denna e-post | denne mail | denne meldingen
    tämä viesti | tämä sähköposti | ez az e-mail | ez az üzenet | jelen üzenet | настоящее сообщение | это сообщение | това съобщение
    το παρόν | αυτό το
    bu e-posta | bu mesaj | ova poruka | to sporočilo | see kiri | šis ziņojums | šis laiškas | 本邮件 | 本電子郵件 | このメール
""")
DISCLAIMER_CUES = table("""
    confidential | privileged | intended | addressee | recipient | in error | unauthori | notify the sender | prohibited | disclosure
    dissemination
    delete it | delete this | destroy | liability | virus
    vertraulich | bestimmt | empfänger | irrtümlich | nicht gestattet | unbefugt | adressat | vernichten | weitergabe | absender
    rechtlich geschützt
    confidentiel | destiné | destinataire | par erreur | interdit | détruire | expéditeur | divulgation
    confidencial | destinatario | destinatário | por error | por engano | por erro | prohibid | proibid | remitente | remetente
    divulgación | eliminar
    riservat | confidenzial | per errore | vietat | destinat | mittente | distrugger
    vertrouwelijk | bestemd | geadresseerde | afzender | ten onrechte | verboden | abusievelijk
    poufn | adresat | omyłkow | nadawc | zabroni | przeznaczon | důvěrn | dôvern | určen | adresát | odesílatel | odosielateľ | omylem
    omylom
    confidențial | expeditor | din greșeală | konfidentiell | avsedd | mottagare | avsändare | fortrolig | modtager | afsender | avsender
    mottaker | feil
    luottamuksel | tarkoitettu | vastaanottaja | erehdyksessä | bizalmas | címzett | tévedés | feladó | конфиденциал | предназначен
    отправител | адресат
    поверителн | получател | εμπιστευτικ | παραλήπτη | αποστολέα | gizli | alıcı | povjerljiv | poverljiv | zaupn | konfidentsiaal
    konfidenc | 机密 | 機密
""")

# Below a line drawn across the page: what a mailing list says of itself.
LIST_FOOTERS = table("""
    mailing list | mailing-list | mailman | listinfo | unsubscribe | you received this message because | you are receiving this because
    to stop receiving
    mailingliste | liste de diffusion | lista de correo | lista de distribución | mailinglijst | lista dyskusyjna | list archive
    groups.google
    abbestellen | abmelden: | se désabonner | darse de baja | disiscri | uitschrijven | wypisać | odhlásit | avregistrera
""")

# Before a name and an address: people end letters so.
GREETINGS = table("""
    best regards | kind regards | regards | best wishes | best | many thanks | thanks | thank you | thx | cheers | sincerely
    yours sincerely | yours faithfully
    yours truly | warm regards | with kind regards | sincerely yours | respectfully | br | rgds | warmly | all the best
    thanks and regards
    with regards
    mit freundlichen grüßen | mit freundlichen grüssen | mit freundlichem gruß | freundliche grüße | freundliche grüsse | viele grüße
    viele grüsse | beste grüße
    liebe grüße | herzliche grüße | mfg | lg | vg | gruß | grüße | mit besten grüßen | hochachtungsvoll | schöne grüße | beste grüsse
    liebe grüsse
    cordialement | bien cordialement | bien à vous | sincères salutations | salutations distinguées | meilleures salutations | salutations
    amicalement | merci
    saludos | un saludo | saludos cordiales | un cordial saludo | atentamente | cordialmente | gracias | reciba un cordial saludo
    muchas gracias
    cordiali saluti | distinti saluti | saluti | grazie | un saluto | cordialmente | grazie e saluti | atenciosamente | cumprimentos
    com os melhores cumprimentos
    melhores cumprimentos | obrigado | obrigada | abraço | att | met vriendelijke groet | met vriendelijke groeten | vriendelijke groeten
    groeten | groet | mvg
    hartelijke groet | z poważaniem | pozdrawiam | z wyrazami szacunku | serdecznie pozdrawiam | dziękuję | s pozdravem
    s přátelským pozdravem | děkuji | s pozdravom
    lep pozdrav | s spoštovanjem | s poštovanjem | lijep pozdrav | srdačan pozdrav | pozdrav | üdvözlettel | tisztelettel | köszönettel
    cu stimă | cu respect | mulțumesc
    с уважение | поздрави | с уважением | с наилучшими пожеланиями | спасибо | з повагою | με εκτίμηση | με φιλικούς χαιρετισμούς
    ευχαριστώ | pagarbiai | ar cieņu
    lugupidamisega | parimate soovidega | med vänliga hälsningar | vänliga hälsningar | med vänlig hälsning | hälsningar | mvh | hälsning
    med venlig hilsen
    venlig hilsen | mange hilsner | hilsen | de bedste hilsner | med vennlig hilsen | vennlig hilsen | ystävällisin terveisin | terveisin
    kunnioittavasti | parhain terveisin
    le meas | saygılarımla | saygılar | iyi çalışmalar | kær kveðja | bestu kveðjur | 此致 | 祝好 | よろしくお願いします | 敬具
    감사합니다 | בברכה | مع التحية
""")

# All that a colleague writes above a mail passed on; then the forwarded words are the request.
PASSED_ON = frozenset(
    table("""
    fyi | for your information | see below | please see below | pls see below | zk | z.k | z. k | zur kenntnis | zur info
    zur bearbeitung
    for your attention
    siehe unten | s.u | bitte bearbeiten | pour info | pour information | fyi please see below | please handle | please take care
    for action | fya | f.y.i
    voir ci-dessous | ter info | ter informatie | zie onder | zie hieronder | zur kenntnisnahme | z.k. und bearbeitung | z. kts
    zur weiteren bearbeitung
    per conoscenza | vedi sotto | para su información | ver abajo | do wiadomości | för kännedom | til orientering | tiedoksi
    para conhecimento | k vědomí
    na vedomie | pour action | pour suite à donner | weiterleitung | fwd | fw | wg | ter kennisname | proszę o obsługę | in bijlage
    see attached | siehe anhang
""")
)

# The whole message where a server or a client stands in for a mail that it did not deliver.
PLACEHOLDERS = table("""
    the server couldn't retrieve the following message | the server could not retrieve the following message
    this message has not been downloaded
    the following message could not be retrieved | retrieval using the imap4 protocol failed for the following message
    retrieval using the pop3 protocol failed for the following message | the message could not be retrieved
    this message could not be retrieved
    this message cannot be displayed | this message can't be displayed because of the way | this body part will be downloaded on demand
    message body not available
    the body of this message has not been downloaded | this message is only partially downloaded | this message has no content. the server
    there was an error downloading this message | your message could not be displayed | unable to retrieve the message
    this message was removed because
    der server konnte die folgende nachricht nicht abrufen | der server konnte die nachricht nicht abrufen
    diese nachricht wurde noch nicht heruntergeladen
    die folgende nachricht konnte nicht abgerufen werden | diese nachricht wurde nicht vom server heruntergeladen
    die nachricht konnte nicht abgerufen werden
    dieser nachrichtentext wird bei bedarf heruntergeladen | le serveur n'a pas pu récupérer le message suivant
    ce message n'a pas été téléchargé
    el servidor no pudo recuperar el siguiente mensaje | este mensaje no se ha descargado
    il server non è riuscito a recuperare il seguente messaggio
    questo messaggio non è stato scaricato | de server kan het volgende bericht niet ophalen | dit bericht is niet gedownload
    ta wiadomość nie została pobrana
    o servidor não conseguiu recuperar a seguinte mensagem | esta mensagem não foi transferida
""")
