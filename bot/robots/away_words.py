"""The words of answering machines, help desks and challenge systems, in the languages of the EU and its neighbours; tables only."""

from bot.robots.robot_words import phrases

# How the subject of an answering machine begins. The weakest sign: it counts only beside another one.
SUBJECTS = phrases("""
    automatic reply | automatic response | automatic answer | automatic email reply | automatic e-mail reply | automated reply
    automated response | automated answer | automated message | auto reply | auto-reply | autoreply | auto response | auto-response
    auto answer | auto-answer | autoanswer | autoresponse | autoresponder | auto-responder | auto message | out of office autoreply
    out of office reply | out of office auto-reply | out of office auto reply | out of office response | out of office message
    out of office notification | out of office assistant | out of office | out-of-office | out of the office | out of my office | ooto
    i am out of the office | i'm out of the office | i am out of office | i'm out of office | currently out of the office
    currently out of office | away from the office | away from my mail | away from my desk | away message | away notice | vacation reply
    vacation response | vacation message | vacation notice | vacation auto-reply | vacation autoreply | holiday notice | leave notice
    not in the office | automatische antwort | automatische rückantwort | automatische abwesenheitsnotiz
    automatische abwesenheitsmeldung | automatische nachricht | automatische eingangsbestätigung | automatische benachrichtigung
    automatisch generierte antwort | abwesenheitsnotiz | abwesenheitsnachricht | abwesenheitsbenachrichtigung | abwesenheitsassistent
    abwesenheitsinfo | abwesenheitshinweis | abwesenheitsmeldung | abwesenheitsagent | nicht im büro | außerhalb des büros
    urlaubsnotiz | ferienabwesenheit | ich bin nicht im büro | réponse automatique | réponse auto | message automatique
    message d'absence | réponse d'absence | absence du bureau | absent du bureau | absente du bureau | notification d'absence
    avis d'absence | répondeur automatique | hors du bureau | respuesta automática | contestación automática | respuesta de ausencia
    mensaje automático | fuera de la oficina | fuera de oficina | ausencia de la oficina | ausente de la oficina | autorespuesta
    resposta automàtica | fora de l'oficina | erantzun automatikoa | risposta automatica | messaggio automatico
    risponditore automatico | fuori sede | fuori ufficio | assenza dall'ufficio | sono fuori ufficio | notifica di assenza
    automatisch antwoord | automatische beantwoording | automatisch bericht | automatische reactie | automatische afwezigheid
    afwezigheidsmelding | afwezigheidsbericht | afwezigheidsassistent | niet op kantoor | buiten kantoor | resposta automática
    mensagem automática | fora do escritório | ausente do escritório | automatyczna odpowiedź | odpowiedź automatyczna | autoodpowiedź
    autoresponder | poza biurem | jestem poza biurem | informacja o nieobecności | powiadomienie o nieobecności | wiadomość automatyczna
    automatická odpověď | mimo kancelář | jsem mimo kancelář | automatická odpoveď | mimo kancelárie | mimo kanceláriu
    som mimo kancelárie | samodejni odgovor | samodejno sporočilo | nisem v pisarni | automatski odgovor | automatski odgovor na poštu
    izvan ureda | аутоматски одговор | automatikus válasz | automatikus üzenet | házon kívül | nem vagyok az irodában | irodán kívül
    răspuns automat | mesaj automat | în afara biroului | absent de la birou | plecat din birou | автоматичен отговор
    автоматично съобщение | извън офиса | αυτόματη απάντηση | αυτόματο μήνυμα | εκτός γραφείου | automatinis atsakymas
    automatinis pranešimas | nesu biure | ne biure | automātiska atbilde | automātiskā atbilde | neesmu birojā | ārpus biroja
    automaatvastus | automaatne vastus | automaatteade | kontorist väljas | ei ole kontoris | autosvar | automatiskt svar
    automatiskt meddelande | frånvaromeddelande | ej på kontoret | inte på kontoret | automatisk svar | automatisk svarmelding
    automatisk besked | automatisk svarmeddelelse | fraværsmeddelelse | fraværsbesked | fraværsmelding | ikke på kontoret
    ude af kontoret | jeg er ikke på kontoret | automaattinen vastaus | automaattinen vastausviesti | automaattivastaus
    poissaoloilmoitus | poissa toimistosta | en ole toimistossa | freagra uathoibríoch | as oifig | tweġiba awtomatika
    barra mill-uffiċċju | автоответ | автоматический ответ | отсутствие на рабочем месте | вне офиса | автовідповідь
    автоматична відповідь | поза офісом | otomatik yanıt | otomatik cevap | ofis dışında | ofis dışındayım | svar frá | sjálfvirkt svar
    utan skrifstofu | 自動応答 | 自動返信 | 不在通知 | 不在のお知らせ | 不在連絡 | 自动回复 | 自動回覆 | 自动答复 | 不在办公室
    자동 회신 | 자동 응답 | 부재중 | תגובה אוטומטית | מענה אוטומטי | رد تلقائي | الرد التلقائي | trả lời tự động | balasan otomatis
    ตอบกลับอัตโนมัติ
""")

# Subjects that people have as well, for they travel with tour operators and drive cars: these need words of absence below them.
HOLIDAY_SUBJECTS = phrases("""
    vacation | on vacation | on holiday | on holidays | annual leave | on annual leave | on leave | on maternity leave | maternity leave
    on parental leave | parental leave | on paternity leave | sick leave | absence | absent | i am on vacation | i'm on vacation
    i am on holiday | i am on leave | i am away | i'm away | auto: | ooo | abwesenheit | nicht im haus | außer haus | abwesend | urlaub
    im urlaub | in elternzeit | elternzeit | ich bin im urlaub | ich bin abwesend | büro geschlossen | betriebsferien | en congé
    en congés | congés | en vacances | absence temporaire | je suis absent | je suis absente | je suis en congé | ausencia | ausente
    de vacaciones | vacaciones | estoy de vacaciones | assenza | assente | in ferie | ferie | sono assente | sono in ferie | afwezigheid
    afwezig | niet aanwezig | met vakantie | op vakantie | vakantie | met verlof | ik ben afwezig | ausência temporária | ausência
    de férias | em férias | férias | estou de férias | estou ausente | nieobecność | nieobecna | nieobecny | urlop | na urlopie
    nepřítomnost | nepřítomen | nepřítomna | v nepřítomnosti | dovolená | neprítomnosť | dovolenka | odsotnost | odsoten | odsotna
    na dopustu | dopust | odsutnost | odsutan | odsutna | godišnji odmor | na godišnjem | szabadságon | szabadság | távollét | absență
    în concediu | concediu | отсъствие | отпуск | απουσία | απουσιάζω | σε άδεια | άδεια | atostogos | atostogauju | nedarbingumas
    atvaļinājums | atvaļinājumā | prombūtne | puhkusel | puhkus | olen puhkusel | äraolek | frånvaro | frånvarande | på semester
    semester | föräldraledig | tjänstledig | fraværende | fravær | ikke til stede | på ferie | på barsel | poissaolo | poissa | lomalla
    loma | olen lomalla | в отпуске | у відпустці | izinli | yıllık izin | 外出
""")

# It says itself that a machine wrote it.
DECLARED = phrases("""
    this is an automatic reply | this is an automated reply | this is an auto-reply | this is an auto reply | this is an autoreply
    this is an automatic response | this is an automated response | this is an auto-response | this is an autoresponse
    this is an automatically generated | this is an auto-generated | this is an auto generated | this is an automated message
    this is an automatic message | this is an automated email | this is an automated e-mail | this is an automated notification
    this is an autoresponder | this message was generated automatically | this message has been generated automatically
    this message is automatically generated | this message was automatically generated | this e-mail was generated automatically
    this email was generated automatically | this email is automatically generated | this e-mail has been generated automatically
    automatically generated reply | automatically generated response | automatically generated message | automatically generated email
    automatically generated e-mail | please do not reply to this | do not reply to this | please don't reply to this
    dies ist eine automatische | dies ist eine automatisch | diese e-mail wurde automatisch | diese nachricht wurde automatisch
    diese mail wurde automatisch | automatisch generierte | automatisch erstellte | bitte antworten sie nicht auf diese
    ceci est un message automatique | ceci est une réponse automatique | ce message est généré automatiquement
    ce message a été généré automatiquement | cet e-mail a été généré automatiquement | merci de ne pas répondre à ce
    veuillez ne pas répondre à ce | message généré automatiquement
    esta es una respuesta automática | este es un mensaje automático | este mensaje se ha generado automáticamente
    mensaje generado automáticamente | por favor no responda a este | no responda a este | respuesta automática
    questo è un messaggio automatico | questa è una risposta automatica | messaggio generato automaticamente | risposta automatica
    si prega di non rispondere | dit is een automatisch | dit bericht is automatisch | deze e-mail is automatisch
    automatisch gegenereerd | u kunt niet antwoorden op | gelieve niet te antwoorden
    esta é uma resposta automática | esta é uma mensagem automática | mensagem gerada automaticamente | mensagem automática
    por favor não responda | to jest automatyczna | to jest wiadomość automatyczna | wiadomość wygenerowana automatycznie
    wiadomość została wygenerowana automatycznie | prosimy nie odpowiadać | automaticky vygenerovan | toto je automatická
    toto je automaticky | ez egy automatikus | automatikusan generált | automatikus üzenet | acesta este un mesaj automat
    acesta este un răspuns automat | mesaj generat automat | detta är ett automatiskt | detta är ett autosvar | automatiskt genererat
    dette er et automatisk | dette er en automatisk | automatisk genereret | automatisk generert | tämä on automaattinen
    automaattisesti luotu | αυτό είναι αυτοματοποιημένο | αυτό είναι ένα αυτόματο | αυτόματη απάντηση | това е автоматичен
    това е автоматично | automatski generirana | ovo je automatska | to je samodejno | see on automaatne | šis ir automātisks
    tai automatinis | это автоматический ответ | это автоматическое сообщение | автоматически сгенерирован | це автоматична
    bu otomatik bir | otomatik olarak oluşturulmuş | このメールは自動 | 自動返信 | 自動送信 | 此邮件为自动 | 系统自动 | 自动回复
""")

# Somebody is away.
ABSENT = phrases("""
    out of the office | out of office | out of my office | away from the office | away from my desk | away from my mail | away on business
    not in the office | not be in the office | on vacation | on holiday | on holidays | on annual leave | on leave | maternity leave
    parental leave | paternity leave | currently away | currently out | i am away | i'm away | i will be away | i'll be away
    be unavailable
    no longer with | no longer work | no longer employed | left the company | no access to my email | no access to my e-mail
    limited access to my email | limited access to email | limited access to e-mail | office is closed | offices are closed | be out until
    nicht im büro | nicht im haus | außer haus | nicht am arbeitsplatz | im urlaub | in urlaub | elternzeit | mutterschutz | abwesend
    nicht erreichbar | auf dienstreise | büro ist geschlossen | nicht mehr im unternehmen | nicht mehr bei
    absent du bureau | absente du bureau | je suis absent | je suis absente | je serai absent | en congé | en congés | en vacances
    actuellement absent | actuellement absente | en déplacement | ne fais plus partie | bureaux sont fermés
    fuera de la oficina | de vacaciones | me encuentro ausente | estaré ausente | estoy ausente | estaré fuera | de baja
    fuori ufficio | fuori sede | sono assente | sarò assente | in ferie | fora do escritório | estou ausente | estarei ausente | de férias
    ausente do escritório | niet aanwezig | afwezig | niet op kantoor | met vakantie | op vakantie | met verlof | poza biurem | na urlopie
    nieobecna | nieobecny | nie ma mnie w biurze | mimo kancelář | nepřítomen | nepřítomna | na dovolené | čerpám dovolenou
    mimo kancelárie | na dovolenke | neprítomn | odsoten | odsotna | na dopustu | izvan ureda | odsutan | odsutna | na godišnjem
    házon kívül
    szabadságon | nem vagyok az irodában | irodán kívül | távol vagyok | în afara biroului | în concediu | plecat din birou
    absent din birou
    извън офиса | в отпуск | отсъствам | εκτός γραφείου | απουσιάζω | σε άδεια | nesu biure | atostogauju | atostogose | ne biure
    neesmu birojā | atvaļinājumā | esmu prombūtnē | kontorist väljas | puhkusel | ei ole kontoris | ej på kontoret | inte på kontoret
    på semester | frånvarande | har semester | tjänstledig | föräldraledig | ikke på kontoret | på ferie | fraværende | holder ferie
    på barsel
    ude af huset | poissa | lomalla | en ole toimistossa | as an oifig | barra mill-uffiċċju | вне офиса | в отпуске | отсутствую
    у відпустці | поза офісом | відсутн | ofis dışında | izindeyim | izinde | tatildeyim | 不在にして | 休暇 | 不在办公室 | 休假 | 出差
    부재중 | 휴가
""")

# What goes with it: back when, and whom to write to meanwhile.
MEANWHILE = phrases("""
    i will be back | i'll be back | i am back | i will return | i'll return | returning on | return to the office | back in the office
    back on | on my return | upon my return | when i return | when i am back | when i get back | in urgent cases
    in case of urgency | in case of emergency | for urgent | if urgent | if it is urgent | if your matter is urgent
    if you need immediate
    for immediate assistance | need immediate assistance | in my absence | during my absence | during this time | please contact
    will not be forwarded | not be forwarded | will not be read | respond as soon as | reply as soon as | get back to you
    wieder erreichbar | wieder da | wieder im büro | wieder für sie | bis zum | bis einschließlich | in dringenden fällen
    in dringenden angelegenheiten | bei dringenden | wenden sie sich | nicht weitergeleitet | werde ich nach | nach meiner rückkehr
    de retour le | mon retour | jusqu'au | en cas d'urgence | pour toute urgence | veuillez contacter | vous pouvez contacter
    merci de contacter
    hasta el | a mi regreso | a mi vuelta | en caso de urgencia | para asuntos urgentes | puede contactar | póngase en contacto
    al mio rientro | fino al | in caso di urgenza | per urgenze | per comunicazioni urgenti | contattare | rientrerò
    até ao dia | até dia | regresso | regressar | em caso de urgência | para assuntos urgentes | contacte | voltarei
    ik ben weer | tot en met | bij dringende | voor dringende | in dringende gevallen | contact opnemen | terug op | bij mijn terugkeer
    w pilnych sprawach | w sprawach pilnych | po powrocie | wracam | proszę o kontakt | do dnia | v naléhavých případech | v urgentních
    po návratu | obraťte se | kontaktujte | v súrnych | v nujnih primerih | po vrnitvi | u hitnim slučajevima | po povratku | sürgős
    visszatérésem | fordulj | în cazuri urgente | mă întorc | la întoarcere | contactați | при спешни | ще се върна
    σε επείγουσες | για επείγοντα | θα επιστρέψω | επιστροφή | skubiais atvejais | grįšiu | kreipkitės | steidzamos gadījumos
    atgriezīšos
    kiireloomuliste | tagasi | palun pöörduge | är tillbaka | vid brådskande | i brådskande | kontakta | tilbage | tilbake
    i hastende tilfælde | ved hastende | kontakt venligst | vennligst kontakt | palaan | kiireellisissä | kiireisissä | ota yhteyttä
    в срочных случаях | по срочным | вернусь | обращайтесь | у термінових | acil durumlarda | döneceğim | 緊急 | 戻り | 如有紧急 | 返回
""")

# A help desk tells the sender that the sender's letter has come in. "Yours" has to be said: a portal that tells US of a new request, with
# number and all, brings a request and is no receipt.
RECEIVED = phrases("""
    we have received your | we've received your | we received your | have received your | received your request | received your message
    received your email | received your e-mail | your request has been | your message has been received | your message was received
    your request was | your request # | your request ( | your request [ | your email has been received | your e-mail has been received
    your enquiry has been | your inquiry has been | your ticket has been | your ticket # | your case has been | your support request
    your feedback has been | acknowledgement of your | receipt of your | ihre anfrage ist | ihre anfrage wurde | ihre nachricht ist
    ihre nachricht wurde | ihre e-mail ist | ihre e-mail wurde | ihre mail ist | wir haben ihre | wir haben ihr | haben ihre anfrage
    haben ihre nachricht | haben ihre e-mail | eingang ihrer | nous avons bien reçu votre | nous avons reçu votre | avons bien reçu
    votre demande a | votre message a | votre e-mail a | hemos recibido su | hemos recibido tu | su solicitud ha | su mensaje ha
    su consulta ha | tu solicitud ha | la sua richiesta è | la tua richiesta è | la vostra richiesta è | wij hebben uw | we hebben uw
    uw aanvraag is | uw bericht is | uw vraag is | recebemos o seu | recebemos a sua | recebemos seu | recebemos sua | o seu pedido foi
    sua solicitação foi | otrzymaliśmy | państwa zgłoszenie | twoje zgłoszenie | przyjęliśmy | přijali jsme | obdrželi jsme
    prijali sme | obdržali sme | prejeli smo | zaprimili smo | primili smo | megkaptuk | az ön megkeresés | am primit
    solicitarea dumneavoastră | solicitarea dvs | получихме | вашето запитване | λάβαμε | το αίτημά σας | gavome jūsų | jūsų užklausa
    saņēmām | jūsu pieprasījums | oleme kätte saanud | teie pöördumine | vi har mottagit | vi har tagit emot | ditt ärende
    vi har modtaget | vi har mottatt | din henvendelse | olemme vastaanottaneet | ваш запрос | ваше обращение | мы получили ваше
    ваше звернення | talebiniz
""")
THANKS = phrases("""
    thank you for contacting | thanks for contacting | thank you for your message | thank you for your email | thank you for your e-mail
    thank you for your mail | thank you for your request | thank you for your inquiry | thank you for your enquiry
    thank you for reaching out | thanks for reaching out | thanks for your message | thanks for your email | thank you for writing
    thanks for writing | thank you for getting in touch | vielen dank für ihre | danke für ihre | vielen dank für deine
    danke für deine | merci de votre message | merci pour votre message | merci de nous avoir | merci d'avoir contacté
    gracias por contactar | gracias por su | gracias por tu | grazie per averci | grazie per il suo | bedankt voor uw | bedankt voor je
    obrigado por contactar | obrigado por entrar | agradecemos o seu | dziękujemy za | děkujeme za | ďakujeme za | zahvaljujemo se
    hvala na | köszönjük | vă mulțumim | благодарим | ευχαριστούμε | dėkojame | paldies par | täname | tack för | tak for din
    takk for din | kiitos viestistäsi | kiitos yhteydenotosta | спасибо за обращение | お問い合わせありがとう | お問合せありがとう
""")
# What goes with it: a number, a desk, a form; and a promise, which people in a hurry ask for in the same words.
DESK_WORDS = phrases("""
    ticket number | case number | request number | reference number | ticket id | ticket # | case # | request # | request id
    support ticket | a ticket has been | has been assigned | has been created | has been opened | has been logged | has been registered
    reviewed by our | support team | support staff | our team will | customer service | customer support | customer care | help desk
    helpdesk | service desk | business days | working days | business hours | a member of our | reply above this line | type your reply
    to add additional | track the status | view the status | check the status | do not start a new | request received
    confirmation of receipt | acknowledgement of receipt | eingangsbestätigung | empfangsbestätigung | eingegangen | ticketnummer
    vorgangsnummer | bearbeitungsnummer | fallnummer | ticket-nr | kundenservice | kundendienst | werktagen | accusé de réception
    numéro de ticket | numéro de dossier | service client | jours ouvrés | acuse de recibo | número de ticket | número de caso
    atención al cliente | días hábiles | días laborables | conferma di ricezione | numero di ticket | servizio clienti
    giorni lavorativi | ontvangstbevestiging | klantenservice | werkdagen | confirmação de receção | número do pedido | apoio ao cliente
    dias úteis | potwierdzenie | numer zgłoszenia | dni roboczych | potvrzení | číslo požadavku | pracovních dn | potvrdenie
    pracovných dn | potrdilo | potvrda | visszaigazolás | munkanap | confirmare | zile lucrătoare | потвърждение | επιβεβαίωση
    patvirtin | apstiprin | kinnitus | mottagningsbekräftelse | kundtjänst | kundeservice | kvittering | asiakaspalvelu | vahvistus
    номер обращения | номер заявки | 受付
""")
PROMISES = phrases("""
    as soon as possible | respond within | reply within | response within | get back to you | in kürze | so schnell wie möglich
    schnellstmöglich | dans les meilleurs délais | dans les plus brefs délais | a la mayor brevedad | lo antes posible
    il prima possibile | al più presto | zo spoedig mogelijk | zo snel mogelijk | o mais breve possível | jak najszybciej | co nejdříve
    čo najskôr | v najkrajšem času | u najkraćem roku | hamarosan | în cel mai scurt timp | възможно най-скоро | το συντομότερο
    kuo greičiau | pēc iespējas | esimesel võimalusel | så snart som | hurtigst muligt | mahdollisimman pian | в ближайшее время
    найближчим часом | en kısa sürede
""")

# A challenge: prove that you are a person, and your mail gets through.
CHALLENGE_SUBJECTS = phrases("""
    please confirm your message | please confirm your email | please confirm your mail | please confirm delivery | confirm your message
    confirm your email to | confirm your mail to | message confirmation | mail confirmation required | confirmation required
    confirmation needed | verification required | verification needed | verify your message | verify your email to | sender verification
    sender address verification | your message requires | your message to | your email requires | your mail to
    action required to deliver
    action required to release | one-time verification | suspect email | please verify | please authenticate
    bitte bestätigen sie ihre nachricht
    bitte bestätigen sie ihre e-mail | veuillez confirmer votre message | mailinblack | authentification de votre
    demande d'authentification
    confirme su mensaje | por favor confirme | conferma il tuo messaggio | antispam uol | confirmação de mensagem | [boxbe]
    message held | your message is being held | your email is being held | your message was held | your message has been held
""")
CHALLENGE_TEXTS = phrases("""
    prove that you are human | prove you are human | prove you're human | you are a human | are a real person | not a spammer
    challenge-response | challenge/response | challenge response | click the link below to | click on the link below to
    click here to verify
    to release your message | release your message | deliver your message | to have your message delivered | will be delivered once
    be delivered to my inbox | reply to this message to confirm | reply to this email to confirm | simply reply to this
    added to my whitelist | my allowed senders | approved senders | approved sender | guest list | spam arrest | spamarrest | spamblocker
    boxbe | mailinblack | tmda | mailblocks | choicemail | bluebottle | sendio | mailwasher | whitelist | captcha
    pending your confirmation
    only once | one-time | spam protection | spam-schutz | anti-spam | antispam | antispammer
""")

# The subject of a receipt: how Outlook and others call a letter that was read or deleted unread (RFC 8098).
RECEIPT_OF_READING = phrases("""
    read: | not read: | deleted: | gelesen: | ungelesen: | nicht gelesen: | ungelesen gelöscht: | lu: | lu : | non lu: | non lu :
    leído: | no leído:
    letto: | non letto: | gelezen: | niet gelezen: | ongelezen: | lida: | lido: | não lida: | przeczytane: | przeczytano:
    nieprzeczytane:
    přečteno: | nepřečteno: | prečítané: | elolvasva: | olvasott: | citit: | necitit: | läst: | oläst: | læst: | lest: | ulæst:
    luettu: | lukematta:
    прочетено: | αναγνώστηκε: | διαβάστηκε: | pročitano: | prebrano: | loetud: | lasīts: | perskaityta: | прочитано: | okundu:
    accusé de réception (affich | ricevuta di ritorno (visual | acuse de recibo (mostrado | ontvangstbevestiging (weerg
    read receipt
    return receipt | disposition notification | lesebestätigung | empfangsbestätigung (angezeigt) | accusé de lecture
    confirmación de lectura
    conferma di lettura | leesbevestiging | potwierdzenie przeczytania | 開封済み: | 开封: | 已读: | 已讀: | 읽음:
""")
READING_TEXTS = phrases("""
    dies ist eine empfangsbestätigung | ceci est un accusé | questa è una ricevuta | este es un acuse | dit is een ontvangst
    was read on | was displayed | was deleted without being read | has been displayed | has been read | wurde gelesen | wurde am
    gelesen am
    wurde angezeigt | ungelesen gelöscht | a été lu | a été affiché | fue leído | ha sido leído | è stato letto | is gelezen | foi lida
    zostało przeczytane | została przeczytana | byla přečtena | this is a return receipt | this is a receipt | return receipt
    no guarantee that the message | lästes | blev læst | ble lest | luettiin
""")

# How calendars begin the subject of an answer to an invitation, and list programs theirs.
CALENDAR_SUBJECTS = phrases("""
    accepted: | declined: | tentative: | tentatively accepted: | new time proposed: | zugesagt: | angenommen: | abgelehnt: | mit vorbehalt
    vorläufig: | accepté: | accepté : | refusé: | refusé : | provisoire: | aceptado: | aceptada: | rechazado: | rechazada:
    accettato: | rifiutato:
    geaccepteerd: | geweigerd: | aceite: | recusado: | zaakceptowano: | odrzucono: | přijato: | odmítnuto: | elfogadva: | acceptat:
    accepterat:
    accepteret: | godtatt: | hyväksytty: | hylätty: | avböjt: | afvist: | принято: | отклонено:
""")
LIST_SUBJECTS = phrases("""
    confirm | confirm subscribe | confirm unsubscribe | subscribe | subscription | unsubscribe | welcome to | your message to
    awaits moderator
    moderator approval | moderation | moderate | moderieren | mailing list | subscription request | request to mailing list
    mail delivery settings
    you have been unsubscribed | list membership | membership reminder | post to | command confirmation | results of your
""")
