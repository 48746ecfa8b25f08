"""Calls between services: one hop, the same code whether the other service runs in this process or elsewhere.

In process a call goes through the whole application, as one from outside does, without a socket. Elsewhere the address
is a setting (`HIREHUB_SERVICES__NAME`). Calls carry a token of the calling service, never the one of a person.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from hirehub.kernel.errors import Broken, HirehubError, Unavailable
from hirehub.kernel.module import Asgi
from hirehub.kernel.settings import Settings

if TYPE_CHECKING:
    import httpx

    from hirehub.kernel.auth.tokens import Signer

_LARGEST: Final = 16_777_216
_HERE: Final = "http://in-process"
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429


class ServiceUnavailable(Unavailable):
    """Another service does not answer, or nobody has said where it is."""

    code = "service_unavailable"


class Calls:
    """Clients of the other services, for one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._app: Asgi | None = None
        self._here: frozenset[str] = frozenset()
        self._signer: Signer | None = None

    def answer_here(self, app: Asgi, services: Collection[str]) -> None:
        """Says which services this process runs; before the first call."""
        self._app, self._here = app, frozenset(services)

    async def get(
        self, service: str, path: str, *, caller: str, params: Mapping[str, str | int] | None = None
    ) -> Mapping[str, Any] | None:
        """The JSON object at a path of a service; None where there is none.

        ServiceUnavailable where it does not answer, Broken where it answers something else.
        """
        answer = await self._ask("GET", service, path, caller, params=params)
        return None if answer is None else _object(answer, service)

    async def put(self, service: str, path: str, body: Mapping[str, Any], *, caller: str) -> Mapping[str, Any] | None:
        """What a service answers to a JSON object that is put at a path; None where there is nothing to put it to."""
        answer = await self._ask("PUT", service, path, caller, json=dict(body))
        return None if answer is None else _object(answer, service)

    async def post(self, service: str, path: str, body: Mapping[str, Any], *, caller: str) -> Mapping[str, Any] | None:
        """What a service answers to a JSON object that is sent to a path; None where nobody takes it there."""
        answer = await self._ask("POST", service, path, caller, json=dict(body))
        return None if answer is None else _object(answer, service)

    async def download(self, service: str, path: str, *, caller: str, most: int) -> bytes | None:
        """The bytes at a path of a service, so many at most; None where there are none."""
        answer = await self._ask("GET", service, path, caller)
        if answer is not None and len(answer.content) > most:
            raise Broken(f"The service {service} sent more than {most} bytes.")
        return None if answer is None else answer.content

    async def _ask(self, method: str, service: str, path: str, caller: str, **more: Any) -> "httpx.Response | None":  # noqa: ANN401 - as httpx takes it
        import httpx

        headers = {"authorization": f"Bearer {self._sign().for_service(caller)}", "accept-language": "en"}
        try:
            answer = await self._client(service).request(method, path, headers=headers, **more)
        except httpx.HTTPError as error:
            raise _silent(service) from error
        if answer.status_code == _NOT_FOUND:
            return None
        if answer.is_server_error or answer.status_code == _TOO_MANY:
            raise _silent(service)
        if not answer.is_success:
            raise Broken(f"The service {service} answered {answer.status_code} to {caller}.")
        return answer

    def _sign(self) -> "Signer":
        """Who signs calls; made at the first one, as most processes make none."""
        if self._signer is None:
            from hirehub.kernel.auth.keys import signing_key
            from hirehub.kernel.auth.tokens import Signer

            self._signer = Signer(self._settings.auth, signing_key(self._settings))
        return self._signer

    def _client(self, service: str) -> "httpx.AsyncClient":
        import httpx

        if service not in self._clients:
            timeout = self._settings.http.request_timeout / 2
            if service in self._here and self._app is not None:
                transport = httpx.ASGITransport(app=self._app)
                made = httpx.AsyncClient(transport=transport, base_url=_HERE, timeout=timeout)
            elif (url := self._settings.services.get(service)) is not None:
                made = httpx.AsyncClient(base_url=url.rstrip("/"), timeout=timeout, follow_redirects=False)
            else:
                hint = f"Set HIREHUB_SERVICES__{service.upper()} to its address, such as http://HOST:PORT."
                raise ServiceUnavailable(f"Nobody has said where the service {service} is.", hint=hint)
            self._clients[service] = made
        return self._clients[service]

    async def close(self) -> None:
        """Lets go of connections."""
        for client in self._clients.values():
            await client.aclose()


def _silent(service: str) -> HirehubError:
    return ServiceUnavailable(f"The service {service} does not answer.", hint="Try again in a moment.")


def _object(answer: "httpx.Response", service: str) -> Mapping[str, Any]:
    found = answer.json() if len(answer.content) <= _LARGEST else None
    if not isinstance(found, dict):
        raise Broken(f"The service {service} answered no JSON object.")
    return found
