"""The words by which answering machines give themselves away where no header field does; tables only."""

from bot.robots.robot_words import phrases

# It says that nobody reads what was written to it; "your" has to be said, for people tell of their own mail.
UNREAD = phrases("""
    your email will not be | your e-mail will not be | your message will not be | your mail will not be | this mailbox is not monitored
    ihre e-mail wird nicht | ihre nachricht wird nicht | ihre mail wird nicht | deine nachricht wird nicht | deine e-mail wird nicht
    eingehende e-mails werden nicht | votre message ne sera | votre courriel ne sera | votre e-mail ne sera | su mensaje no será
    su correo no será | il suo messaggio non | la sua e-mail non | la vostra e-mail non | uw bericht wordt niet | uw e-mail wordt niet
    uw mail wordt niet | a sua mensagem não será | o seu email não será | państwa wiadomość nie | ditt mejl vidarebefordras
    din e-post vidarebefordras | din mail bliver ikke | din e-post blir ikke | viestiäsi ei | váš e-mail nebude
""")
# The mailbox itself has gone.
GONE = phrases("""
    email address is no longer | e-mail address is no longer | mailbox is no longer | e-mail-adresse wird nicht mehr
    e-mail-adresse ist nicht mehr | mailadresse wird nicht mehr | adresse n'est plus | adresse électronique n'est plus
    dirección de correo ya no | indirizzo non è più | indirizzo e-mail non è più | e-mailadres wordt niet meer | e-mailadres is niet meer
    adres e-mail nie jest już | e-postadressen används inte
""")
# It says itself that it is an answer, which a web form that hands on a letter does not.
ANSWERS = phrases("""
    automated response | automatic response | automatic reply | automated reply | auto-reply | autoreply | auto-response | autoresponse
    automatische antwort | automatisch generierte antwort | réponse automatique | respuesta automática | risposta automatica
    automatisch antwoord | resposta automática | automatyczna odpowiedź | automatická odpověď | autosvar | automatisk svar
    automaattinen vastaus | automatikus válasz | otomatik yanıt | автоматический ответ | 自動返信 | 自动回复
""")

# Until when, which people say of their holidays in the same words.
UNTIL = phrases("bis zum | bis einschließlich | jusqu'au | hasta el | fino al | até ao dia | até dia | tot en met | do dnia")
