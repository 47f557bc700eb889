"""Slack's request signatures, version 0, for delivering events over HTTP (docs.slack.dev/authentication/verifying-requests-from-slack)."""

import hashlib
import hmac
import json
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any


def signature(secret: str, timestamp: int, raw: bytes) -> str:
    """The value of X-Slack-Signature for a raw body; `timestamp` in seconds since the epoch."""
    base = b"v0:" + str(timestamp).encode() + b":" + raw
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_request(url: str, body: Mapping[str, Any], secret: str, timestamp: int) -> urllib.request.Request:
    """A POST as Slack would send it: events as JSON, interactions as a form with `payload`, slash commands as a plain form."""
    raw, content_type = _encoded(body)
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": signature(secret, timestamp, raw),
    }
    if not url.startswith(("http://", "https://")):
        raise ValueError("Slack delivers over HTTP only")
    return urllib.request.Request(url, raw, headers, method="POST")  # noqa: S310 - the scheme was just checked


def _encoded(body: Mapping[str, Any]) -> tuple[bytes, str]:
    if "command" in body:
        return urllib.parse.urlencode(body).encode(), "application/x-www-form-urlencoded"
    if body.get("type") in ("event_callback", "url_verification"):
        return json.dumps(body).encode(), "application/json"
    return urllib.parse.urlencode({"payload": json.dumps(body)}).encode(), "application/x-www-form-urlencoded"
