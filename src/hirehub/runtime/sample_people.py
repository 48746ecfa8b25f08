"""Companies, posts and people to look at the product with, brought in by the routes that everybody calls.

Only an installation without a single account gets them: never one in which somebody has begun to work. A load that was
cut short goes on at the next start; whatever is there already is left as it is.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hirehub.kernel.db import open_database
from hirehub.kernel.errors import Broken, Conflict, HirehubError
from hirehub.kernel.module import Asgi
from hirehub.kernel.settings import Settings, load
from hirehub.kernel.telemetry import get_logger
from hirehub.runtime.admins import create_admin
from hirehub.runtime.sample_accounts import Account, AccountFile
from hirehub.services.user.domain.accounts import EmailTaken
from hirehub.services.user.settings import UserSettings
from hirehub.services.user.store import users

if TYPE_CHECKING:
    import httpx

_log = get_logger(__name__)

FOLDER: Final = Path(__file__).parent / "sample" / "platform"
_HERE: Final = "http://in-process"
_API: Final = "/api/v1"
_SECONDS: Final = 60.0
_CONFLICT: Final = 409
_UNAUTHORIZED: Final = 401


class SampleRefused(Broken):
    """A route has refused something of the sample."""

    code = "sample_refused"


class NotOurs(Conflict):
    """The sample's addresses are accounts that this installation did not make."""

    code = "sample_not_ours"


def content() -> dict[str, Any]:
    """What is loaded: companies with posts, people, and the application that is under way."""
    return tomllib.loads((FOLDER / "content.toml").read_text("utf-8"))


def roles(sample: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each role and its address."""
    found = [("administrator", sample["admin"]["email"]), ("company", sample["company"]["email"])]
    return found + [(f"job seeker ({one['language']})", one["email"]) for one in sample["seekers"]]


class SamplePeople:
    """The sample of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.file = AccountFile(settings.data_dir)
        self._sample = content()
        self.missing = False

    async def look(self) -> tuple[Account, ...]:
        """The accounts that are there or about to be, none where the sample is not for this installation.

        Afterwards `missing` says whether `bring` has something to do.
        """
        async with await open_database(self._settings, "user") as db, db.read() as tx:
            empty = not await users.find(tx, after=None, limit=1, email=None, status=None, user_type=None)
        if empty and self.file.finished:
            self.file.begin_again()
        self.missing = (empty or self.file.begun) and self._allowed()
        return self.file.read(roles(self._sample)) if self.missing or self.file.finished else ()

    def _allowed(self) -> bool:
        """Not where addresses have to be confirmed, nor where mails would really leave for those of the sample."""
        return not load(UserSettings).confirm_email and self._settings.mail.host is None

    async def bring(self, app: Asgi, accounts: tuple[Account, ...]) -> None:
        """Loads what is missing; SampleRefused, NotOurs."""
        import httpx

        transport = httpx.ASGITransport(app=app)
        try:
            async with httpx.AsyncClient(transport=transport, base_url=_HERE, timeout=_SECONDS) as client:
                await _Load(client, self._sample, accounts).run()
            await self._admin(accounts[0])  # last: where the others turn out not to be ours, none is made
        except NotOurs:
            self.file.give_up()
            raise
        except httpx.HTTPError as error:
            raise SampleRefused("The sample could not be brought in.", hint="Start again.") from error
        self.file.finish()
        self.missing = False

    async def _admin(self, account: Account) -> None:
        try:
            await create_admin(self._settings, account.email, account.password)
        except EmailTaken:
            _log.info("sample_admin_is_there")


class _Load:
    """One load; each request may have been made before, and then changes nothing."""

    def __init__(self, client: "httpx.AsyncClient", sample: Mapping[str, Any], accounts: tuple[Account, ...]) -> None:
        self._client, self._sample = client, sample
        self._accounts = {one.email: one for one in accounts}
        self._tokens: dict[str, str] = {}
        self._posts: dict[str, str] = {}
        self._resumes: dict[str, str] = {}

    async def run(self) -> None:
        """Everything in its order."""
        company = self._sample["company"]["email"]
        await self._enter(company, "company", "en")
        for number, one in enumerate(self._sample["companies"]):
            await self._company(company, number, one)
        for one in self._sample["seekers"]:
            await self._enter(one["email"], "jobseeker", one["language"])
            await self._seeker(one)
        await self._application(company)
        for email in self._tokens:
            await self._ask("POST", "/auth/log-out", email)

    async def _enter(self, email: str, user_type: str, language: str) -> None:
        """Signs up, which changes nothing for an account that is there, logs in, and says what language to write in."""
        known = {"email": email, "password": self._accounts[email].password}
        await self._ask("POST", "/auth/sign-up", json={**known, "user_type": user_type}, language=language)
        self._tokens[email] = (await self._ask("POST", "/auth/log-in", json=known))["access_token"]
        await self._ask("PATCH", "/notification-settings", email, json={"language": language})

    async def _company(self, who: str, number: int, company: Mapping[str, Any]) -> None:
        body = {name: value for name, value in company.items() if name != "posts"}
        made = await self._ask("POST", "/companies", who, json=body, key=f"sample-company-{number}")
        for place, post in enumerate(company["posts"]):
            await self._post(who, made["id"], f"sample-post-{number}-{place}", post)

    async def _post(self, who: str, company_id: str, key: str, post: Mapping[str, Any]) -> None:
        body = {name: value for name, value in post.items() if name not in ("skills", "preferred")}
        made = await self._ask("POST", "/jobs", who, json={**body, "company_id": company_id}, key=key)
        wanted = [{"name": name, "is_required": True} for name in post["skills"]]
        wanted += [{"name": name, "is_required": False} for name in post["preferred"]]
        await self._ask("PUT", f"/jobs/{made['id']}/skills", who, json={"skills": wanted})
        await self._ask("POST", f"/jobs/{made['id']}/publish", who, done_before=_CONFLICT)
        self._posts[post["title"]] = made["id"]

    async def _seeker(self, seeker: Mapping[str, Any]) -> None:
        email = seeker["email"]
        await self._ask("PATCH", "/profiles/me", email, json=seeker["profile"])
        file = {"file": (seeker["resume"], (FOLDER / seeker["resume"]).read_bytes())}
        form = {"title": seeker["title"]}
        made = await self._ask("POST", "/resumes", email, files=file, data=form, key="sample-resume")
        self._resumes[email] = made["id"]

    async def _application(self, company: str) -> None:
        wanted = self._sample["application"]
        who = wanted["seeker"]
        body = {
            "job_id": self._posts[wanted["post"]],
            "resume_id": self._resumes[who],
            "cover_letter": wanted["cover_letter"],
        }
        made = await self._ask("POST", "/applications", who, json=body, key="sample-application")
        path, decision = f"/applications/{made['id']}/status", {"to_status": "reviewing"}
        await self._ask("POST", path, company, json=decision, done_before=_CONFLICT)

    async def _ask(
        self,
        method: str,
        path: str,
        who: str = "",
        *,
        key: str = "",
        language: str = "en",
        done_before: int = 0,
        **more: Any,  # noqa: ANN401 - as httpx takes it
    ) -> Any:  # noqa: ANN401 - JSON
        """The JSON of an answer; SampleRefused for one that is neither a success nor says that it was done before."""
        headers = {"accept-language": language, "if-match": "*"}
        if who:
            headers["authorization"] = f"Bearer {self._tokens[who]}"
        if key:
            headers["idempotency-key"] = key
        answer = await self._client.request(method, _API + path, headers=headers, **more)
        if answer.status_code == _UNAUTHORIZED and path == "/auth/log-in":
            hint = "Nothing is to be done: the sample is for installations that nobody has used yet."
            raise NotOurs("the sample's accounts are somebody else's", hint=hint)
        if not answer.is_success and answer.status_code != done_before:
            raise SampleRefused(f"{method} {path} answered {answer.status_code}", hint="Start again.")
        return answer.json() if answer.is_success and answer.content else None


def refusal(error: HirehubError) -> str:
    """What a person reads where the sample is not loaded."""
    return f"The sample's accounts are not loaded: {error.message.rstrip('.')} — {error.hint}"


def lines(accounts: tuple[Account, ...], file: Path, url: str) -> list[str]:
    """The accounts for people, with calls to paste into a shell."""
    wide = max(len(one.role) for one in accounts), max(len(one.email) for one in accounts)
    found = ["", "  Sample: companies, posts, resumes and an application; its accounts (role, e-mail, password):"]
    found += [f"    {one.role:<{wide[0]}}  {one.email:<{wide[1]}}  {one.password}" for one in accounts]
    seeker = accounts[-1]
    body = f'{{"email": "{seeker.email}", "password": "{seeker.password}"}}'
    read = """python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])'"""
    kind = "-H 'Content-Type: application/json'"
    return [
        *found,
        f"  They are kept in {file}; remove it, and they are not shown any more.",
        "",
        "  Log in, and list posts:",
        f"  TOKEN=$(curl -s {url}{_API}/auth/log-in {kind} -d '{body}' | {read})",
        f"  curl -s -H \"Authorization: Bearer $TOKEN\" '{url}{_API}/jobs?limit=5'",
    ]
