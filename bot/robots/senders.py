"""Who a mail says it is from: a mail server, a list program, a mailbox nobody reads, or somebody else."""

import re

from bot.inquiry import Inquiry
from bot.robots.robot_words import (
    CAMPAIGN_NAMES,
    DAEMON_NAMES,
    DAEMON_NAMES_WHOLE,
    DAEMON_TITLES,
    LIST_PROGRAMS,
    NO_REPLY_NAMES,
    ROLE_NAMES,
    SERVER_NAMES,
    SERVER_TITLES,
    even,
)

_SEPARATORS = re.compile(r"[-_.+=]+|(?<=\D)(?=\d)")
_EXCHANGE = re.compile(r"microsoftexchange[0-9a-f]{8,40}")  # the system mailbox of every Exchange organisation


def is_daemon(inquiry: Inquiry) -> bool:
    """A mail server, by its address or by a display name that nobody else bears; test mails and old servers leave the domain out."""
    name = _joined(_local_part(inquiry))
    if name.startswith(DAEMON_NAMES) or name in DAEMON_NAMES_WHOLE or _EXCHANGE.fullmatch(name):
        return True
    shown = _title(inquiry)
    return any(title in shown for title in DAEMON_TITLES)


def is_server(inquiry: Inquiry) -> bool:
    """A mail server by a name that a person might have, too: postmaster, System Administrator."""
    local = _local_part(inquiry)
    by_address = _joined(local) in SERVER_NAMES or local.endswith(("-admin", "-bounces"))
    return by_address or _title(inquiry).startswith(SERVER_TITLES) or is_no_reply(inquiry)


def is_list_program(inquiry: Inquiry) -> bool:
    """A list's own mailbox; `-request` is not in it, for `privacy-request@` is how a law firm may call its own."""
    local = _local_part(inquiry)
    return _joined(local) in LIST_PROGRAMS or local.startswith(("owner-", "bounces+")) or local.endswith(("-owner", "-bounces", "-confirm"))


def is_no_reply(inquiry: Inquiry) -> bool:
    """The sender's name says, in words of its own, that nobody reads answers; `marianoreply` does not."""
    words = [word for word in _SEPARATORS.split(_local_part(inquiry)) if word]
    runs = ("".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, min(len(words), start + 4) + 1))
    return any(run in NO_REPLY_NAMES for run in runs)


def is_campaign(inquiry: Inquiry) -> bool:
    """A mailbox that sends newsletters or notices."""
    return any(word in CAMPAIGN_NAMES for word in _SEPARATORS.split(_local_part(inquiry)))


def is_role(inquiry: Inquiry) -> bool:
    """A mailbox behind which stands a program or, sometimes, whoever is on duty."""
    return _joined(_local_part(inquiry)) in ROLE_NAMES or inquiry.sender.local_part.endswith("-request")


def _local_part(inquiry: Inquiry) -> str:
    return inquiry.sender.local_part[:100]


def _joined(local_part: str) -> str:
    return re.sub(r"[-_.\s]|(?<=\D)\d{1,3}$", "", local_part)


def _title(inquiry: Inquiry) -> str:
    """The display name; where no address could be read, all that stands in From."""
    title = inquiry.sender.name if inquiry.sender.address else inquiry.header("from")
    return even(title[:200]).strip(" \"'<>()")
