"""How robots' senders are called and how text is evened out before it is looked up in the tables; tables only."""

import re

from bot.reading.quote_words import table

_EVEN = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "\xa0": " ", "\u202f": " ", "：": ":", "\u200b": "", "\u00ad": ""})
QUOTED = re.compile(r"[\"“„«‹「][^\"”“„«»‹›「」]{0,500}[\"”“»›」]|(?<!\w)'[^']{10,500}'(?!\w)")
"""What a person shows of others' words."""


def even(text: str) -> str:
    """Lower-case with one kind of apostrophe, colon and space, everything on one line: wrapped phrases are found, too."""
    return " ".join(text.casefold().translate(_EVEN).split())


def phrases(text: str) -> tuple[str, ...]:
    """The entries of a table as `even` would write them: `ß` is `ss`, a final sigma is a sigma."""
    return tuple(dict.fromkeys(even(entry) for entry in table(text)))


# How a mailbox is called that nobody reads; dots, dashes and underscores taken out.
NO_REPLY_NAMES = frozenset(
    phrases("""
    noreply | noresponse | donotreply | dontreply | neverreply | noreplay | replynot | noanswer
    notreply | unattended | nepasrepondre | nepasrépondre | nichtantworten | bittenichtantworten
    keineantwort | keinantwort | noresponder | norespondas | nonrispondere | naoresponder | nieodpowiadaj | neodpovidejte | neodpovidat
    nietbeantwoorden | geenantwoord | ingasvar | svarikke | svarinte | eivastausta | nevalaszolj | nuraspunde | nereaguj
""")
)

# A mail server's own mailbox, whatever stands behind it; dots, dashes and underscores taken out.
DAEMON_NAMES = phrases("mailerdaemon | mailerdeamon | mailerdemon | maildaemon | maildeamon | mailerdaemo")
DAEMON_NAMES_WHOLE = frozenset(phrases("mdaemon | doublebounce | maildelivery | maildeliverysystem | nondeliveryreport | ndr"))

# A mailbox that mail servers write from and that, in a small firm, a person may use.
SERVER_NAMES = frozenset(
    phrases("""
    mailer | daemon | postmaster | postmaestro | mailmaster | mailadmin | mailadministrator | mailsystem | mailserver | mailgateway
    mailgate | mailrouter
    mailrelay | mailscanner | mailfilter | mailsweeper | mailcontrol | systemadministrator | sysadmin | sysop
    administrator | admin | root | system | systemadmin | smtp | esmtp | smtpd | mta | amavis | amavisd | virusalert | virusadmin
    antivirus | antispam | spamfilter | contentfilter
    delivery | dsn | bounce | bounces | mailbounce | bouncemail | errors | errorsto | returnedmail | undeliverable | interscan | scanmail
    exchange | domino | groupwise | notification | notifications | mmsc | listmaster | hostmaster | mail | mailman | mmdf | uucp | apps
""")
)

# Of these the few that nobody else is likely to have; `mail@` and `admin@` are how many people and small firms are called.
ROLE_NAMES = frozenset(
    phrases("postmaster | amavis | amavisd | root | daemon | mailer | smtp | mta | bounce | bounces | errors | listmaster | hostmaster")
)

# Display names that only mail servers bear.
DAEMON_TITLES = phrases("""
    mailer-daemon | mailer daemon | mailerdaemon | mail delivery | maildelivery | delivery subsystem | delivery system
    mail deliver system
    mail delivery subsystem | mail delivery system | mail delivery service | internet mail delivery | e-mail delivery | email delivery
    mail transfer agent | mail transport | message delivery | mdaemon | delivery agent | mail robot | courier mail server | returned mail
    mailzustellsystem | mail-zustellsystem | mailzustellung | système de distribution | почтовая система | メール配信
""")

# Display names that mail servers bear and a person may, too.
SERVER_TITLES = phrases("""
    postmaster | post master | post office | system administrator | systemadministrator | system-administrator | administrateur système
    administrateur systeme | administrador del sistema | amministratore di sistema | systeembeheerder | administrador do sistema
    systemansvarig | systemadministratör | järjestelmänvalvoja | administrator systemu | správce systému | rendszergazda
    sistem yöneticisi
    системный администратор | システム管理者 | 系统管理员 | mail administrator | mail admin | mail server | mail system | mailserver
    mail gateway
    microsoft outlook | microsoft exchange | interscan | scanmail | mail filter | content filter | undeliverable | mailsweeper | smtp
    smtp server | mailmarshal | webshield | groupshield | antigen | symantec | surfcontrol | trend micro | mail router | email system
    exchange server | antispam | mail master | mailbox
""")

# Programs that keep mailing lists.
LIST_PROGRAMS = frozenset(
    phrases("listserv | majordomo | mailmanloop | sympa | ezmlm | listproc | listar | ecartis | lyris | smartlist | fml | mlmmj")
)

# What stands at the edge of a newsletter; "unsubscribe" is none, for people ask for that.
NEWSLETTER_WORDS = phrases("""
    view in browser | view in your browser | view this email in | view this e-mail in | view online version | update your preferences
    update preferences | manage your preferences | manage preferences | email preferences | you are receiving this email because
    you are receiving this e-mail because | you received this email because | im browser ansehen | im browser anzeigen | im browser öffnen
    online-version | sie erhalten diese e-mail, weil | sie erhalten diesen newsletter | voir dans le navigateur
    afficher dans le navigateur | version en ligne | vous recevez cet e-mail | ver en el navegador | recibe este correo porque
    visualizza nel browser | visualizza questa e-mail | ricevi questa e-mail perché | bekijk in de browser | bekijk deze e-mail
    u ontvangt deze e-mail omdat | ver no navegador | zobacz w przeglądarce | visa i webbläsare | vis i browser
""")

# A mailbox that sends newsletters or notices; one sign among others.
CAMPAIGN_NAMES = frozenset(
    phrases("""
    newsletter | newsletters | news | marketing | mailing | mailings | promo | promotions | offers | deals | digest | updates
    campaign | mailer
    announce | announcements | notification | notifications | notify | alert | alerts
""")
)
