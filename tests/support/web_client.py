"""A client that knows nothing but addresses: the product over HTTP, in one process or a process per service."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SERVICES: Mapping[str, tuple[str, ...]] = {
    "user": ("auth", "users", "profiles", "companies", "invitations", "admin"),
    "job": ("jobs", "skills"),
    "resume": ("resumes",),
    "apply": ("applications", "interviews"),
    "match": ("matches", "recommendations"),
    "ai": ("ai",),
    "notification": ("notifications", "notification-settings", "devices", "notification-templates"),
}
"""Which service answers a path, by its first word behind /api/v1."""
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    body: Any
    headers: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        assert 200 <= self.status < 300, (self.status, self.body)
        return self.body[name]


@dataclass(frozen=True)
class Visitor:
    """Somebody with a token and a language."""

    email: str
    token: str
    language: str = "en"


class Web:
    """The product at its addresses, by service."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = {word: places[name] for name, words in SERVICES.items() for word in words}

    def ask(self, method: str, path: str, body: Any = None, who: Visitor | None = None, **headers: str) -> Reply:
        """Asks; `body` is bytes, or something that is sent as JSON."""
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        own.setdefault("content-type", "application/json")
        if who is not None:
            own |= {"authorization": f"Bearer {who.token}", "accept-language": who.language}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self._places[path.split('/')[1].partition('?')[0]]}/api/v1{path}"
        request = urllib.request.Request(url, data, own, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return _reply(answer.status, answer.read(), answer.headers)
        except urllib.error.HTTPError as error:
            return _reply(error.code, error.read(), error.headers)

    def sign_up(self, email: str, user_type: str, language: str = "en") -> Visitor:
        """Somebody new, logged in."""
        body = {"email": email, "password": PASSWORD}
        assert self.ask("POST", "/auth/sign-up", {**body, "user_type": user_type}).status == 202
        return self.log_in(email, language)

    def log_in(self, email: str, language: str = "en", password: str = PASSWORD) -> Visitor:
        """Somebody who is known."""
        return Visitor(
            email, self.ask("POST", "/auth/log-in", {"email": email, "password": password})["access_token"], language
        )

    def upload(self, who: Visitor, content: bytes, title: str, name: str = "resume", **headers: str) -> str:
        """Sends a resume as a browser's form does; its id."""
        form = f'--p\r\nContent-Disposition: form-data; name="title"\r\n\r\n{title}\r\n--p\r\n'.encode()
        form += f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        kind = {"content_type": "multipart/form-data; boundary=p", **headers}
        sent = self.ask("POST", "/resumes", form + content + b"\r\n--p--\r\n", who, **kind)
        return str(sent["id"])

    def until(self, path: str, who: Visitor, wanted: Callable[[Any], bool], seconds: float = 60) -> Any:
        """The JSON at a path, once it is as wanted."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.ask("GET", path, None, who)
            if found.status == 200 and wanted(found.body):
                return found.body
            if time.monotonic() > deadline:
                raise AssertionError(f"{path} is not as wanted: {found.status} {str(found.body)[:2000]}")
            time.sleep(0.1)


def _reply(status: int, content: bytes, headers: Any) -> Reply:
    kind = headers.get("content-type", "")
    return Reply(status, json.loads(content) if "json" in kind and content else content, dict(headers))
