"""`/graphql`: a plain ASGI application. A kept answer leaves by the shortest way, past parser and engine."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, Final

from hirehub.kernel.auth import Forbidden
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.problems import status_of
from hirehub.services.vectors.graphql.access import Access
from hirehub.services.vectors.graphql.answers import Answers
from hirehub.services.vectors.graphql.engine import Answer, Engine, refusal
from hirehub.services.vectors.graphql.errors import BadRequest
from hirehub.services.vectors.graphql.page import page
from hirehub.services.vectors.graphql.rights import Rights

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_JSON: Final = b"application/json; charset=utf-8"
_STRICT: Final = b"application/graphql-response+json"
_OK, _BAD_REQUEST, _NOT_ALLOWED, _UNSUPPORTED = 200, 400, 405, 415


class Endpoint:
    """Answers queries by POST and shows GraphiQL by GET."""

    def __init__(self, engine: Engine, answers: Answers, access: Access) -> None:
        self._engine = engine
        self._answers = answers
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI call."""
        if scope["type"] != "http":
            return
        method = scope["method"]
        if method == "POST":
            await self._post(scope, receive, send)
        elif method in {"GET", "HEAD"}:
            await page(scope, send)
        else:
            allow = [(b"allow", b"GET, HEAD, POST")]
            refused = refusal(BadRequest("Only GET and POST are answered here."))
            await _send(send, refused.body, _NOT_ALLOWED, more=allow)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            rights = await self._access.rights(scope)
        except HirehubError as error:
            await _refuse(send, error)
            return
        told, accepted = b"", b""
        for name, value in scope["headers"]:
            if name == b"content-type":
                told = value
            elif name == b"accept":
                accepted = value
        if told != b"application/json" and told.partition(b";")[0].strip().lower() != b"application/json":
            refused = refusal(BadRequest("The body must be sent as application/json."))
            await _send(send, refused.body, _UNSUPPORTED)
            return
        body = await _body(receive)
        if body is None:
            return
        key = self._answers.key(body)
        held = self._answers.held(key, rights.kept)
        try:
            answer = Answer(held, sound=True) if held is not None else await self._answer(key, body, rights)
        except Forbidden as error:
            await _refuse(send, error)
            return
        strict = _STRICT in accepted
        status = _BAD_REQUEST if answer.refused and (strict or answer.malformed) else _OK
        await _send(send, answer.body, status, _STRICT if strict else _JSON)

    async def _answer(self, key: bytes, body: bytes, rights: Rights) -> Answer:
        """The answer to a request that is not kept; Forbidden where it touches more than the caller may."""
        try:
            operation = self._engine.prepare(body)
        except HirehubError as error:
            return refusal(error)
        rights.check(operation.touched)
        run = partial(self._engine.run, operation)
        return await (run() if operation.scope is None else self._answers.get(key, operation.scope, run))


async def _refuse(send: Send, error: HirehubError) -> None:
    """Tells a caller who is not answered; a fault of what knows the callers is told as such."""
    challenge = error.facts.get("www_authenticate")
    more = [(b"www-authenticate", str(challenge).encode())] if challenge else []
    await _send(send, refusal(error).body, status_of(error), more=more)


async def _body(receive: Receive) -> bytes | None:
    """The request's body; None when the caller has gone."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        whole: bytes = message.get("body", b"")
        return whole
    parts = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    return None


async def _send(
    send: Send, body: bytes, status: int = _OK, kind: bytes = _JSON, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), *(more or ())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
