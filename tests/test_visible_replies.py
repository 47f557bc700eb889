"""Visible replies: what a person would cut out of a mail, as the big clients write them, in the languages in which people write."""

from datetime import UTC, datetime

import pytest

from bot.inquiry import Inquiry
from bot.parsing import parse_email
from bot.reading.visible_text import separate

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
OWN = "Please erase my data."

# What stands between the own words and an unmarked quote.
FRAMES = [
    # who wrote when, in one to four lines
    "On Monday, 2 November 2026 at 08:00:12 CET, Acme via Support\n<news@acme.example>\nwrote:",
    "On Nov 2, 2026, at 8:00 AM,\nAcme and its friends\n<news@acme.example>\nwrote:",
    "On November 2nd, 2026 at 08:00, Acme <news@acme.example> wrote:",
    "Acme <news@acme.example> writes:",
    "* Acme <news@acme.example> [2026-11-02 08:00]:",
    "Am Montag, 02. November 2026 08:00 CET, schrieb Acme <news@acme.example>:",
    "Am 02.11.2026 08:00, schrieb Acme:",
    "2. Nov. 2026, 08:00 von news@acme.example:",
    "02.11.2026, 08:00, \"Acme\" <news@acme.example>:",
    "Понедельник, 2 ноября 2026, 8:00 +03:00 от Acme <news@acme.example>:",
    "пн, 2 лист. 2026 р. о 08:00 Acme <news@acme.example> пише:",
    "Acme <news@acme.example>, 2 Kas 2026 Pzt, 08:00 tarihinde şunu yazdı:",
    "Vào 08:00, Th 2, 2 thg 11, 2026 Acme <news@acme.example> đã viết:",
    "Pada tanggal Sen, 2 Nov 2026 pukul 08.00 Acme <news@acme.example> menulis:",
    "2026年11月2日(月) 8:00 Acme <news@acme.example>:",
    "2026年11月2日(月) 8:00 に Acme さんは書きました:",
    "2026년 11월 2일 (월) 오전 8:00, Acme <news@acme.example>님이 작성:",
    "Acme <news@acme.example> 于2026年11月2日周一 08:00写道：",
    "在 2026-11-02 08:00:00，\"Acme\" <news@acme.example> 写道：",
    "\u202bבתאריך יום ב׳, 2 בנוב׳ 2026 ב-8:00 מאת \u202aAcme\u202c <\u202anews@acme.example\u202c>:\u202c",
    "في الاثنين، 2 نوفمبر 2026 في 8:00 ص تمت كتابة ما يلي بواسطة Acme <news@acme.example>:",
    "ในวันที่ จ. 2 พ.ย. 2026 เวลา 08:00 Acme <news@acme.example> เขียนว่า:",
    "сре, 2. нов 2026. у 08:00 Acme <news@acme.example> је написао/ла:",
    "El dl., 2 de nov. 2026, 8:00, Acme <news@acme.example> va escriure:",
    "Quoting Acme <news@acme.example>:",
    "Zitat von Acme <news@acme.example>:",
    "---- On Mon, 02 Nov 2026 08:00:00 +0100 Acme <news@acme.example> wrote ----",
    "---- Am Mo., 02 Nov. 2026 08:00:00 +0100 news@acme.example schrieb ----",
    "Den man. 2. nov. 2026 kl. 08.00 skrev Acme <news@acme.example\n>:",
    ">>> Acme <news@acme.example> 11/2/2026 8:00 AM >>>",
    # lines between dashes
    "-----Original Message-----",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, November 2nd, 2026 at 08:00, Acme <news@acme.example> wrote:",
    "---------- Forwarded message ---------\nFrom: Acme <news@acme.example>\nDate: Mon, Nov 2, 2026 at 8:00 AM\nSu"
    "bject: News\nTo: <jana@example.org>",
    "Begin forwarded message:\n\nFrom: Acme <news@acme.example>\nSubject: News\nDate: 2. November 2026",
    "-------- Weitergeleitete Nachricht --------\nBetreff: \tNeues\nDatum: \tMon, 2 Nov 2026\nVon: \tAcme\nAn: \tJana",
    "---------- Message transféré ---------",
    "---------- Mensaje reenviado ----------",
    "-------- Messaggio Inoltrato --------",
    "-------- Doorgestuurd bericht --------",
    "---------- Mensagem encaminhada ---------",
    "-------- Przekazana wiadomość --------",
    "---------- Přeposlaná zpráva ---------",
    "---------- Továbbított üzenet ----------",
    "---------- Mesaj redirecționat ---------",
    "-------- Пересылаемое сообщение --------",
    "---------- Forwarded by Kim/Berlin/Acme on 02.11.2026 08:00 -----",
    "------------------ 原始邮件 ------------------\n发件人: \"Acme\";<news@acme.example>;\n发送时间: 2026年11月2日(星期一) 上午8:00"
    "\n收件人: \"Jana\";\n主题: News",
    "-------- 元のメッセージ --------",
    "-----원본 메시지-----",
    "##- Please type your reply above this line -##", "—-—-—-—\nReply above this line.",
    "--------- Neznámy jazyk ---------\nFrom: Acme\nDate: Monday\nSubject: News",
    # header blocks
    "Gesendet: Montag, 02. November 2026 um 08:00 Uhr\nVon: \"Acme\" <news@acme.example>\nAn: jana@example.org\nBetreff: Neues",
    "*From:* Acme <news@acme.example>\n*Sent:* Monday, November 2, 2026 8:00 AM\n*To:* Jana\n*Subject:* News",
    "  Original Message  \nFrom: Acme\nSent: Monday, November 2, 2026 8:00 AM\nTo: Jana\nSubject: News",
    "De la: Acme <news@acme.example>\nTrimis: luni, 2 noiembrie 2026 08:00\nCătre: Jana\nSubiect: News",
    "From: Acme\n\nSent: Monday, November 2, 2026 8:00 AM\n\nTo: Jana\n\nSubject: News",
    "De : Acme <news@acme.example>\nEnvoyé : lundi 2 novembre 2026 08:00\nÀ : Jana\nObjet : Nouvelles",
    "差出人: Acme <news@acme.example>\n送信日時: 2026年11月2日 8:00\n宛先: Jana\n件名: News",
    "보낸 사람: Acme\n보낸 날짜: 2026년 11월 2일 월요일\n받는 사람: Jana\n제목: News",
    "发件人： Acme\n发送时间： 2026年11月2日 8:00\n收件人： Jana\n主题： News",
    "寄件者: Acme\n寄件日期: 2026年11月2日\n收件者: Jana\n主旨: News",
    "מאת: Acme\nנשלח: יום שני\nאל: Jana\nנושא: News",
    "من: Acme\nتاريخ الإرسال: الاثنين\nإلى: Jana\nالموضوع: News",
    "От: Acme\nОтправлено: понедельник\nКому: Jana\nТема: Новости",
    "Від: Acme\nНадіслано: понеділок\nКому: Jana\nТема: Новини",
    "Kimden: Acme\nGönderildi: Pazartesi\nKime: Jana\nKonu: Haberler",
    "Από: Acme\nΗμερομηνία: Δευτέρα\nΠρος: Jana\nΘέμα: Νέα",
    "Nuo: Acme\nIšsiųsta: pirmadienis\nKam: Jana\nTema: Naujienos",
    "Saatja: Acme\nSaadetud: esmaspäev\nSaaja: Jana\nTeema: Uudised",
    "Từ: Acme\nĐã gửi: Thứ Hai\nĐến: Jana\nChủ đề: Tin",
    "De: Acme\nEnviada em: segunda-feira\nPara: Jana\nAssunto: Novidades",
    "Poslal: nikdo\nOd: Acme\nOdesláno: pondělí\nKomu: Jana\nPředmět: Novinky".removeprefix("Poslal: nikdo\n"),
    "________________________________\n\nFrom: Acme <news@acme.example>\nSent: Monday\nTo: Jana, Kim,\n  Alex, Rob"
    "in,\n  Sam\nSubject: News",
]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_the_reply_above_an_unmarked_quote(frame: str) -> None:
    visible = separate(f"{OWN}\n\n{frame}\n\nBuy our lamps.\nThey shine.\n")
    assert (visible.text, "They shine." in visible.quoted, "News" in visible.text) == (OWN, True, False)


@pytest.mark.parametrize("frame", FRAMES)
def test_the_reply_above_and_below_a_marked_quote(frame: str) -> None:
    visible = separate(f"Hello,\n\n{frame}\n\n> Buy our lamps.\n> They shine.\n\n{OWN}\n")
    assert (visible.text, "They shine." in visible.quoted) == (f"Hello,\n\n{OWN}", True)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_mail_of_nothing_but_a_quote_is_not_empty(frame: str) -> None:
    visible = separate(f"{frame}\n\n{OWN}\n")
    assert (visible.text, OWN in visible.quoted) == (OWN, True)


@pytest.mark.parametrize("line", [
    "Acme wrote:", "Acme schrieb:", "Acme a écrit :", "Acme escribió:", "Acme ha scritto:", "Acme schreef:", "Acme napisał(a):",
    "On 02.11.2026 Acme wrote:", "Am 02.11.26 um 08:00 schrieb Acme",
    "En réponse à Acme <news@acme.example> :", "On 2 Nov, Acme <news@acme.example> said the following:",
])  # fmt: skip
def test_a_short_attribution_counts_where_a_marked_quote_follows(line: str) -> None:
    assert separate(f"{line}\n> Do you want lamps?\n\n{OWN}").text == OWN
    assert separate(f"{line}\n\n{OWN}").text.endswith(OWN)


SIGNATURES = [
    "-- \nJana Beispiel\nExample Street 1\n10115 Berlin", "--\nJana", "—\nJana",
    "Kind regards,\nJana Beispiel\nHead of Things | Example Ltd\nTel. +49 30 1234567\nwww.example.org",
    "Mit freundlichen Grüßen\n\nJana Beispiel\nBeispielweg 1\n10115 Berlin\nTelefon: 030 1234567",
    "Cordialement,\nJana Exemple\nTél. : 01 23 45 67 89",
    "Saludos,\nJana Ejemplo\njana@example.org", "Met vriendelijke groet,\nJana Voorbeeld\n+31 20 123 4567",
    "Z poważaniem,\nJana Przykład\ntel. 22 123 45 67",
    "_______________________________________________\nNews mailing list\nnews@lists.example.org\nhttps://lists.example.org/listinfo/news",
    "########################\n\nTo unsubscribe from the NEWS list, click the following link:\nhttps://lists.example.org/x",
    "[image: Mailtrack] <https://mailtrack.example> Sender notified by\nMailtrack <https://mailtrack.example> 11/02/26, 8:00 AM",
    "______________\nJana Beispiel\nExample Ltd\n(030) 123-4567 phone\njana@example.org",
    "━━━━━━━━━━\n山田花子\n東京都千代田区1-1\nTEL 03-1234-5678\n━━━━━━━━━━",
    "----------------------------------------\nThis message was sent using IMP, the Internet Messaging Program.",
    "Sent via Superhuman ( https://sprh.example/?vip=jana@example.org )",
    "[cid:image001.png@01DB2C3D.4E5F6789]", "[image: Example Ltd]",
    *(f"{line}" for line in (
        "Sent from my iPad", "Sent from my Samsung Galaxy smartphone.", "Sent from Yahoo Mail for iPhone", "Sent from Mail for Windows",
        "Sent with Proton Mail secure email.",
        "Sent via Gmail Mobile", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Sent from Outlook for Android", "Sent from my Galaxy",
        "Sent from Proton Mail for iOS",
        "Holen Sie sich Outlook für iOS",
        "Von meinem iPad gesendet", "Gesendet von Outlook für Android", "Gesendet von Mail für Windows", "Outlook für iOS beziehen",
        "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.", "Gesendet mit der WEB.DE Mail App",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Envoyé de mon téléphone Orange", "Envoyé à partir de Outlook pour iOS", "Télécharger Outlook pour Android",
        "Envoyé depuis mon appareil Samsung",
        "Enviado desde mi iPad", "Enviado desde Outlook para Android", "Obtener Outlook para iOS", "Inviato da Outlook per Android",
        "Scarica Outlook per iOS",
        "Enviado do meu iPhone", "Obter o Outlook para iOS", "Verzonden vanaf mijn Galaxy", "Verstuurd vanaf mijn iPad",
        "Outlook voor iOS downloaden",
        "Wysłane z Outlook dla systemu Android", "Wysłane z mojego iPhone'a", "Pobierz Outlook dla systemu iOS",
        "Odesláno z aplikace Outlook pro Android", "Získat Outlook pro iOS",
        "Odoslané z iPhonu", "Skickat från Outlook för Android", "Hämta Outlook för iOS", "Sendt fra Outlook til Android",
        "Hent Outlook til iOS", "Lähetetty Outlookista Androidille",
        "Hanki Outlook for iOS", "Trimis de pe iPhone-ul meu", "Изпратено от моя iPhone", "Στάλθηκε από το iPhone μου",
        "Отправлено с iPhone", "Отправлено из мобильной Почты Mail.ru",
        "Надіслано з iPhone", "iPhone'umdan gönderildi", "发自我的iPhone", "從我的 iPhone 傳送", "iPhoneから送信", "나의 iPhone에서 보냄",
        "נשלח מה-iPhone שלי", "أرسلت من الـ iPhone",
        "Poslano z iPhona", "Poslano iz Yahoo Maila", "Az iPhone-omról küldve", "Saadetud minu iPhone'ist", "Nosūtīts no mana iPhone",
        "Išsiųsta iš mano iPhone",
        "Sent from my BlackBerry® smartphone from Example Mobile", "Please excuse brevity and typos.", "Sent from Front",
    )),
]  # fmt: skip


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_no_word_of_the_writer(signature: str) -> None:
    visible = separate(f"{OWN}\n\n{signature}\n")
    assert visible.text == OWN
    above_a_quote = separate(f"{OWN}\n\n{signature}\n\n> Buy lamps.\n\nOne thing more.\n")
    assert above_a_quote.text == f"{OWN}\n\nOne thing more."


@pytest.mark.parametrize("notice", [
    "This email has been checked for viruses by Avast antivirus software.\nwww.avast.com", "Virus-free. www.avg.com",
    "Virenfrei. www.avast.com", "Sans virus.www.avast.com",
    "Libre de virus.www.avast.com", "Diese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.",
    "Please consider the environment before printing this e-mail.",
    "You don't often get email from jana@example.org. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
    "Sie erhalten nicht häufig E-Mails von jana@example.org. Erfahren Sie, warum dies wichtig ist",
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unles"
    "s you recognize the sender.",
    "If you are not the intended recipient, please notify the sender and delete it; any disclosure is prohibited.",
    "Ce message est confidentiel et destiné au seul destinataire. Si vous l'avez reçu par erreur, merci de le détruire.",
    "Este mensaje es confidencial y va dirigido a su destinatario. Si lo recibe por error, avise al remitente.",
    "Questo messaggio è riservato ed è destinato al solo destinatario. Se ricevuto per errore, distruggerlo.",
    "Ta wiadomość jest poufna i przeznaczona dla adresata. Jeśli otrzymałeś ją omyłkowo, zawiadom nadawcę.",
    "Dit bericht is vertrouwelijk en bestemd voor de geadresseerde. Ten onrechte ontvangen? Meld het de afzender.",
    "Detta meddelande är konfidentiellt och endast avsett för mottagaren. Kontakta avsändaren om du fått det.",
])  # fmt: skip
def test_what_firms_and_programs_add_is_no_word_of_the_writer(notice: str) -> None:
    visible = separate(f"{OWN}\n\n{notice}\n")
    assert (visible.text, visible.disclaimer) == (OWN, notice)


def test_a_warning_of_our_own_gateway_stands_above_the_letter() -> None:
    assert separate(f"[EXTERNAL] This message came from outside. Take care.\n\n{OWN}").text == OWN
    assert separate(f"CAUTION: External sender.\n\n{OWN}").text == OWN


def html(page: str) -> Inquiry:
    return parse_email(f"From: j@example.org\nContent-Type: text/html; charset=utf-8\n\n<html><body>{page}</body></html>".encode(), NOW)


OUTLOOK_LINE = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
PAGES = [
    # Gmail; in a language of no table; forwarded
    "<div dir=ltr>{own}</div><br><div class=gmail_quote><div class=gmail_attr>Zzz 2 <a href='mailto:a@x.example'>a@x.example</a>:<br></div>"
    "<blockquote class=gmail_quote>Lamps</blockquote></div>",
    "<div>{own}</div><div class='gmail_quote'><div class='gmail_attr'>---------- Forwarded message ---------<br>Fr"
    "om: A &lt;a@x.example&gt;<br>"
    "Date: Mon<br>Subject: S<br></div><br>Lamps</div>",
    # Apple Mail, Thunderbird, K-9, Roundcube
    "{own}<div><br><blockquote type=cite><div>Am 02.11.2026 um 08:00 schrieb A &lt;a@x.example&gt;:</div><br><div>"
    "Lamps</div></blockquote></div>",
    "<p>{own}</p><div class=moz-cite-prefix>Foo 2.11.2026 Bar:<br></div><blockquote type=cite cite='mid:1'>Lamps</blockquote>",
    "<p>{own}</p><p id=reply-intro>Nonce 2-11-2026</p><blockquote type=cite>Lamps</blockquote>",
    # Outlook on the web, Word, phone; old Outlook
    "<div class=elementToProof>{own}</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg><font><b>Fff:</b> A"
    "<br><b>Sss:</b> M</font></div><div>Lamps</div>",
    "<div class=WordSection1><p class=MsoNormal>{own}</p><div><div style='" + OUTLOOK_LINE +
    "'><p><b>Fff:</b> A<br><b>Sss:</b> M</p></div></div><p>Lamps</p></div>",
    "<div>{own}</div><div id=mail-editor-reference-message-container><hr><b>Fff:</b> A<br>Lamps</div>",
    "<div>{own}</div><div class=OutlookMessageHeader>Fff</div><div>Lamps</div>",
    # Yahoo, Proton, Tuta, GMX, Zoho, Zimbra, 163, mail.ru
    "<div>{own}</div><div id=ydp1yahoo_quoted class=ydp1yahoo_quoted><div>Nnn A:</div><div>Lamps</div></div>",
    "<div>{own}</div><div class=protonmail_quote>Nnn A:<blockquote class=protonmail_quote type=cite>Lamps</blockquote></div>",
    "<div>{own}</div><div>2. Nov. 2026, 08:00 von a@x.example:</div><blockquote class=tutanota_quote>Lamps</blockquote>",
    "<div>{own}</div><div name=quote style='border-left:2px solid #C3D9E5'><div><b>Ggg:</b> M</div><div name=quote"
    "d-content>Lamps</div></div>",
    "<div>{own}</div><div class=zmail_extra><div>---- Nnn ----</div><blockquote>Lamps</blockquote></div>",
    "<div>{own}</div><hr id=zwchr data-marker=__DIVIDER__><div data-marker=__HEADERS__><b>Fff: </b>A</div><div dat"
    "a-marker=__QUOTED_TEXT__>Lamps</div>",
    "<div>{own}</div><blockquote id=isReplyContent>Lamps</blockquote>",
    "<div>{own}</div><div>Пн, 2 ноября 2026, 8:00 от A &lt;a@x.example&gt;:</div><blockquote style='border-left:1p"
    "x solid #0857A6'>Lamps</blockquote>",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_quotes_are_told_by_their_mark_up(page: str) -> None:
    inquiry = html(page.replace("{own}", OWN))
    assert inquiry.text == OWN
    assert "Lamps" in inquiry.quoted
    assert "Lamps" in inquiry.body
    assert inquiry.body.isprintable() or set(inquiry.body) & set("\x1c\x1d\x1e") == set()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_nothing_but_a_quote_is_not_empty(page: str) -> None:
    assert "Lamps" in html(page.replace("{own}", "")).text


def test_answers_between_quotes_of_a_page_are_kept_in_order() -> None:
    question = "<blockquote class=gmail_quote>{}</blockquote>"
    page = f"<div class=gmail_quote>{question.format('Lamps?')}<div>No.</div>{question.format('Data?')}<div>Erase it.</div></div>"
    assert html(page).text == "No.\n\nErase it."


def test_words_below_a_quote_of_a_page_are_the_writers() -> None:
    assert html(f"<blockquote type=cite>Lamps</blockquote><p>{OWN}</p>").text == OWN
    assert html(f"<div class=yahoo_quoted>Lamps</div><p>{OWN}</p>").text == OWN


@pytest.mark.parametrize(
    "mark",
    ["class=gmail_signature", "class=moz-signature", "id=Signature", "id=AppleMailSignature", "class=protonmail_signature_block"],
)
def test_a_signature_is_told_by_its_mark_up(mark: str) -> None:
    assert html(f"<p>{OWN}</p><div {mark}>Jana<br>Example Ltd</div><p>One thing more.</p>").text == f"{OWN}\n\nOne thing more."


def test_the_page_tells_what_the_plain_text_does_not() -> None:
    raw = (
        "From: j@example.org\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n{own}\n\nNnn A 2:\nLamps\n--b"
        "\nContent-Type: text/html\n\n"
        "<p>{own}</p><div class=yahoo_quoted>Nnn A 2:<br>Lamps</div>\n--b--\n"
    )
    inquiry = parse_email(raw.replace("{own}", OWN * 20).encode(), NOW)
    assert (inquiry.text, "Lamps" in inquiry.quoted) == (OWN * 20, True)
