"""Formats of mail as the world writes them: charsets, broken headers, odd structures, envelopes; each costs no words and raises nothing."""

import base64
import struct
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from bot.inquiry import Address, Inquiry
from bot.parsing import parse_email

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def read(raw: str | bytes) -> Inquiry:
    return parse_email(raw.encode() if isinstance(raw, str) else raw, NOW)


WORDS = {
    "pl": "Proszę o usunięcie wszystkich moich danych osobowych i żądam potwierdzenia, że już ich nie ma.",
    "cs": "Žádám o výmaz všech mých osobních údajů, děkuji předem za vyřízení.",
    "ru": "Прошу удалить все мои персональные данные. Спасибо.",
    "el": "Παρακαλώ διαγράψτε όλα τα προσωπικά μου δεδομένα.",
    "lt": "Prašau ištrinti visus mano asmens duomenis, ačiū už pagalbą. Šis laiškas yra rašytas žmogaus.",
    "tr": "Lütfen kişisel verilerimin tamamını siliniz, teşekkürler. Şimdiden sağ olun.",
    "de": "Bitte löschen Sie alle meine Daten, schöne Grüße.",
    "ja": "私のデータを全て削除してください。よろしくお願いします。",
    "ko": "제 개인 정보를 모두 삭제해 주세요. 감사합니다.",
    "zh": "请删除我的所有个人数据，谢谢你们的帮助。",
}


@pytest.mark.parametrize("declared", ["", "unknown-8bit", "us-ascii", "iso-8859-1", "utf-8"])
@pytest.mark.parametrize(("language", "codec"), [
    ("pl", "cp1250"), ("pl", "iso-8859-2"), ("cs", "cp1250"), ("ru", "cp1251"), ("ru", "koi8-r"), ("el", "cp1253"), ("el", "iso-8859-7"),
    ("lt", "cp1257"), ("tr", "cp1254"), ("de", "cp1252"), ("de", "utf-16-le"), ("de", "utf-16-be"), ("ja", "shift_jis"), ("ja", "euc-jp"),
    ("ja", "iso-2022-jp"), ("ko", "euc-kr"), ("zh", "gb18030"),
])  # fmt: skip
def test_a_charset_left_out_or_lied_about_is_found(language: str, codec: str, declared: str) -> None:
    raw = f"Content-Type: text/plain; charset={declared}\n\n".encode() + WORDS[language].encode(codec)
    assert read(raw).text == WORDS[language]


@pytest.mark.parametrize(("name", "codec"), [
    ("windows1250", "cp1250"), ("CP-1251", "cp1251"), ("x-cp1253", "cp1253"), ("iso_8859-2:1987", "iso-8859-2"), ("utf8; format=flowed",
    "utf-8"),
    ('"UTF-8"', "utf-8"), ("ks_c_5601-1987", "cp949"), ("x-gbk", "gbk"), ("unicode-1-1-utf-7", "utf-7"), ("csISO2022JP", "iso-2022-jp"),
    ("utf-16", "utf-16-be"), ("utf-16", "utf-16"), ("tis-620", "cp874"),
])  # fmt: skip
def test_odd_names_of_charsets(name: str, codec: str) -> None:
    words = {"cp1250": "pl", "iso-8859-2": "pl", "cp1251": "ru", "cp1253": "el", "cp949": "ko", "gbk": "zh",
    "iso-2022-jp": "ja"}.get(codec, "de")
    text = "ลบข้อมูลของฉัน" if codec == "cp874" else WORDS[words]
    assert read(f"Content-Type: text/plain; charset={name}\n\n".encode() + text.encode(codec)).text == text


@pytest.mark.parametrize(("value", "subject"), [
    ("=?utf-8?Q?L=C3=B6schung meiner Daten?=", "Löschung meiner Daten"),  # spaces inside
    ("=?utf-8?Q?L=C3?= =?utf-8?Q?=B6schung?=", "Löschung"),  # a character split over two words
    ("=?utf-8?B?TMO2?= =?utf-8?B?c2NodW5n?=", "Löschung"),
    ("=?utf-8?Q?L=C3=B6schung", "Löschung"),  # its end cut off
    ("=?utf-8?Q?L=C3=B6?= =?utf-8?Q?schung", "Löschung"),
    ("=?utf-8?Q?Was?_Wie?_L=C3=B6schung?=", "Was? Wie? Löschung"),  # question marks inside
    ("=?utf-8?Q?L=C3=B6schung?==?utf-8?Q?_jetzt?=", "Löschung jetzt"),  # no space between
    ("Re: =?utf-8?Q?L=C3=B6schung?= now", "Re: Löschung now"),
    ('"=?utf-8?Q?L=C3=B6schung?="', '"Löschung"'),
    ("=?utf-8?Q?=3D=3Futf-8=3FQ=3FL=3DC3=3DB6schung=3F=3D?=", "Löschung"),  # encoded twice
    ("=?iso-8859-1?Q?L=C3=B6schung?=", "Löschung"),  # lies about its charset
    ("=?x-unknown?Q?L=F6schung?=", "Löschung"),
    ("=??Q?abc?=", "abc"),
    ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
    ("=?utf-8*de?Q?L=C3=B6schung?=", "Löschung"),
    ("=?utf-8?b?TMO2c2NodW5n=?=", "Löschung"),
    ("=?iso-2022-jp?B?GyRCOm89fBsoQg==?=", "削除"),
])  # fmt: skip
def test_encoded_words_in_every_broken_form(value: str, subject: str) -> None:
    assert read(f"Subject: {value}\n\nx").subject == subject


@pytest.mark.parametrize("codec", ["utf-8", "cp1252", "cp1250"])
def test_raw_eight_bit_headers(codec: str) -> None:
    words = {"cp1250": "Proszę o usunięcie moich żądań, śmiało"}.get(codec, "Löschung für Jörg Müller, Größe")
    raw = f"Subject: {words}\nFrom: {words.partition(' ')[0]} <j@example.org>\nContent-Type: text/plain; charset={codec}\n\nx".encode(codec)
    assert (read(raw).subject, read(raw).sender.name) == (words, words.partition(" ")[0])


@pytest.mark.parametrize(("value", "sender"), [
    ("jana@example.org (Jana (the one) Beispiel)", "jana@example.org"), ('"jana b"@example.org', '"jana b"@example.org'),
    ("jana@[192.0.2.1]", "jana@[192.0.2.1]"), ("<@relay.example:jana@example.org>", "jana@example.org"), ("undisclosed-recipients:;", ""),
    ("Friends: jana@example.org, kim@example.org;", "jana@example.org"), ("=?utf-8?Q?J=C3=A4na?= jana@example.org", "jana@example.org"),
    ("Jana <jana@example.org>, Kim <kim@example.org>", "jana@example.org"), ("<jana@example.org> (unverified)", "jana@example.org"),
    ("mailto:jana@example.org", "jana@example.org"), ("Jana <jana@exämple.org>", "jana@exämple.org"), ("<>", ""), (",,,;", ""),
    ("Jana\n <jana@example.org>", "jana@example.org"), ("'Jana' <'jana@example.org'>", "jana@example.org"),
])  # fmt: skip
def test_senders_in_odd_forms(value: str, sender: str) -> None:
    assert read(f"From: {value}\n\nx").sender.address == sender


@pytest.mark.parametrize("value", ["Mon, 02 Nov 99999 10:00:00 +0000", "Mon, 2 Nov 2026 25:61:61 +0000", "0", "\x00",
    "Mon, 02 Nov 2026 10:00:00 +99:99"])
def test_dates_of_no_calendar_raise_nothing(value: str) -> None:
    inquiry = read(f"Date: {value}\n\nx")
    assert inquiry.sent_at is None or inquiry.sent_at.utcoffset() is not None
    assert inquiry.problems == ()


def test_a_date_as_web_forms_write_it() -> None:
    assert read("Date: 2026-11-02T09:15:00+01:00\n\nx").sent_at == datetime(2026, 11, 2, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(("raw", "subject", "text"), [
    (b"Subject: Data\rFrom: j@example.org\r\rErase me.\r", "Data", "Erase me."),  # bare CR
    (b"Subject: Data\r\r\nFrom: j@example.org\r\r\n\r\r\nErase: me.\r\r\n", "Data", "Erase: me."),
    (b"\r\n\r\nSubject: Data\r\n\r\nErase me.", "Data", "Erase me."),  # blank lines first
    (b"From jana Mon Nov  2 2026\nSubject: Data\n\nErase me.", "Data", "Erase me."),  # an mbox line first
    (b"Subject: Data\nErase me.\nNow.", "Data", "Erase me.\nNow."),  # no blank line
    (b"Subject: Data and\nmore of it\nMIME-Version: 1.0\nContent-Type: text/plain\n\nErase me.", "Data and more of it", "Erase me."),
    (b"Subject: Data\n\n", "Data", ""),
    (b"Subject: D\0ata\n\nEra\0se me.", "Data", "Erase me."),
    (b"Subject: Data\nContent-Type: multipart/mixed; boundary=no\n\n--yes\nContent-Type: text/plain\n\nErase me.\n--yes--\n", "Data",
    "Erase me."),
    (b"Subject: Data\nContent-Type: multipart/mixed\n\n--yes\nContent-Type: text/plain\n\nErase me.\n--yes--\n", "Data", "Erase me."),
    (b"Subject: Data\n\n--yes\nContent-Type: text/plain\n\nErase me.\n--yes--\n", "Data", "Erase me."),
    (b"Subject: Data\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nErase me.\n", "Data", "Erase me."),  # never closed
    (b"Subject: Data\nContent-Type: text/plain; name=letter.txt\nContent-Disposition: attachment\n\nErase me.", "Data", "Erase me."),
    (b"Subject: Data\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; name=a.txt\n\nErase me.\n--b--", "Data",
    "Erase me."),
    (b"Subject: Data\nContent-Type: text/calendar\n\nBEGIN:VEVENT\r\nSUMMARY:Erase\\, please\r\n"
     b"DESCRIPTION;LANGUAGE=en:all of\r\n  it\\nnow\r\n",
     "Data", "Erase, please\nall of it\nnow"),
    (b"Subject: Data\nContent-Type: text/enriched\n\n<bold>Erase</bold> me,\n"
     b"<param>red</param>please.\n\n<<now>", "Data", "Erase me, please.\n<now>"),
    (b"Subject: Data\nContent-Type: message/partial; id=1; number=1; total=2\n\n"
     b"Content-Type: text/plain\n\nErase me.", "Data", "Erase me."),
])  # fmt: skip
def test_odd_structures(raw: bytes, subject: str, text: str) -> None:
    assert (read(raw).subject, read(raw).text) == (subject, text)


@pytest.mark.parametrize(("parameters", "body", "text"), [
    ("format=flowed", "Erase \nme. \n\nNow.\n", "Erase me.\n\nNow."),
    ("format=flowed; delsp=yes", "消し \nて\n", "消して"),
    ("format=flowed", ">Lamps \n>shine.\n\n Own \nwords.\n", "Own words."),
    ("format=flowed", "Own.\n-- \nJana \nB\n", "Own."),
    ("format=fixed", "Erase \nme.\n", "Erase\nme."),
])  # fmt: skip
def test_flowed_text(parameters: str, body: str, text: str) -> None:
    assert read(f"Content-Type: text/plain; charset=utf-8; {parameters}\n\n{body}").text == text


def test_a_uuencoded_file_is_taken_out_of_the_text() -> None:
    inquiry = read("Subject: x\n\nErase me.\n\nbegin 644 id card.txt\n"
                   "+:&5L;&\\@=&AE<F4 \n`\nend\n\nThanks.\nbegin 644 is no file\nend of it\n")
    assert inquiry.text == "Erase me.\n\nThanks.\nbegin 644 is no file\nend of it"
    assert [(file.name, file.content) for file in inquiry.attachments] == [("id card.txt", b"hello there")]


def test_an_attached_mail_is_read_also_where_it_is_encoded() -> None:
    inner = b"From: Kim <kim@example.org>\nSubject: My data\n\nErase me."
    head = b"From: j@example.org\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    inquiry = read(head + base64.encodebytes(inner))
    assert "Erase me." in inquiry.text
    assert [(file.name, file.content) for file in inquiry.attachments] == [("My data.eml", inner)]


def signed_mail(letter: bytes) -> bytes:
    """S/MIME, the letter inside the signature."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Jana")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    builder = pkcs7.PKCS7SignatureBuilder().set_data(letter).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


PKCS7 = b"From: j@example.org\nContent-Type: application/pkcs7-mime; smime-type=%b; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"


def test_a_letter_inside_its_signature_is_read() -> None:
    envelope = signed_mail(b"Content-Type: text/plain\r\n\r\nErase me.")
    inquiry = read(PKCS7 % b"signed-data" + base64.encodebytes(envelope))
    assert (inquiry.text, inquiry.problems, [file.name for file in inquiry.attachments]) == ("Erase me.", (), ["smime.p7m"])
    cut = read(PKCS7 % b"signed-data" + base64.encodebytes(envelope[:60]))
    assert cut.problems == ("opaque signature",)


@pytest.mark.parametrize(("raw", "problem"), [
    (PKCS7 % b"enveloped-data" + b"AAAA", "encrypted"),
    (b"Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nabc=\n-----END PGP MESSAGE-----\n", "encrypted"),
    (b"Content-Type: message/external-body; access-type=anon-ftp\n\nContent-Type: text/plain\n\n", "external content"),
    (b"Content-Type: message/partial; number=2\n\nrest", "partial message"),
    (b"Subject: x\n\nThe server couldn\xe2\x80\x99t retrieve the following message:\n\nSubject: Data\n", "server placeholder"),
    (b"Subject: x\n\nThis message has not been downloaded from the server.\n", "server placeholder"),
    (b"Subject: x\n\nDer Server konnte die folgende Nachricht nicht abrufen:\n", "server placeholder"),
])  # fmt: skip
def test_what_nobody_could_read_is_named(raw: bytes, problem: str) -> None:
    assert problem in read(raw).problems


def winmail(body: str, file_name: str, content: bytes) -> bytes:
    """Outlook's envelope with a text and a file."""
    def attribute(level: int, name: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    def text(identity: int, value: str) -> bytes:
        data = (value + "\0").encode("utf-16-le")
        return struct.pack("<HHII", 0x1F, identity, 1, len(data)) + data + b"\0" * (-len(data) % 4)

    letter = struct.pack("<I", 2) + struct.pack("<HHI", 0x3, 0x0E08, 7) + text(0x1000, body)
    return b"\x78\x9f\x3e\x22\1\0" + b"".join([
        attribute(1, 0x00069003, letter), attribute(2, 0x00069002, b"\0" * 14), attribute(2, 0x00018010, b"SHORT~1.PDF\0"),
        attribute(2, 0x0006800F, content), attribute(2, 0x00069005, struct.pack("<I", 1) + text(0x3707, file_name)),
    ])  # fmt: skip


def test_winmail_dat_is_opened() -> None:
    head = b"From: j@example.org\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    whole = winmail("Erase me, Jörg.", "Ausweis ä.pdf", b"%PDF")
    inquiry = read(head + base64.encodebytes(whole))
    assert (inquiry.text, inquiry.problems) == ("Erase me, Jörg.", ())
    assert [(file.name, file.content) for file in inquiry.attachments] == [("Ausweis ä.pdf", b"%PDF")]
    for end in range(len(whole)):
        assert not any("unreadable" in problem for problem in read(head + base64.encodebytes(whole[:end])).problems)


@pytest.mark.parametrize(("page", "text"), [
    ("<p style='font-size:0'>a</p><p style='mso-hide:all'>b</p><p style='max-height:0;overflow:hidden'>c</p><p style='opacity:0'>d</p>e",
    "e"),
    ("<p>Fill in <a href='https://example.org/form'>the form</a> or <a href='https://example.org'>example.org</a>.</p>",
     "Fill in the form (https://example.org/form) or example.org."),
    ("<a href='mailto:jana@example.org'>Jana</a> <a href='https://t.example/?u=1&amp;c=2'>here</a>", "Jana (jana@example.org) here"),
    ("<img alt='Erase me'>", "Erase me"), ("<p>a<img alt=logo></p>", "a"), ("<!-- no --><template>no</template>yes", "yes"),
    ("<ol><li>one</li><li>two</li></ol>", "- one\n- two"), ("<table><tr><th>a</th><td>b</td></tr></table>", "a b"),
    ("a&nbsp;&amp;&#8364;&zwnj;b", "a &€ b"),
    ("&#28;a&#x1d;b", "ab"),
])  # fmt: skip
def test_pages_as_a_person_sees_them(page: str, text: str) -> None:
    assert read(f"Content-Type: text/html; charset=utf-8\n\n{page}").body == text


def test_several_senders_are_the_first_one() -> None:
    assert read("From: Jana <jana@example.org>, kim@example.org\nSender: kim@example.org\n\nx").sender == Address("jana@example.org",
    "Jana")
