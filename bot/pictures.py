"""Pictures: those that a letter's page shows travel in the letter, beside its page (RFC 2387, RFC 2392); same notice, same bytes."""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Mapping
from email.message import EmailMessage


def add_pictures(mail: EmailMessage, pictures: Iterable[Mapping[str, str]], key: str) -> None:
    """Put pictures beside the page of a mail that has one. `key` makes the boundary, which else would be another each time."""
    page = mail.get_body(("html",))
    shown = list(pictures)
    if page is None or not shown:
        return
    for picture in shown:
        content = b64decode(picture["png"])
        page.add_related(content, "image", "png", cid=f"<{picture['cid']}>", filename=picture["name"], disposition="inline")
    page.set_boundary("=_" + hashlib.sha256(f"{key} pictures".encode()).hexdigest()[:32])
    page.set_param("type", "text/html")  # RFC 2387 3.1 asks for it
