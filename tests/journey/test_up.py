"""The product as a newcomer meets it: `hirehub up`, a search over the sample, Ctrl-C."""

import json
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import psutil
import pytest

from hirehub.contracts.vectors import UPLOAD_EMBEDDINGS
from hirehub.runtime.sample_people import lines
from tests.support.cli import environment, hirehub
from tests.support.product import Product, product_settings, ready, running
from tests.support.sample import accounts_of, ask, logged_in, read_resumes
from tests.support.searching import POST, RESUME, Searching
from tests.support.web_client import SERVICES, Visitor, Web

SAMPLE_ALONE = {"HIREHUB_AI__FRESH__SEND": "false"}
"""For counting its rows: its posts and resumes go to `vectors` too."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with its own data directory and ports, up for the tests of this file."""
    folder = tmp_path_factory.mktemp("product")
    with running(["up"], product_settings(folder / "data"), folder) as up:
        yield up


def test_up_tells_where_everything_is(product: Product) -> None:
    told = product.document
    assert told["ready"] is True
    assert told["graphql"] == f"http://127.0.0.1:{product.env['HIREHUB_HTTP__PORT']}/graphql"
    assert told["grpc"]["ai"] == f"127.0.0.1:{product.env['HIREHUB_AI__GRPC_PORT']}"
    assert told["data_dir"] == product.env["HIREHUB_DATA_DIR"]
    assert told["sample"] == {"recruit": 220, "candidate": 110}
    assert told["anonymous"] is True


def test_up_stays_quiet(product: Product) -> None:
    """Standard output holds one document, and nothing goes wrong on standard error."""
    assert product.said() == ""


def test_ready_ends_with_0_once_the_product_is(product: Product) -> None:
    ran = ready(product.env, 10)
    assert (ran.code, ran.err) == (0, "")


def test_the_printed_example_finds_posts_of_the_sample(product: Product) -> None:
    """What a newcomer pastes into a shell works as it stands."""
    words = shlex.split(product.document["example"])
    answer = json.loads(subprocess.run(words, capture_output=True, check=True, timeout=30).stdout)
    assert "errors" not in answer
    [hits] = answer["data"].values()
    assert len(hits) == 5


def test_the_printed_accounts_log_in_and_call_the_api(product: Product) -> None:
    """The calls that are printed, pasted into a shell; the passwords lie in one file, which is its owner's alone."""
    accounts = accounts_of(product)
    assert product.document["accounts"] == {one.role: one.email for one in accounts}
    path = Path(product.document["accounts_file"])
    assert path.stat().st_mode & 0o077 == 0
    *_, log_in, list_posts = lines(accounts, path, product.document["http"])
    ran = subprocess.run(["bash", "-c", f"{log_in}\n{list_posts}"], capture_output=True, check=True, timeout=30)
    assert len(json.loads(ran.stdout)["items"]) == 5
    found = [file for file in Path(product.document["data_dir"]).rglob("*") if file.is_file() and file != path]
    passwords = [one.password.encode() for one in accounts]
    assert [file for file in found if any(word in read(file) for word in passwords)] == []


def read(file: Path) -> bytes:
    """What a file holds; nothing for one that the database server has just removed."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def test_the_sample_is_a_hiring_under_way(product: Product) -> None:
    """Open posts of two companies, a resume of each job seeker that was read, and an application that is looked at."""
    admin, company, *seekers = (logged_in(product, one) for one in accounts_of(product))
    posts = ask(product, "/jobs?limit=100")["items"]
    assert (len(posts), len({post["company_id"] for post in posts})) == (12, 2)
    assert all(ask(product, f"/jobs/{post['id']}/skills")["items"] for post in posts[::6])
    [application] = ask(product, "/applications", admin)["items"]
    [seen] = ask(product, f"/applications?job_id={application['job_id']}", company)["items"]
    assert seen["status"] == "reviewing"
    assert [read_resumes(product, seeker) for seeker in seekers] == [["ready"], ["ready"]]


def test_a_text_finds_posts_of_the_sample_that_mean_the_same(product: Product) -> None:
    query = "query ($text: String!) { findRecruitsByText(text: $text, limit: 5) { primaryKeyword similarity } }"
    hits = product.graphql(query, text="We build mobile apps for iPhones")["findRecruitsByText"]
    assert [hit["primaryKeyword"] for hit in hits] == ["Mobile"] * 5
    assert hits[0]["similarity"] > 0.4


def test_a_resume_and_a_post_are_searched_until_they_are_gone(product: Product) -> None:
    """They stand beside the sample's rows, without a name; no answer that was kept outlives them."""
    web, token = Web(dict.fromkeys(SERVICES, product.document["http"])), logged_in(product, accounts_of(product)[1])
    boss, seeker = Visitor("", token), web.sign_up("seeker@example.com", "jobseeker")
    resume_id = web.upload(seeker, RESUME.encode(), "Resume")
    company_id = ask(product, "/companies", token)["items"][0]["id"]
    job_id = web.ask("POST", "/jobs", {"company_id": company_id, **POST}, boss)["id"]
    assert web.ask("POST", f"/jobs/{job_id}/publish", None, boss)["status"] == "open"
    search = Searching(product, token, job_id, resume_id)
    post, resume = search.until(post=True, resume=True)
    assert post == {"companyName": "-", "expYears": 3, "primaryKeyword": "Welding"}
    assert resume == {"name": "-", "skills": ["Welding", "Python", "PostgreSQL"], "experienceYears": 4}
    assert web.ask("DELETE", f"/resumes/{resume_id}", None, seeker).status == 204
    search.until(post=True, resume=False)
    for verb, there in (("close", False), ("reopen", True), ("close", False)):
        assert web.ask("POST", f"/jobs/{job_id}/{verb}", None, boss).status == 200
        search.until(post=there, resume=False)


def test_a_second_up_on_the_same_data_is_told_of_the_first(product: Product) -> None:
    ran = hirehub("up", env=product.env)
    assert ran.code == 3
    assert f"process {product.process.pid}, {product.document['http']}" in ran.err


def test_an_up_whose_port_is_taken_names_port_holder_and_setting(product: Product, tmp_path: Path) -> None:
    ran = hirehub("up", env={**product.env, "HIREHUB_DATA_DIR": str(tmp_path)})
    port = product.env["HIREHUB_HTTP__PORT"]
    assert ran.code == 4
    assert f"Port {port} on 127.0.0.1 is taken" in ran.err
    assert f"process {product.process.pid}" in ran.err
    assert "HIREHUB_HTTP__PORT" in ran.err
    assert not (tmp_path / "postgres").exists()


def test_the_doctor_finds_nothing_to_mend_while_it_runs(product: Product) -> None:
    found = {check["name"]: check for check in hirehub("doctor", "--json", env=product.env).document()["checks"]}
    assert [check for check in found.values() if check["status"] != "ok"] == []
    assert "held by the product" in found[f"port {product.env['HIREHUB_HTTP__PORT']}"]["message"]


def test_two_products_on_one_machine_differ_by_settings_alone(product: Product, tmp_path: Path) -> None:
    """The second has an empty store of its own; the first goes on untouched."""
    with running(["up", "--no-sample"], product_settings(tmp_path / "data"), tmp_path) as second:
        assert (second.document["sample"], second.document["accounts"]) == ({}, {})
        assert not list((tmp_path / "data" / "secrets").glob("sample*"))
        assert hirehub("vectors", "stats", "--json", env=second.env).code == 0
        assert ready(product.env, 10).code == 0
        assert second.stop() < 5
    assert second.process.returncode == 0


def test_ctrl_c_stops_all_within_5_seconds_and_the_sample_stays(tmp_path: Path) -> None:
    """The next start finds the vectors in the tables, and brings in what was cut short, once."""
    env = product_settings(tmp_path / "data")
    with running(["up"], env, tmp_path / "first") as first:
        took = first.stop(signal.SIGINT)
        assert first.said() == ""
    assert (first.process.returncode, took < 5) == (0, True)
    pid = tmp_path / "data" / "postgres" / "cluster" / "postmaster.pid"
    deadline = time.monotonic() + 30
    while pid.exists():  # the server of a fresh start may still be writing, by itself
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with running(["up"], {**env, "HIREHUB_LOG__LEVEL": "debug"}, tmp_path / "second") as second:
        assert second.document["sample"] == {}
        spent = psutil.Process(second.process.pid).cpu_times()
        accounts = accounts_of(second)
        assert second.document["accounts"] == first.document["accounts"]
        assert len(ask(second, "/companies", logged_in(second, accounts[0]))["items"]) == 2
        assert len(ask(second, "/jobs?limit=100")["items"]) == 12
        assert second.stop(signal.SIGTERM) < 5
    assert [one.email for one in accounts if one.password in second.said()] == []
    assert second.process.returncode == 0
    assert spent.user + spent.system < 6, "a warm start has to be ready within 6 s"


def test_callers_that_keep_their_connections_do_not_keep_the_product(tmp_path: Path) -> None:
    """An idle HTTP connection, an upload that never ends and a reader who does not read: it still stops in time."""
    with running(["up", "--no-sample"], product_settings(tmp_path / "data"), tmp_path) as up:
        http = socket.create_connection(("127.0.0.1", int(up.env["HIREHUB_HTTP__PORT"])))
        http.sendall(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        ended = threading.Event()
        with grpc.insecure_channel(up.document["grpc"]["vectors.batch"]) as channel:
            method: grpc.StreamUnaryMultiCallable[bytes, bytes] = channel.stream_unary(UPLOAD_EMBEDDINGS)
            upload = method.future(b"" for _ in iter(ended.wait, True))
            assert not upload.done()
            took = up.stop()
            ended.set()
        http.close()
    assert up.process.returncode == 0
    assert took < 15, "each of them would hold it for half a minute and more"


def test_ctrl_c_during_the_start_leaves_nothing_behind(tmp_path: Path) -> None:
    """The database server that was being started is stopped as well."""
    env = product_settings(tmp_path / "data")
    pid_file = tmp_path / "data" / "postgres" / "cluster" / "postmaster.pid"
    process = subprocess.Popen(
        [sys.executable, "-m", "hirehub", "up"], env=environment(env), stderr=subprocess.PIPE, start_new_session=True
    )
    while not pid_file.exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=10)
    assert (process.returncode in {0, 130}, told) == (True, b"")
    assert not pid_file.exists()


def test_a_killed_database_server_is_started_again_by_those_who_use_it(tmp_path: Path) -> None:
    env = product_settings(tmp_path / "data", **SAMPLE_ALONE)
    with running(["up"], env, tmp_path) as up:
        pid_file = tmp_path / "data" / "postgres" / "cluster" / "postmaster.pid"
        killed = int(pid_file.read_text().split()[0])
        psutil.Process(killed).kill()
        while up.process.poll() is None and not (pid_file.exists() and f"{killed}\n" not in pid_file.read_text()):
            time.sleep(0.05)
        assert ready(env, 30).code == 0
        assert up.graphql("{ searchRecruits(first: 3) { totalCount } }") == {"searchRecruits": {"totalCount": 220}}


def test_a_killed_product_starts_again_on_what_it_left(tmp_path: Path) -> None:
    """Locks go with the process; the database server that goes on is found again."""
    env = product_settings(tmp_path / "data", **SAMPLE_ALONE)
    with running(["up"], env, tmp_path / "first") as first:
        first.process.kill()
        first.process.wait()
    with running(["up"], {**env, "HIREHUB_LOG__LEVEL": "debug"}, tmp_path / "second") as second:
        assert second.graphql("{ searchRecruits { totalCount } }") == {"searchRecruits": {"totalCount": 220}}
        assert second.stop() < 5
    assert not (tmp_path / "data" / "postgres" / "cluster" / "postmaster.pid").exists()


def test_a_store_of_another_dimension_is_told_why_the_sample_is_not_in_it(tmp_path: Path) -> None:
    """The rest of the product is up all the same, and the other domain has its sample."""
    env = product_settings(tmp_path / "data", HIREHUB_VECTORS__RECRUIT__DIMENSION="768")
    with running(["up"], env, tmp_path) as up:
        assert up.document["sample"] == {"candidate": 110}
        assert "its vectors have 384 floats, the setting says 768" in up.said()
        assert ready(env, 10).code == 0
