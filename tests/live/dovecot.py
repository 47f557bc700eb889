"""A throw-away Dovecot on loopback: IMAP, IMAPS and LMTP, mail on a memory disk where there is one."""

import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PASSWORD = "secret"
USER = "privacy@example.test"
SECOND = "dataprotection@second.example"


class Dovecot:
    """Started and stopped by the tests; works as root and as an ordinary user."""

    def __init__(self) -> None:
        shm = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="privacybot-dovecot-", dir=shm if os.access(shm, os.W_OK) else None))
        self.imap_port, self.imaps_port, self.lmtp_port = free_ports(3)

    @property
    def certificate(self) -> Path:
        """The self-made certificate that clients must trust."""
        return self.folder / "cert.pem"

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        (self.folder / "mail").mkdir()
        self._make_certificate()
        uid, gid = self._owner()
        os.chown(self.folder / "mail", uid, gid)
        users = (USER, "other@example.test", SECOND)
        lines = [f"{user}:{{PLAIN}}{PASSWORD}:{uid}:{gid}::{self.folder}/mail/{user.partition('@')[0]}" for user in users]
        (self.folder / "users").write_text("\n".join(lines) + "\n")
        (self.folder / "dovecot.conf").write_text(self._config())
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Up, and waited for."""
        # its stdio must not be our pipe: the daemon would keep it open
        subprocess.run(["dovecot", "-c", str(self.folder / "dovecot.conf")], check=True, env=_path(), stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        wait_until(lambda: all(accepts(port) for port in (self.imap_port, self.imaps_port, self.lmtp_port)))

    def stop(self) -> None:
        """Down at once, clients and all, as in a power cut."""
        pid_file = self.folder / "run" / "master.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text())
        for process in (pid, *_children(pid)):
            with suppress(ProcessLookupError):
                os.kill(process, 9)
        wait_until(lambda: not _lives(pid) and not any(accepts(port) for port in (self.imap_port, self.imaps_port, self.lmtp_port)))
        pid_file.unlink(missing_ok=True)  # where nobody reaps the ended master, the next one would take it for running

    def deliver(self, raw: bytes, sender: str = "someone@example.org", to: str = USER) -> None:
        """Put a mail into the privacy mailbox, or another one, as a mail server would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as server:
            server.sendmail(sender, [to], raw)

    def _make_certificate(self) -> None:
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", names]
        command += ["-keyout", str(self.folder / "key.pem"), "-out", str(self.certificate)]
        subprocess.run(command, check=True, capture_output=True)

    def _owner(self) -> tuple[int, int]:
        """As root, mail belongs to an ordinary user; Dovecot refuses to deliver as root."""
        if os.getuid() != 0:
            return os.getuid(), os.getgid()
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def _config(self) -> str:
        me = pwd.getpwuid(os.getuid()).pw_name
        root = os.getuid() == 0
        login, internal = ("dovenull", "dovecot") if root else (me, me)
        chroot = "" if root else "service imap-login {\n  chroot =\n}\nservice anvil {\n  chroot =\n}\nservice stats {\n  chroot =\n}\n"
        folder = self.folder
        return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {internal if not root else "dovecot"}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
first_valid_gid = 1
mail_location = sdbox:~/mail
mail_fsync = never
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {self.imap_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {self.imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.lmtp_port}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@example.test
}}
{chroot}
"""


def free_ports(number: int) -> list[int]:
    """Ports nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def accepts(port: int) -> bool:
    """Somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Until another process has got somewhere that tells nobody; raises TimeoutError."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("waited in vain")
        time.sleep(0.01)


def _children(pid: int) -> list[int]:
    """The processes below one, all the way down."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    direct = [child for child, parent in parents.items() if parent == pid]
    return [*direct, *(grandchild for child in direct for grandchild in _children(child))]


def _lives(pid: int) -> bool:
    """Not ended, and not only waiting for a parent that never asks (as in a container without an init)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _path() -> dict[str, str]:
    return {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
