"""A token endpoint on loopback: hands out tokens that end, refuses when told to, and plays Entra ID over TLS for Microsoft's library."""

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SECRET, REFRESH = "secret-hunter2", "refresh-hunter2"


class TokenServer:
    """`good` are the tokens that mail servers take now; `refusal`, if set, is answered instead of a token."""

    def __init__(self, tls_in: Path | None = None) -> None:
        self.forms: list[dict[str, str]] = []
        self.good: set[str] = set()
        self.seconds: Any = 3600
        self.rotates = False
        self.refusal: tuple[int, dict[str, Any]] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.certificate = tls_in / "ca.pem" if tls_in else None
        if tls_in:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate_in(tls_in))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"{'https' if tls_in else 'http'}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def oauth(self) -> dict[str, Any]:
        """The section of the config that leads here."""
        return {"provider": "custom", "client_id": "app", "flow": "client_credentials", "token_url": f"{self.address}/token"}

    @property
    def microsoft(self) -> dict[str, Any]:
        """As Microsoft's library finds its way here."""
        place = {"authority": self.address, "ca_file": str(self.certificate)}
        return {"provider": "microsoft", "tenant": "example.test", "client_id": "app", "flow": "client_credentials", **place}

    def end_tokens(self) -> None:
        """All that were handed out are good no more."""
        self.good.clear()

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.forms.append(form)
        if self.refusal is not None:
            return self.refusal
        token = f"token-{len(self.forms)}-hunter2"
        self.good.add(token)
        fresh = {"refresh_token": f"{REFRESH}-{len(self.forms)}"} if self.rotates else {}
        return 200, {"token_type": "Bearer", "access_token": token, "expires_in": self.seconds, **fresh}

    def configuration(self, tenant: str) -> dict[str, str]:
        """OpenID Connect Discovery 1.0, 4.2."""
        base = f"{self.address}/{tenant}"
        return {"issuer": f"{base}/v2.0", "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/oauth2/v2.0/token"}


def _handler(server: TokenServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*server.answer(dict(parse_qsl(body))))

        def do_GET(self) -> None:
            tenant = self.path.split("/")[1]
            known = tenant == "example.test"
            self._say(200 if known else 400, server.configuration(tenant) if known else {"error": "invalid_tenant"})

        def _say(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            """Quiet."""

    return Handler


def certificate_in(folder: Path) -> Path:
    """A key with a certificate for 127.0.0.1 in one file; the certificate also by itself as ca.pem."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    unlocked = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unlocked)
    (folder / "ca.pem").write_bytes(certificate)
    (folder / "server.pem").write_bytes(private + certificate)
    return folder / "server.pem"
