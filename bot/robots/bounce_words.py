"""The words that mail servers put into the letters by which they return a mail, in the languages they speak; tables only."""

from bot.robots.robot_words import phrases

# How the subject of a returned letter begins.
SUBJECTS = phrases("""
    undelivered mail | undelivered message | undeliverable | undelivered | undeliver | unable to deliver | could not deliver
    couldn't deliver | cannot deliver | non-delivery | nondeliverable | nondelivery | non delivery | non-deliverable | not delivered
    mail delivery fail | mail delivery problem | mail delivery error | mail delivery status | mail delivery report | mail delivery was
    mail delivery delay | mail delivery warning | mail delivery system | mail not delivered | mail undeliverable | mail undelivered
    mail could not be delivered | mail failure | mail system error | mail error | mail returned | mail rejected | mail refused
    mail delayed | mail bounce | mail was not delivered | mail status report | mail transaction failed | mail failed
    email could not be delivered | e-mail could not be delivered | email delivery | e-mail delivery | email not delivered
    email bounce | e-mail not delivered | email undeliverable | email failure | e-mail undeliverable | email rejected
    delivery status notification | delivery status | delivery notification | delivery fail | delivery has failed | delivery problem
    delivery delayed | delivery delay | delivery error | delivery warning | delivery incomplete | delivery report | delivery unsuccessful
    delivery was unsuccessful | delivery to the following recipient | delivery attempt | delivery expired | delivery deferred
    delivery temporarily | delivery not possible | delivery impossible | delivered:| relayed: | expanded:
    delayed mail | delayed delivery | delayed: | failure delivery | failure notice | failure report | failure to deliver | failed delivery
    failed to deliver | failed mail | failed message | failed: | returned mail | returned message | returned email | returned e-mail
    returned to sender | return to sender | return mail | returning message | bounced mail | bounced message | bounced email | bounce:
    hard bounce: | soft bounce: | bounce notice | bounce notification | bounce action notification | uncaught bounce notification
    message undeliverable | message delivery | message could not be | message not delivered | message status - undeliverable
    message was not delivered | message bounced | message rejected | message refused | message frozen | message delayed | message failure
    message you sent | message undelivered | message returned | message failed | message cannot be delivered
    your message could not be | your message was not delivered | your message wasn't delivered | your message couldn't be delivered
    your mail could not | your mail was not | your email could not | your email was not | your e-mail could not | your e-mail was not
    your message to | warning: could not send | warning: message | warning: mail | warning - delayed mail | warning from mail
    warning: e-mail | warning: delivery | warning: returned | problem delivering your mail | problem delivering
    problems delivering | error sending | error delivering | error in delivery | there was an error sending | user unknown | unknown user
    unknown recipient | unknown address | invalid recipient | no such user | mailbox full | mailbox is full | mailbox unavailable
    mailbox not found | mailbox quota | over quota | quota exceeded | recipient unknown | recipient rejected | rejected mail
    rejected posting | rejected: | permanent delivery failure | permanent failure | successful mail delivery report | nondelivery report
    postmaster copy | postmaster notify | postmaster warning | non-delivered mail | non delivered mail | notification d'état de remise
    notice: mail delivery | notice: delivery | banned contents | virus in mail | virus found in | considered unsolicited
    message you sent
    [bounce] | ndn: | ndr: | dsn: | auto-notification: undeliver | automatically rejected mail | unzustellbar | nicht zustellbar
    nicht zugestellt | nachricht nicht zustellbar | nachricht konnte nicht | zustellung fehlgeschlagen | zustellung nicht möglich
    zustellung der nachricht | zustellfehler | zustellungsfehler | zustellungsbenachrichtigung | ihre nachricht konnte nicht
    postfach voll | postfach ist voll | ihre e-mail konnte nicht | e-mail konnte nicht | e-mail nicht zustellbar | mail nicht zustellbar
    übermittlung fehlgeschlagen
    benachrichtigung zum übermittlungsstatus | fehler bei der zustellung | rücksendung | non remis | échec de remise | échec de la remise
    échec de distribution | échec de livraison | échec d'envoi | échec d'acheminement | message non distribué | message non remis
    message non délivré | message non livré | notification de non-remise | notification d'échec | notification de remise | non délivré
    boîte aux lettres pleine | boîte pleine | boîte de réception pleine | avis de non-remise | retour de message | courrier non
    rapport de non | état de remise | erreur de remise | remise impossible
    remise différée | impossible de remettre | no se puede entregar | no se pudo entregar | no se ha podido entregar | no entregado
    no entregable | error de entrega | entrega fallida | error en la entrega | mensaje no entregado | correo no entregado
    buzón lleno | buzón de correo lleno | correo devuelto | mensaje devuelto | mensaje rechazado | notificación de estado de entrega
    notificación del estado de la entrega
    aviso de no entrega | fallo en la entrega | fallo de entrega | non recapitabile | mancato recapito | mancata consegna
    impossibile recapitare | impossibile consegnare | recapito non riuscito | consegna non riuscita | consegna fallita
    casella piena | casella di posta piena | errore di consegna | messaggio non recapitato | messaggio non consegnato
    notifica di mancata consegna | avviso di mancata consegna
    notifica stato consegna | notifica di stato del recapito | anomalia messaggio | avviso di mancata | onbestelbaar | niet bezorgd
    niet te bezorgen | kan niet worden bezorgd | bezorging mislukt | kan niet worden afgeleverd | bericht niet | niet afgeleverd
    mailbox vol | postvak vol | caixa de correio cheia | skrzynka pełna | skrzynka pocztowa jest pełna | aflevering mislukt
    não é possível entregar | não foi possível entregar | não entregue | não entregável | falha na entrega
    falha de entrega | falha ao entregar | erro de entrega | notificação de status de entrega | mensagem não entregue
    notificação de falha | mensagem devolvida | e-mail não entregue | niedostarczal | nie można dostarczyć | nie dostarczono
    niedostarczon | błąd dostarczania | nie udało się dostarczyć | zwrot wiadomości | zwrot poczty | powiadomienie o stanie dostarczenia
    raport o niedostarczeniu | nedoručiteln | nedoručen | zprávu nelze doručit | nelze doručit | chyba doručení | vrácená zpráva
    oznámení o stavu doručení | správu nie je možné doručiť | nedá sa doručiť | kézbesíthetetlen | kézbesítési hiba | nem kézbesíthető
    sikertelen kézbesítés | visszaküldött levél | nelivrabil | imposibil de livrat | nu se poate livra | nu a putut fi livrat
    mesaj nelivrat | eroare de livrare | det går inte att leverera | olevererbart | kunde inte levereras | ej levererat
    kan inte levereras | kan inte leverera | går inte att leverera | leveransfel | meddelandet kunde inte | leveransen misslyckades
    kan ikke leveres | kunne ikke leveres
    ikke leveret | ikke levert | leveringsfejl | leveringsfeil | leverance mislykkedes | levering mislyktes | kan ikke levere
    meddelelsen kunne ikke | ei voi toimittaa | ei voitu toimittaa | toimittamaton | toimitus epäonnistui | viestiä ei voitu
    viestin toimitus | palautettu viesti | αδύνατη η παράδοση | δεν είναι δυνατή η παράδοση | δεν παραδόθηκε | αποτυχία παράδοσης
    μη παραδοτέο | ανεπίδοτο | αδυναμία παράδοσης | не може да се достави | не може да бъде доставен | недоставен | неуспешна доставка
    неподлежащо на доставка | върнато писмо | neisporučivo | nije moguće isporučiti | neisporučen | isporuka nije uspjela
    nedostavljivo | ni mogoče dostaviti | nedostavljen | dostava ni uspela | kohaletoimetamatu | ei saa kohale toimetada
    kohaletoimetamine ebaõnnestus | nepiegādājams | nevar piegādāt | piegāde neizdevās | nepiegādāts | nepristatom | negalima pristatyti
    nepavyko pristatyti | nepristatyta | teslim edilemiyor | teslim edilemedi | iletilemedi | teslim edilemeyen | недоставлен
    не доставлено
    не удается доставить | не удалось доставить | ошибка доставки | сообщение не доставлено | письмо не доставлено | возврат письма
    не вдалося доставити | недоставлене | почта не доставлена | невозможно доставить | уведомление о недоставке | 配信不能
    配信できません
    メールを配信できません | メッセージを配信できません | メール配信に失敗 | 配信エラー | 配信失敗 | 配送エラー | 不達 | 送信できません
    エラーメール | 宛先不明
    未送达 | 未傳遞 | 無法傳遞 | 无法投递 | 無法投遞 | 传递失败 | 投递失败 | 退信 | 系统退信 | 邮件投递失败 | 邮件发送失败 | 无法送达
    배달되지 않음 | 배달할 수 없음 | 배달 실패
    반송 | 메일 전송 실패 | לא ניתן למסירה | לא ניתן למסור | غير قابل للتسليم | تعذر التسليم | gagal terkirim | không thể gửi | ส่งไม่ได้
""")

# Of these the ones that programs write to the letter, and nobody else does.
CERTAIN_SUBJECTS = phrases("""
    undelivered mail returned to sender | mail delivery failed: returning message to sender | delivery status notification (
    returned mail: see transcript | returned mail: user unknown | returned mail: host unknown | delivery notification: delivery has failed
    mail system error - returned mail | message status - undeliverable | delayed mail (still being retried)
    warning: could not send message
    postmaster notify: see transcript | non-delivery report | banned contents from you | uncaught bounce notification
""")

# A word in the subject of a mail server's letter that tells what the letter is about.
SUBJECT_WORDS = phrases("""
    deliver | return | bounce | fail | error | reject | refus | undeliv | delay | warning | unknown | mailbox | quota | block | not sent
    could not | cannot | unable | no such | invalid | problem | frozen | expired | transcript | notification | report | notice
    zustell | remis
    distribu | livr | entreg | recapit | consegn | bezorg | lever | doruč | kézbes | livrab | toimit | доставл | достави | παρ
    dostarcz | 配信
    配送 | エラー | 送信 | 退信 | 投递 | 投遞 | 送达 | teslim | isporuč | dostav | pristat | piegād | fehler | user | recipient | status
    undelivrable
    undeliverable | rückläufer | unsubscribable
""")

# What the programs say at the beginning, where the letter is not yet quoted.
NOTICES = phrases("""
    could not be delivered | couldn't be delivered | can not be delivered | cannot be delivered | can't be delivered | could not be sent
    was not delivered | wasn't delivered | was undeliverable | is undeliverable | has not been delivered | not been delivered
    were not delivered | not yet been delivered | did not reach | didn't reach | did not receive a copy | could not be reached
    unable to deliver | unable to send | could not deliver | couldn't deliver | can not deliver | cannot deliver | not able to deliver
    wasn't able to deliver | unsuccessful in delivering | failed to deliver | failed to be delivered | delivery failed
    failure in delivery
    delivery to the following | delivery has failed | delivery failure | delivery of your message | delivery of the following
    delivery of this message | delivery status notification | delivery attempts | delivery was aborted | had delivery problems
    had trouble delivering | problem delivering | problems delivering | problem while delivering | encountered delivery problems
    encountered a permanent | error sending your mail | error occurred while | permanent error | permanent fatal errors
    transient non-fatal errors | transcript of session | session transcript | unrecoverable error | fatal error | this is the qmail
    this is the mail system | this is the mail delivery | this is the mailer | this is the postfix | hi. this is the | hi. the mta
    this is the machine generated | this is the deliver program | this is the email server | this is the dragonfly | james mail server
    this message was created automatically by | this is a delivery | this report relates to a message you sent | following addresses had
    following address failed | following address(es) failed | following recipient(s) | following recipients | following addresses failed
    failed recipients | failed addresses | list of failed | undeliverable address | undeliverable to | undelivered to | intended recipient
    the following message to | has been delayed | been postponed | still being retried | has been rejected | was rejected | was refused
    been returned | returned to you | returning your | returned to sender | was automatically rejected | automatically rejected by
    user unknown | unknown user | no such user | unknown recipient | recipient unknown | invalid recipient | unknown address
    user not found
    addressee unknown | unrouteable | unroutable | undeliverable | mailbox full | mailbox is full | mailbox unavailable
    mailbox not found
    mailbox has exceeded | mailbox is disabled | mailbox disabled | inactive mailbox | over quota | exceeded its quota | quota exceeded
    exceeded storage | exceeds quota | not enough space | insufficient storage | address not found | address rejected | domain not found
    does not exist | doesn't exist | no longer valid | not a valid mailbox | no mailbox here | not listed in | host unknown
    host not found
    account is disabled | account has been disabled | account is inactive | no such account | relaying denied | relay access denied
    message too large | size exceeds | exceeds the size | message size exceeds | rejected your message | wasn't found at | isn't valid
    group you tried to contact | invalid final delivery | remote host said | remote server said | remote server returned
    the response from the remote | the error that the other server returned | the response was | reason for the failure | failure reason
    reason of the failure | diagnostic information for administrators | generating server | technical details of | retry timeout exceeded
    connection timed out | connection refused | spam message rejected | blocked by | message blocked | considered spam | mail loop
    too many hops | loop detected | message could not be | transmission error | bounce message | bounced message | bounced email
    the email was stopped | message was stopped | mail was blocked | was blocked by | received as a bounce | original mail as follows
    konnte nicht zugestellt | konnten nicht zugestellt | konnte nicht übermittelt | konnte nicht an den | nicht zugestellt werden
    konnte die nachricht nicht | zustellung ist fehlgeschlagen | zustellung der e-mail | zustellung an | fehler bei der übermittlung
    diagnoseinformationen | diagnosedaten | unbekannter empfänger | empfänger unbekannt | postfach ist voll | postfach voll
    existiert nicht | nicht erreichbar | wurde nicht zugestellt | bei der zustellung | nicht zustellbar | automatisch erzeugt
    n'a pas pu être remis | n'a pas été remis | n'a pu être remis | n'a pas pu être distribué | n'a pas pu être délivré
    n'a pas été délivré | n'a pas pu être livré | impossible de remettre | échec de la remise | échec de remise | pas atteint
    n'ont pas pu | informations de diagnostic | utilisateur inconnu | destinataire inconnu | boîte aux lettres | adresse inconnue
    boîte pleine | erreur permanente | ne peut pas être | no se pudo entregar | no se ha podido entregar | no se puede entregar
    no ha podido ser entregado | no pudo ser entregado | no se entregó | error en la entrega | error al entregar | no llegó
    información de diagnóstico | usuario desconocido | buzón | dirección no encontrada | no existe | no fue entregado
    non è stato possibile recapitare | non è stato possibile consegnare | impossibile recapitare | impossibile consegnare
    non ha raggiunto | non è stato recapitato | non è stato consegnato | mancata consegna | non può essere | informazioni di diagnostica
    utente sconosciuto | casella piena | casella | destinatario sconosciuto | kan niet worden bezorgd | kon niet worden bezorgd
    kon niet worden afgeleverd | niet bezorgd | niet afgeleverd | niet bereikt | bezorging is mislukt | diagnostische gegevens
    onbekende gebruiker | mislukt | não foi possível entregar | não pôde ser entregue | não foi entregue | não pode ser entregue
    não chegou | falha na entrega | informações de diagnóstico | usuário desconhecido | caixa de correio | utilizador desconhecido
    nie można dostarczyć | nie udało się dostarczyć | nie mogła zostać dostarczona | nie została dostarczona | nie dotarła
    informacje diagnostyczne | nieznany użytkownik | skrzynka | nelze doručit | nebyla doručena | nebylo možné doručit
    nepodařilo se doručit | nemohla být doručena | diagnostické informace | neznámý uživatel | schránka | nie je možné doručiť
    nebolo možné doručiť | nepodarilo sa doručiť | nem kézbesíthető | nem sikerült kézbesíteni | nem lehetett kézbesíteni
    kézbesítése nem | ismeretlen felhasználó | nu a putut fi livrat | nu s-a putut livra | nu a ajuns | utilizator necunoscut
    kunde inte levereras | kan inte levereras | har inte levererats | nådde inte | det gick inte att leverera | okänd användare
    kunne ikke leveres | kan ikke leveres | blev ikke leveret | ble ikke levert | nåede ikke | nådde ikke | ukendt bruger | ukjent bruker
    ei voitu toimittaa | ei voi toimittaa | toimitus epäonnistui | ei tavoittanut | tuntematon käyttäjä | δεν ήταν δυνατή η παράδοση
    δεν παραδόθηκε | δεν μπόρεσε να παραδοθεί | άγνωστος χρήστης | не може да бъде доставен | не беше доставен | не може да се достави
    nije moguće isporučiti | nije isporučen | ni bilo mogoče dostaviti | ni bilo dostavljeno | ei õnnestunud kohale | ei saanud kohale
    neizdevās piegādāt | nevar piegādāt | nepavyko pristatyti | negali būti pristatytas | teslim edilemedi | iletilemedi | ulaştırılamadı
    не удалось доставить | не было доставлено | не может быть доставлено | не доставлено | невозможно доставить
    отправлено почтовым сервером
    пользователь не найден | неизвестный пользователь | ящик переполнен | не вдалося доставити | 配信できません | 配信できませんでした
    配信不能
    届きませんでした | 届けることができません | お届けできません | 送信できませんでした | 送信できません | 宛先不明 | 存在しません
    返送 | 无法投递 | 無法投遞 | 无法送达 | 投递失败
    退回 | 不存在 | 无法发送 | 전송하지 못했습니다 | 배달하지 못했습니다 | 배달할 수 없습니다 | 반송 | לא נמסרה | تعذر تسليم
""")

# A script of the recipient's turned the letter down.
REJECTED = phrases(
    "automatically rejected | automatically refused | was rejected | over quota | quota exceeded | mailbox is full | was refused"
)

# The letter is late, or has arrived: a report, but no failure.
ONLY_A_WARNING = phrases("""
    still being retried | no action is required on your part | not yet been delivered | has been delayed | delivery is delayed
    will be retried | will continue to be | delivery attempts will continue | just a warning | is a warning message only
    do not need to resend | could not send message for past | transient non-fatal errors | has been postponed | delayed mail
    delivery status notification (delay) | delivery delayed | message delayed | successful mail delivery report
    was successfully delivered
    wird weiterhin versucht | verzögert | zustellversuche werden | a été retardé | retardée | remise différée | se ha retrasado
    in ritardo | vertraagd | opóźnion | förseninger | försenad | forsinket | задерж
""")

# The line behind which the returned letter begins.
DIVIDERS = phrases("""
    original message | original mail | original email | original e-mail | copy of the message | copy of your message | a copy of the
    copy of the original | returned message | returned mail | returned letter | message header | message text | message follows
    headers follow
    header follows | unsent message | unsent copy | undelivered message | undelivered mail | this line is a copy | below this line
    below the next line | the message below | your message reads | message contents | message content | message body | session transcript
    transcript of session | end of message | start of returned | old message | here is your returned | first part of | attached is
    the original | text of your message | email headers | ursprüngliche nachricht | kopie der nachricht | kopie ihrer | nachrichtenkopf
    message d'origine | copie du message | copie de votre | mensaje original | copia del mensaje | messaggio originale
    copia del messaggio
    mensagem original | cópia da mensagem | oorspronkelijk bericht | oryginalna wiadomość | исходное сообщение | 元のメッセージ | 原邮件
    原信
""")
