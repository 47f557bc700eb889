"""What the bot remembers: SQLAlchemy classes and their invariants; imports nothing of ours from outside this package."""

from models.base import Base, open_engine
from models.event import Event
from models.feedback import Feedback
from models.journal import Journal
from models.left_mail import LeftMail
from models.mark import Counter, Mark
from models.message import Direction, Message, MessageFile
from models.notice import Carrier, Notice, NoticeState
from models.refresh_token import RefreshToken
from models.request import Outcome, Request
from models.suppression import Suppression
from models.ticket import IllegalTransition, Status, Ticket
from models.vault import Vault, VaultError

__all__ = [
    "Base", "Carrier", "Counter", "Direction", "Event", "Feedback", "IllegalTransition", "Journal", "LeftMail", "Mark", "Message",
    "MessageFile", "Notice", "NoticeState", "Outcome", "RefreshToken", "Request", "Status", "Suppression", "Ticket", "Vault",
    "VaultError", "open_engine",
]  # fmt: skip
