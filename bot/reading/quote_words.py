"""The words mail clients put around earlier mail, in the languages in which people write; tables only, all lower-case."""


def table(text: str) -> tuple[str, ...]:
    """The entries of a table written with bars and line ends between them, once each."""
    entries = (entry.strip() for entry in text.replace("\n", "|").split("|"))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


# "wrote", as it stands in the line above a quote ("On ..., X wrote:").
WROTE = table("""
    wrote | writes | schrieb | geschrieben | écrit | escribió | escribio | ha scritto | scrisse | scritto: | schreef | escreveu
    va escriure
    napisał | pisze | napsal | napísal | napisal | napisao | piše | skrev | skrifaði | kirjoitti | írta | a scris | shkroi
    написа | напиша | пише | пишет | έγραψε | έγραψαν | rašė | rakstīja | kirjutas | scríobh | kiteb | yazdı | idatzi du | escribiu
    đã viết | menulis | menulis: | wrote the following | said the following
    写道 | 寫道 | のメール: | 書きました | 작성: | 님이 씀 | 님의 말 | 썼습니다
    כתב | כתבה | كتب | تمت كتابة | เขียนว่า | ने लिखा
""")

# What Horde, IMP and their kin write instead.
QUOTING = table("""
    quoting | zitat von | zitiere | citando a | citando | citation de | selon | en réponse à | quoto | citeren van | citerar | cytowanie
    idézet | cituji
""")

# People introduce what they cite with these; no client does.
YOU_WROTE = table("""
    you wrote | you write | you have | your | sie schrieb | sie haben | ihr | vous avez | vous m | votre | usted | ustedes | lei ha
    u schreef
    pan napisał | pani napisał | państwo | o senhor | a senhora
""")

# "Your", as people say to us and as no advert of a mail client does.
YOURS = frozenset(
    table("""
    your | ihr | ihre | ihrem | ihren | ihrer | euer | eure | votre | vos | vuestro | vuestra | vostro | vostra | uw | jullie
    państwa | pana | ваш | ваша | ваше | вашего | vaše | vašeho
    """)
)

# Words of somebody who tells us what was written; the line of a client above a quote has none of them.
SPEAKING = YOURS | frozenset(
    table("""
    i | me | my | we | our | mir | mich | ich | wir | uns | m'a | m'ont | m'avez | m’a | m’ont | m’avez | nous | nos | nosotros
    mij | mijn | ons | mnie | mną | мне | мной | нам | мені | mně | mnie | nekem | μου | mig | meg | minulle | bana
    you | sie | vous | usted | ustedes | avete | państwo | pani | вы | вами | ви | vás | önök | σας
    """)
)

# The word such a line begins with, where it does not begin with a figure, a weekday or a name.
OPENERS = frozenset(
    table("""
    on | am | le | el | il | op | em | no | dne | dňa | dana | w | v | u | den | d. | în | pe | la | на | στις | την | τη | ar | de | à
    a
    at | at:
    mon, | tue, | wed, | thu, | fri, | sat, | sun, | pon., | wt., | śr., | czw., | pt., | sob., | niedz., | vào | pada | 在 | 於 | em:
    po | út | st | čt | pá | so | ne | ma | ti | ke | to | pe | la | su | št | pi | пн, | вт, | ср, | чт, | пт, | сб, | вс, | нд, | בתאריך
    في
""")
)

# Between dashes, or alone with a colon: what follows is an earlier mail.
SEPARATORS = frozenset(
    table("""
    original message | original email | original e-mail | original mail | originalmail | original
    original appointment | forwarded message | forwarded mail | begin forwarded message | start of forwarded message
    reply message | forwarded email | forwarded by | forwarded letter | replied message
    ursprüngliche nachricht | originalnachricht | original-nachricht | weitergeleitete nachricht | weitergeleitete e-mail
    weitergeleitete mail
    ursprüngliche mail | original-mail | originaltermin | urspr. nachricht | original nachricht | ursprüngliche e-mail
    anfang der weitergeleiteten nachricht | anfang der weitergeleiteten e-mail | beginn der weitergeleiteten nachricht
    message d'origine | message d’origine | message original | message transféré | message transmis | message initial | mail original
    début du message réexpédié | début du message transféré | courriel original | e-mail transféré | mail transféré | message envoyé
    mensaje original | mensaje reenviado | inicio del mensaje reenviado | correo original | inicio de mensaje reenviado
    missatge original
    missatge reenviat | mensaxe orixinal | jatorrizko mezua
    messaggio originale | messaggio inoltrato | inizio messaggio inoltrato | messaggio inoltrato da | mail originale | inoltrato
    oorspronkelijk bericht | oorspronkelijke bericht | origineel bericht | doorgestuurd bericht | begin doorgestuurd bericht
    oorspronkelijke e-mail | doorgestuurde e-mail
    mensagem original | mensagem encaminhada | mensagem reencaminhada | início da mensagem reencaminhada | início da mensagem encaminhada
    mensagem de origem | e-mail original
    wiadomość oryginalna | oryginalna wiadomość | treść przekazanej wiadomości | wiadomość przekazana | początek przekazywanej wiadomości
    przekazana wiadomość | wiadomość przesłana dalej | początek przekazywanej wiadomości e-mail | wiadomość pierwotna
    původní zpráva | původní e-mail | přeposlaná zpráva | pôvodná správa | preposlaná správa | začátek přeposílané zprávy | pôvodný e-mail
    začiatok preposielanej správy | přeposlaný e-mail
    originalno sporočilo | izvirno sporočilo | posredovano sporočilo | izvorna poruka | originalna poruka | proslijeđena poruka
    prosleđena poruka | оригинална порука | прослеђена порука | изворна порука | prvotno sporočilo
    eredeti üzenet | továbbított üzenet | továbbított levél | eredeti levél | továbbított üzenet kezdete
    mesaj original | mesajul original | mesaj redirecționat | mesaj redirectionat | mesaj transmis mai departe
    începutul mesajului redirecționat
    оригинално съобщение | първоначално съобщение | препратено съобщение | αρχικό μήνυμα | προωθημένο μήνυμα
    έναρξη προωθημένου μηνύματος
    originalus laiškas | pradinis laiškas | persiųstas laiškas | sākotnējais ziņojums | oriģinālais ziņojums | pārsūtīts ziņojums
    pradinis pranešimas | persiųstas pranešimas | pārsūtītā vēstule | sākotnējā vēstule
    algne kiri | algne sõnum | edastatud kiri | edastatud sõnum | algsõnum
    ursprungligt meddelande | originalmeddelande | vidarebefordrat meddelande | vidarebefordrat brev | vidarebefordrat mejl
    ursprungligt mejl
    vidarebefordrat mail | börja vidarebefordrat meddelande
    oprindelig meddelelse | original meddelelse | videresendt meddelelse | videresendt besked | opprinnelig melding | videresendt melding
    oprindelig besked | start på videresendt besked | original melding | opprinnelig e-post | videresendt e-post | videresendt mail
    start på videresendt melding | upprunaleg skilaboð | áframsend skilaboð
    alkuperäinen viesti | välitetty viesti | edelleenlähetetty viesti | välitetty viesti alkaa | teachtaireacht bhunaidh
    messaġġ oriġinali
    teachtaireacht curtha ar aghaidh | messaġġ mgħoddi
    исходное сообщение | пересылаемое сообщение | пересланное сообщение | оригинальное сообщение | начало переадресованного сообщения
    переадресованное сообщение | начало переадресованного письма | пересылаемое письмо | исходное письмо | конец пересылаемого сообщения
    оригінальне повідомлення | переслане повідомлення | початкове повідомлення | вихідне повідомлення | препратена порака
    orijinal ileti | özgün ileti | iletilen mesaj | yönlendirilmiş mesaj | iletilmiş ileti | orijinal mesaj | yönlendirilen ileti
    原始邮件 | 转发的邮件 | 转发邮件 | 邮件原件 | 转发邮件信息 | 原始郵件 | 轉寄的郵件 | 轉寄郵件 | 原始訊息 | 原邮件 | 以下是转发的邮件
    開始轉寄訊息
    元のメッセージ | 転送メッセージ | 転送されたメッセージ | 転送元メッセージ | original message | オリジナルメッセージ | 元のメール
    원본 메시지 | 전달된 메시지 | 원본 메일 | 전달된 메일 | 원본메일
    הודעה מקורית | הודעה שהועברה | הודעה המועברת | الرسالة الأصلية | رسالة معاد توجيهها | الرسالة المعاد توجيهها
    tin nhắn gốc | thư gốc | thư được chuyển tiếp | pesan asli | pesan terusan | pesan yang diteruskan | ข้อความต้นฉบับ | ข้อความที่ส่งต่อ
    मूल संदेश
    please type your reply above this line | please reply above this line | reply above this line | write above this line
    please type your reply above this line -##- | type your response above this line | reply above this line to respond
    bitte antworten sie oberhalb dieser linie | bitte oberhalb dieser zeile antworten | antworten oberhalb dieser zeile
    bitte geben sie ihre antwort oberhalb dieser zeile ein | répondez au-dessus de cette ligne
    veuillez répondre au-dessus de cette ligne
    por favor, escriba su respuesta por encima de esta línea | responda por encima de esta línea | rispondi sopra questa riga
    antwoord boven deze lijn | odpowiedz powyżej tej linii
""")
)

# "----- Forwarded by Jana Muster on 02.11.2026 -----" (Notes)
FORWARDED_BY = table("""
    forwarded by | forwarded message from | weitergeleitet von | transféré par | réacheminé par | reenviado por | inoltrato da
    doorgestuurd door
    encaminhado por | przesłane przez | přeposlal | vidarebefordrat av | videresendt af | videresendt av | lähettänyt edelleen
    message from
    original message from | nachricht von | message de | mensaje de | messaggio da | bericht van
""")

# Labels of the header block that Outlook and others write above the earlier mail.
_LABELS = {
    "from": """
    from | von | de | da | van | från | fra | lähettäjä | od | feladó | от | από | nuo | no | saatja | ó | minn | expéditeur | absender
    remitente | mittente | afzender | avsender | afsender | siuntėjas | sūtītājs | отправитель | kimden | gönderen | nadawca | odesílatel
    odosielateľ
    pošiljatelj | remetente | expeditor | αποστολέας | подател | від | відправник | од | frá | nga | remitent | nork | 发件人 | 寄件者
    寄件人
    發件人 | 发送者 | 差出人 | 送信者 | 보낸 사람 | 보낸사람 | 발신 | 발신자 | מאת | من | từ | người gửi | dari | จาก | ผู้ส่ง | प्रेषक
    de la | von/from | from / von
    """,
    "date": """
    sent | date | gesendet | datum | envoyé | enviado | enviado el | enviada em | enviado em | fecha | inviato | inviato il | data
    verzonden | wysłano
    data wysłania | odesláno | odoslané | poslano | elküldve | küldve | dátum | trimis | изпратено | дата | στάλθηκε | ημερομηνία
    date/time
    išsiųsta | nosūtīts | datums | saadetud | kuupäev | skickat | sendt | gesendet am | date d'envoi | envoyé le | data d'enviament
    poslané | sent on
    dato | lähetetty | päivämäärä | päiväys | seolta | mibgħuta | отправлено | надіслано | послато | датум | sent | gönderilme tarihi
    gönderildi | tarih
    dátum odoslania | datum odeslání | sendingartími | dagsetning | sent at | 发送时间 | 寄件日期 | 日期 | 时间 | 傳送時間 | 發送時間
    發送日期 | 送信日時 | 日時 | 日付
    보낸 날짜 | 보낸날짜 | 날짜 | 일시 | 발송일 | נשלח | תאריך | التاريخ | تاريخ الإرسال | تم الإرسال | đã gửi | ngày | ngày gửi
    dikirim | tanggal
    terkirim
    ส่ง | วันที่ | दिनांक | dáta | data:/date | enviat | bidalia | data e dërgimit
    """,
    "to": """
    to | an | à | a | para | aan | do | komu | za | címzett | per a | til | εις
    către | до | към | προς | kam | kellele | till | til | vastaanottaja | chuig | lil | pentru | catre | saaja | saajat | saņēmējs
    kopija
    empfänger | destinataire | destinatario | ontvanger | pro | prima | gavėjas | adresat | кому | kime | cc | kopie | copie | copia
    kopia
    cc/kopie
    kopi | kopio | másolatot kap | dw | копие | kópia | κοιν. | кoпия | копия | копія | копија | bilgi | alıcı | mottaker | modtager
    mottagare | destinatário
    odbiorca | příjemce | príjemca | prejemnik | primatelj | получатель | одержувач | за | sendt til | viðtakandi | afrit | për | bcc
    kopija (cc)
    收件人 | 收件者 | 抄送 | 副本 | 宛先 | 받는 사람 | 받는사람 | 참조 | 수신 | 수신자 | אל | עותק | إلى | نسخة | đến | tới | kepada
    ถึง | สำเนา | प्रति | reply-to
    répondre à
    antwort an | ответить | à/to | an/to
    """,
    "subject": """
    subject | betreff | objet | sujet | asunto | oggetto | onderwerp | betrifft | thema | re | betr. | títol
    assunto | temat | předmět | predmet | zadeva | tárgy | subiect | subiectul | assumpte | gaia | tema: | věc | fwd
    относно | тема | θέμα | tema | temats | teema | ämne | emne | aihe | ábhar | suġġett | konu | наслов | предмет | efni | tittel | titel
    subjekti
    主题 | 主題 | 主旨 | 標題 | 标题 | 件名 | 제목 | נושא | الموضوع | chủ đề | tiêu đề | subjek | perihal | judul | เรื่อง | หัวเรื่อง
    विषय
    """,
}
KINDS = {label: kind for kind in ("subject", "to", "date", "from") for label in table(_LABELS[kind])}
