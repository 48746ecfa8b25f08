"""The sample's accounts of a running product, and calls of its API as a newcomer makes them."""

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

from hirehub.runtime.sample_accounts import Account
from tests.support.product import Product


def accounts_of(product: Product, seconds: float = 60) -> tuple[Account, ...]:
    """The accounts, once the product has told them: they come in after it is ready."""
    path = Path(product.document["accounts_file"])
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert product.process.poll() is None, product.said()
        assert time.monotonic() < deadline, "the sample's accounts are not there"
        time.sleep(0.05)
    return tuple(Account(**one) for one in json.loads(path.read_bytes()))


def logged_in(product: Product, account: Account) -> str:
    """An access token of the account."""
    body = {"email": account.email, "password": account.password}
    token: str = ask(product, "/auth/log-in", body=body)["access_token"]
    return token


def ask(product: Product, path: str, token: str = "", *, body: Any = None) -> Any:
    """The JSON of an answer below /api/v1; a body makes it a POST. Raises for a status that is none of success."""
    own = {"Authorization": f"Bearer {token}"} if token else {}
    content = None if body is None else json.dumps(body).encode()
    url = f"{product.document['http']}/api/v1{path}"
    request = urllib.request.Request(url, content, {"Content-Type": "application/json", **own})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def read_resumes(product: Product, token: str, seconds: float = 60) -> list[str]:
    """The statuses of somebody's resumes, once none is being read any more."""
    deadline = time.monotonic() + seconds
    while True:
        found = [one["status"] for one in ask(product, "/resumes", token)["items"]]
        if "processing" not in found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)
