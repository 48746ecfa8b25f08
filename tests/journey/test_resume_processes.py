"""A process for each service: who signs up at one uploads at another, and a third reads it; posts too."""

import contextlib
import json
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.product import free_ports, product_settings, running

PASSWORD = "correct horse battery"
RESUME = "E-mail: applicant@example.com\n\nExperience\nEngineer\n2019.03 ~ 2021.02\nPython\n"


def ask(url: str, body: Any = None, token: str = "", **headers: str) -> Any:
    """The JSON of an answer; urllib raises for a status that is none of success."""
    own = {"Authorization": f"Bearer {token}"} if token else {}
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json", **own, **headers})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def person(user: str, email: str, user_type: str) -> str:
    """Somebody's access token."""
    ask(f"{user}/auth/sign-up", {"email": email, "password": PASSWORD, "user_type": user_type})
    token: str = ask(f"{user}/auth/log-in", {"email": email, "password": PASSWORD})["access_token"]
    return token


def test_services_in_processes_of_their_own_work_as_one(tmp_path: Path) -> None:
    ports = dict(zip(("user", "job", "resume"), free_ports(3), strict=True))
    places = {f"HIREHUB_SERVICES__{name.upper()}": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    shared = product_settings(tmp_path / "data", **places)
    at = {name: f"http://127.0.0.1:{port}/api/v1" for name, port in ports.items()}
    with contextlib.ExitStack() as stack:
        for name, port in ports.items():
            env = {**shared, "HIREHUB_HTTP__PORT": str(port)}
            stack.enter_context(running(["serve", name], env, tmp_path / name))
        stack.enter_context(running(["worker"], shared, tmp_path / "worker"))
        boss, seeker = (
            person(at["user"], "boss@example.com", "company"),
            person(at["user"], "me@example.com", "jobseeker"),
        )
        company = ask(f"{at['user']}/companies", {"name": "Lumen"}, boss)["id"]
        post = {"company_id": company, "title": "Engineer", "description": "Engineers."}
        job = ask(f"{at['job']}/jobs", post, boss)
        assert ask(f"{at['job']}/jobs/{job['id']}/publish", b"", boss)["status"] == "open"
        form = f'--p\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n{RESUME}\r\n--p--\r\n'
        kind = {"Content-Type": "multipart/form-data; boundary=p"}
        resume = ask(f"{at['resume']}/resumes", form.encode(), seeker, **kind)
        found = ended(f"{at['resume']}/resumes/{resume['id']}", seeker)
    assert found["status"] == "ready", found["status_reason"]
    assert "applicant@example.com" not in json.dumps(found)


def ended(url: str, token: str) -> Any:
    """The resume, once the work on it has ended."""
    for _ in range(300):
        found = ask(url, token=token)
        if found["status"] != "processing":
            return found
        time.sleep(0.1)
    raise AssertionError("the resume is still being read")
