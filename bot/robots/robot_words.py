"""The words by which answering machines and mail servers can be known, in the languages of the EU; tables only, all lower-case."""

from bot.reading.quote_words import table

# How the subject of an answering machine begins. The weakest sign: it counts only beside another one.
AUTOMATIC_SUBJECTS = table("""
    automatic reply | automatic response | auto reply | auto-reply
    autoreply | auto response | auto-response | autoresponse | autoresponder
    out of office autoreply | out of office reply | out of office
    out-of-office | out of the office | away from the office | vacation reply
    vacation response | on vacation | on holiday | on leave | i am away | i'm away | absence
    automatische antwort | automatische rückantwort | automatische abwesenheitsnotiz | abwesenheitsnotiz | abwesenheitsnachricht
    abwesenheitsmeldung | abwesenheit | nicht im büro | abwesend | außer haus
    réponse automatique | message automatique | absence du bureau | absent du bureau | absente du bureau | notification d'absence
    respuesta automática | respuesta automatica | fuera de la oficina | ausencia de la oficina
    risposta automatica | fuori sede | fuori ufficio | assenza dall'ufficio | assente
    automatisch antwoord | automatische beantwoording | afwezigheidsmelding | afwezig | niet aanwezig
    resposta automática | fora do escritório | ausência temporária
    automatyczna odpowiedź | odpowiedź automatyczna | autoodpowiedź | poza biurem | nieobecność
    automatická odpověď | mimo kancelář | nepřítomnost | automatická odpoveď | mimo kancelárie | neprítomnosť
    samodejni odgovor | odsotnost | automatski odgovor | odsutnost | izvan ureda
    automatikus válasz | házon kívül | răspuns automat | în afara biroului | автоматичен отговор | извън офиса
    αυτόματη απάντηση | εκτός γραφείου | automatinis atsakymas | automātiska atbilde | automaatvastus | automaatne vastus | kontorist väljas
    autosvar | automatiskt svar | frånvaro | frånvarande | ej på kontoret | automatisk svar | fraværende | fravær | ikke på kontoret
    automaattinen vastaus | poissaoloilmoitus | poissa toimistosta | freagra uathoibríoch | tweġiba awtomatika | автоответ
""")

# How the subject of a returned letter begins.
BOUNCE_SUBJECTS = table("""
    undelivered mail | undeliverable | undelivered | mail delivery fail | delivery status notification | delivery notification
    delivery fail | delivery has failed | delivery problem | delivery delayed | delayed mail | failure notice | failed mail | returned mail
    mail system error | message undeliverable | message delivery | mail could not be delivered | warning: could not send | warning: message
    unzustellbar | nicht zustellbar | zustellung fehlgeschlagen | unzustellbare | nachricht nicht zustellbar
    non remis | échec de remise | message non distribué | no se puede entregar | no se pudo entregar | non recapitabile | mancato recapito
    onbestelbaar | niet bezorgd | não é possível entregar | niedostarczal | nie można dostarczyć | nedoručiteln | nedoručeno
    kézbesíthetetlen | nelivrabil | det går inte att leverera | olevererbart | kan ikke leveres | ei voi toimittaa
""")

# How a mailbox is called that nobody reads; dots, dashes and underscores taken out.
NO_REPLY_NAMES = table("""
    noreply | noresponse | donotreply | dontreply | neverreply
    notreply | unattended | nepasrepondre | nichtantworten | bittenichtantworten
    keineantwort | keinantwort | noresponder | norespondas | nonrispondere | naoresponder | nieodpowiadaj | neodpovidejte | neodpovidat
    nietbeantwoorden | geenantwoord | ingasvar | svarikke | svarinte | eivastausta | nevalaszolj | nuraspunde | noreplay
""")
