"""The HTTP side of the loopback Slack: tokens, bodies, ordered faults, uploads and response_urls around the table of methods."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

import bot.demo.slack_methods_reading
import bot.demo.slack_methods_surfaces  # noqa: F401 - imported for what they enter into METHODS
from bot.demo.slack_faults import Fault, Faults
from bot.demo.slack_files import LOGIN_PAGE
from bot.demo.slack_methods import METHODS, Context, content, flag
from bot.demo.slack_rules import ApiError
from bot.demo.slack_shapes import Json
from bot.demo.slack_workspace import AnswerPlace

BOT_TOKEN = "xoxb-loopback-bot"  # noqa: S105 - opens nothing but this server
APP_TOKEN = "xapp-loopback-app"  # noqa: S105
SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,files:read,files:write,"
    "im:history,im:write,reactions:write,users:read"
)
Work = Callable[[], Json]
JSON_ARGUMENTS = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
    "files": "invalid_arguments",
}
"""Arguments that are JSON text in form bodies, and the error when they are not."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the app: the Web API method, "upload" or "response_url", and what came with it."""

    method: str
    arguments: Json = field(repr=False)
    error: str = ""
    """The error code answered, or an empty string."""


class Wire:
    """Answers HTTP requests; every answer is made under the workspace's lock."""

    def __init__(self, context: Context, faults: Faults, calls: list[Call]) -> None:
        self.context = context
        self.faults = faults
        self.calls = calls

    def routes(self) -> list[web.RouteDef]:
        """Where this listens."""
        return [
            web.post("/api/{method}", self.api),
            web.get("/api/{method}", self.api),
            web.post("/upload/{file}", self.upload),
            web.post("/response/{place}", self.respond),
            web.get("/files-pri/{file}/download/{name}", self.download),
            web.get("/sign-in", self.sign_in),
        ]

    async def api(self, request: web.Request) -> web.Response:
        """A Web API method."""
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.get("token", ""))
        headers = {"x-oauth-scopes": SCOPES, "x-accepted-oauth-scopes": SCOPES}
        return self._faulty(request, method, arguments, lambda: self._call(method, arguments, token), headers)

    async def upload(self, request: web.Request) -> web.Response:
        """The content of a file, once and of the announced length."""
        raw = await request.read()
        return self._faulty(request, "upload", {"length": len(raw)}, lambda: self._keep(request.match_info["file"], raw), {})

    async def download(self, request: web.Request) -> web.Response:
        """A file's content for the app's own token; anybody else is sent to the sign-in page, as by the real one."""
        file_id = request.match_info["file"].partition("-")[2]
        workspace = self.context.workspace
        with workspace.changed:
            fault = self.faults.take("download")
            allowed = request.headers.get("Authorization", "") == f"Bearer {BOT_TOKEN}" and not self.faults.revoked
            file = workspace.files.get(file_id)
            content = file.content if file is not None and not file.deleted else None
            self.calls.append(Call("download", {"file": file_id}, "" if allowed and not fault else "refused"))
            workspace.changed.notify_all()
        if fault:
            return _sent(request, "", fault, {})
        if not allowed:
            raise web.HTTPFound("/sign-in")
        if file is None or content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=file.media_type)

    async def sign_in(self, _request: web.Request) -> web.Response:
        """Where a browser without a session ends."""
        return web.Response(text=LOGIN_PAGE, content_type="text/html")

    async def respond(self, request: web.Request) -> web.Response:
        """A message sent to a response_url."""
        body = await _arguments(request)
        return self._faulty(request, "response_url", body, lambda: self._respond(request.match_info["place"], body), {})

    def _faulty(self, request: web.Request, method: str, arguments: Json, work: Work, headers: Mapping[str, str]) -> web.Response:
        workspace = self.context.workspace
        with workspace.changed:
            fault = self.faults.take(method)
            answer = fault.answer() if fault and not fault.after_effect else _attempt(work)
            answer = fault.answer() if fault else answer
            self.calls.append(Call(method, _readable(arguments), str(answer.get("error", ""))))
            workspace.changed.notify_all()
            body = json.dumps(answer)
        status = 200 if answer["ok"] or method in METHODS or "." in method else 400
        return _sent(request, body, fault or Fault("", status), headers)

    def _call(self, method: str, arguments: Json, token: str) -> Json:
        self._check_token(method, token)
        if method not in METHODS:
            raise ApiError("unknown_method")
        return METHODS[method](self.context, _decoded(arguments))

    def _check_token(self, method: str, token: str) -> None:
        if not token:
            raise ApiError("not_authed")
        if token not in (BOT_TOKEN, APP_TOKEN):
            raise ApiError("invalid_auth")
        if self.faults.revoked:
            raise ApiError("token_revoked")
        if (method == "apps.connections.open") != (token == APP_TOKEN):
            raise ApiError("not_allowed_token_type")

    def _keep(self, file_id: str, raw: bytes) -> Json:
        file = self.context.workspace.files.get(file_id)
        if file is None or len(raw) != file.length:
            raise ApiError("file_not_found" if file is None else "length_mismatch")
        file.content = raw
        return {}

    def _respond(self, name: str, body: Json) -> Json:
        place = self.context.workspace.answer_places.get(name)
        if place is None:
            raise ApiError("expired_url")
        if flag(body, "delete_original"):
            self._original(place, None)
        elif flag(body, "replace_original") and place.ts:
            self._original(place, content(_decoded(body)))
        else:
            answer_beside(self.context, place, body)
        return {}

    def _original(self, place: AnswerPlace, message: Json | None) -> None:
        workspace, stream = self.context.workspace, self.context.stream
        if place.ts is None:
            raise ApiError("message_not_found")
        shown = workspace.shown(place.channel, place.ts)
        if shown in workspace.ephemerals:
            workspace.ephemerals.remove(shown)
            if message:
                workspace.whisper(place.channel, place.user, {**message, "ts": place.ts})
        elif message:
            blocks = workspace.with_identifiers(message.get("blocks") or []) or None
            stream.amend(workspace.channel(place.channel), shown, {**message, "blocks": blocks})
        else:
            stream.remove(workspace.channel(place.channel), shown)


def answer_beside(context: Context, place: AnswerPlace, body: Json) -> None:
    """Post the answer to a command or interaction: to everybody with `in_channel`, to the person alone otherwise."""
    message = content(_decoded(body))
    if body.get("response_type") == "in_channel":
        context.stream.post_as_bot(context.workspace.channel(place.channel), message)
    else:
        context.workspace.whisper(place.channel, place.user, message)


def _attempt(work: Work) -> Json:
    try:
        return {"ok": True, **work()}
    except ApiError as error:
        return error.answer()


def _sent(request: web.Request, body: str, fault: Fault, headers: Mapping[str, str]) -> web.Response:
    if fault.drop and request.transport:
        request.transport.abort()
    return web.Response(text=body, status=fault.status, headers={**headers, **fault.headers}, content_type="application/json")


async def _arguments(request: web.Request) -> Json:
    """Query and body together; a JSON body that is none counts as empty."""
    arguments: Json = dict(request.query)
    if "json" in request.content_type:
        try:
            body = await request.json()
        except ValueError:
            body = {}
        return arguments | (body if isinstance(body, dict) else {})
    return arguments | dict(await request.post())


def _decoded(arguments: Json) -> Json:
    """The arguments with JSON text read; ApiError names the argument's own error when it cannot be."""
    decoded = dict(arguments)
    for name, error in JSON_ARGUMENTS.items():
        if isinstance(decoded.get(name), str) and decoded[name]:
            try:
                decoded[name] = json.loads(decoded[name])
            except ValueError:
                raise ApiError(error) from None
    return decoded


def _readable(arguments: Json) -> Json:
    """The arguments for whoever inspects a call, as they came when they cannot be read."""
    try:
        return _decoded(arguments)
    except ApiError:
        return arguments
