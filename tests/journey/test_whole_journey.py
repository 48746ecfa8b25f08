"""The whole journey over HTTP alone, on real files, for three kinds of users, in Korean and English.

The same steps run against one process and against a process per service.
"""

import contextlib
import datetime as dt
import email
import email.policy
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import hirehub
from tests.support.product import free_ports, product_settings, running
from tests.support.shared import shared_dir
from tests.support.web_client import SERVICES, Visitor, Web

KOREAN_RESUME = """인적사항
이메일: seeker-ko@example.com
휴대폰: 010-5550-0123

경력
루멘 백엔드 개발자
2019.03 ~ 2023.02
Python과 Django, PostgreSQL로 서비스를 개발하고 Docker와 AWS에 배포했습니다.

학력
컴퓨터공학 학사
2013.03 - 2019.02

기술
Python, Django, PostgreSQL, Docker, AWS, Git
"""


@pytest.fixture(params=["one process", "a process per service"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Web, Path, dict[str, str]]]:
    """The running product, where it keeps its data, and its settings."""
    ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
    whole = request.param == "one process"
    places = {f"HIREHUB_SERVICES__{name.upper()}": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    env = product_settings(tmp_path / "data", HIREHUB_APPLY__REJECTION_HOLD="3600", **({} if whole else places))
    env |= {"HIREHUB_USER__MAIL_PAUSE": "0.2"}
    with contextlib.ExitStack() as stack:
        if whole:
            stack.enter_context(running(["up", "--no-sample"], env, tmp_path / "up"))
            at = dict.fromkeys(SERVICES, f"http://127.0.0.1:{env['HIREHUB_HTTP__PORT']}")
        else:
            for name, port in ports.items():
                own = {**env, "HIREHUB_HTTP__PORT": str(port)}
                part = "ai.api" if name == "ai" else name
                stack.enter_context(running(["serve", part], own, tmp_path / name))
            stack.enter_context(running(["worker"], env, tmp_path / "worker"))
            at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        yield Web(at), tmp_path / "data", env


def test_from_signing_up_to_an_accepted_offer(place: tuple[Web, Path, dict[str, str]]) -> None:
    web, data, env = place
    shared = shared_dir()
    boss, company = company_with_posts(web, data, shared)
    seekers = people_with_resumes(web, shared)
    for who, resume_id in seekers.items():
        reasons_are_told(web, who, resume_id)
    hired, resume_id = next(iter(seekers.items()))
    a_score_is_computed_again(web, env, hired, resume_id)
    application = applied(web, hired, resume_id)
    refused = applied(web, list(seekers)[1], seekers[list(seekers)[1]])
    through_the_states(web, boss, hired, application)
    a_rejection_is_held(web, boss, list(seekers)[1], refused)
    everybody_was_told(web, boss, hired, company)
    an_administrator_looks(web, env, hired)
    a_person_is_forgotten(web, hired, resume_id)
    ends = {one: web.ask("GET", f"/applications/{one}", None, boss)["status"] for one in (application, refused)}
    assert ends == {application: "accepted", refused: "submitted"}


def company_with_posts(web: Web, data: Path, shared: Path) -> tuple[Visitor, str]:
    """A company with two members and real posts in two languages."""
    boss = web.sign_up("boss@example.com", "company", "ko")
    company: str = web.ask("POST", "/companies", {"name": "루멘"}, boss)["id"]
    web.ask("POST", f"/companies/{company}/members", {"email": "member@example.com"}, boss)
    member = web.sign_up("member@example.com", "company")
    assert mailed(data, "member@example.com", "루멘에서 hirehub의 회사 ") == "구성원으로"
    token = mailed(data, "member@example.com", "인증 코드: ")
    assert web.ask("POST", f"/invitations/{token}", None, member).status == 201
    for post in real_posts(shared):
        made = web.ask("POST", "/jobs", {"company_id": company, **post}, member)
        assert web.ask("POST", f"/jobs/{made['id']}/publish", None, boss)["status"] == "open"
    return boss, company


def real_posts(shared: Path) -> Iterator[dict[str, Any]]:
    """Ten Korean developer posts with their tags, and ten English ones."""
    import pyarrow.parquet as pq

    korean = pq.read_table(shared / "data" / "jobs" / "ko_developer.parquet").to_pylist()
    for row in [one for one in korean if {"Python", "AWS"} & set(one["tech_stack"] or ())][:10]:
        words = [row["intro"], row["main_tasks"], row["preferred"]]
        yield {
            "title": row["title"][:200],
            "description": "\n\n".join(word for word in words if word),
            "requirements": row["requirements"],
        }
    english = pq.read_table(shared / "data" / "jobs" / "en.parquet").to_pylist()
    rows = [one for one in english if one["title"] and one["description"] and "Java" in one["description"]]
    for row in rows[:10]:
        yield {"title": row["title"][:200], "description": row["description"], "requirements": row["requirements"]}


def people_with_resumes(web: Web, shared: Path) -> dict[Visitor, str]:
    """Job seekers with a resume each: Korean text, a real DOCX, a real PDF; all of them ready."""
    files = shared / "data" / "resumes"
    contents = {
        ("seeker-ko@example.com", "ko"): KOREAN_RESUME.encode(),
        ("seeker-en@example.com", "en"): (files / "docx" / "1.docx").read_bytes(),
        ("other@example.com", "en"): (files / "pdf" / "information-technology-10839851.pdf").read_bytes(),
    }
    found = {}
    for (address, language), content in contents.items():
        who = web.sign_up(address, "jobseeker", language)
        found[who] = web.upload(who, content, "Resume")
    for who, resume_id in found.items():
        ready = web.until(f"/resumes/{resume_id}", who, lambda one: one["status"] != "processing")
        assert (ready["status"], ready["status_reason"]) == ("ready", None)
        assert "010-5550-0123" not in ready["masked_content"]
    return found


def reasons_are_told(web: Web, who: Visitor, resume_id: str) -> None:
    """A resume has matches, best first, and each says why in the reader's language."""
    found = web.until(f"/matches?resume_id={resume_id}", who, lambda one: len(one["items"]) > 0)["items"]
    lows = [one["low_score"] for one in found]
    assert lows == sorted(lows, reverse=True)
    for language, word in (("ko", "이력서"), ("en", "resume")):
        whole = web.ask("GET", f"/matches/{found[0]['id']}", None, Visitor(who.email, who.token, language))
        assert word in whole["ai_reasoning"]
        assert whole["score_breakdown"]["evidence"]


def a_score_is_computed_again(web: Web, env: dict[str, str], who: Visitor, resume_id: str) -> None:
    """From what it was computed from, a score comes out the same to the last digit."""
    first = web.ask("GET", f"/matches?resume_id={resume_id}", None, who)["items"][0]
    done = hirehub("match", "replay", first["id"], "--json", env=env)
    assert done.code == 0, done.err + done.out
    told = json.loads(done.out)
    assert told["same"]
    assert told["same_code"]
    assert float(told["computed"]["overall"]) == first["overall_score"]
    lost = hirehub("match", "replay", resume_id, env=env)
    assert (lost.code, "no match" in lost.err) == (1, True), lost.err


def applied(web: Web, who: Visitor, resume_id: str) -> str:
    """Applies for the post that fits best; the application knows its score."""
    best = web.ask("GET", f"/matches?resume_id={resume_id}", None, who)["items"][0]
    body = {"job_id": best["job_id"], "resume_id": resume_id, "cover_letter": "안녕하세요."}
    sent = web.ask("POST", "/applications", body, who, idempotency_key=resume_id)
    again = web.ask("POST", "/applications", body, who, idempotency_key=resume_id)
    assert again["id"] == sent["id"]
    assert web.ask("POST", "/applications", body, who).status == 409
    return str(sent["id"])


def through_the_states(web: Web, boss: Visitor, who: Visitor, application: str) -> None:
    """Review, an interview, an offer, and a yes; the company reads what it was sent."""
    path = f"/applications/{application}"
    seen = web.ask("GET", path, None, boss)
    assert seen["match_score"] is not None
    assert web.ask("GET", f"/resumes/{seen['resume_id']}/original", None, boss).status == 200
    assert web.ask("GET", f"/matches?job_id={seen['job_id']}", None, boss)["items"]
    web.ask("POST", f"{path}/status", {"to_status": "reviewing"}, boss)["status"]
    at = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).isoformat()
    interview = web.ask("POST", f"{path}/interviews", {"interview_type": "video", "scheduled_at": at}, boss)["id"]
    calendar = web.ask("GET", f"/interviews/{interview}/calendar.ics", None, who)
    assert b"METHOD:REQUEST" in calendar.body
    assert web.ask("GET", path, None, who)["status"] == "interview_scheduled"
    web.ask("PATCH", f"/interviews/{interview}", {"status": "completed"}, boss, if_match="*")["status"]
    if web.ask("GET", path, None, who)["status"] != "interview_completed":
        web.ask("POST", f"{path}/status", {"to_status": "interview_completed"}, boss)["status"]
    web.ask("POST", f"{path}/status", {"to_status": "offered"}, boss)["status"]
    assert web.ask("POST", f"{path}/status", {"to_status": "accepted"}, boss).status == 403
    assert web.ask("POST", f"{path}/status", {"to_status": "accepted"}, who)["status"] == "accepted"
    told = web.ask("GET", f"{path}/events", None, who)["items"]
    assert [one["to_status"] for one in told if one["to_status"]][-1] == "accepted"


def a_rejection_is_held(web: Web, boss: Visitor, who: Visitor, application: str) -> None:
    """Only the company sees it, and takes it back."""
    path = f"/applications/{application}"
    assert web.ask("POST", f"{path}/status", {"to_status": "rejected"}, boss)["pending_status"] == "rejected"
    seen = web.ask("GET", path, None, who)
    assert (seen["status"], seen["pending_status"]) == ("submitted", None)
    assert web.ask("DELETE", f"{path}/pending-status", None, boss).status == 204


def everybody_was_told(web: Web, boss: Visitor, who: Visitor, company: str) -> None:
    """The person hears of every step in the person's language, the company of the application."""
    wanted = {"resume.processed", "application.status_changed", "interview.scheduled"}
    found = web.until(
        "/notifications?limit=100", who, lambda one: wanted <= {item["event_type"] for item in one["items"]}
    )
    assert all(any("가" <= letter <= "힣" for letter in one["title"]) for one in found["items"])
    web.until("/notifications", boss, lambda one: "application.submitted" in {i["event_type"] for i in one["items"]})
    assert company


def an_administrator_looks(web: Web, env: dict[str, str], who: Visitor) -> None:
    """Somebody of the platform looks a person up, and what was worked on; nobody else may."""
    made = hirehub("user", "create-admin", "chief@example.com", env=env, text="another good password\n")
    assert made.code == 0, made.err
    chief = web.log_in("chief@example.com", password="another good password")
    assert web.ask("GET", f"/admin/users?email={who.email}", None, chief)["items"]
    steps = web.ask("GET", "/ai/tasks?limit=100", None, chief)["items"]
    assert {"pii_masking", "parsing", "matching"} <= {one["task_type"] for one in steps}
    assert [web.ask("GET", path, None, who).status for path in ("/admin/users", "/ai/tasks")] == [403, 403]


def a_person_is_forgotten(web: Web, who: Visitor, resume_id: str) -> None:
    """A resume that is removed has no matches any more."""
    assert web.ask("DELETE", f"/resumes/{resume_id}", None, who).status == 204
    web.until("/recommendations", who, lambda one: one["items"] == [])
    deadline = time.monotonic() + 20
    while (gone := web.ask("GET", f"/matches?resume_id={resume_id}", None, who)).status == 200 and gone["items"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def mailed(data: Path, address: str, before: str) -> str:
    """What stands behind some words in the newest kept mail to an address."""
    for _ in range(100):
        for path in sorted((data / "mail").glob("*.eml"), reverse=True):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            content = str(message.get_content())
            if message["To"] == address and before in content:
                return content.partition(before)[2].split()[0]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")
