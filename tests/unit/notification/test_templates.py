"""Templates: what they may do, what is refused before it runs, and what a missing value leads to."""

import time
from typing import get_args
from uuid import UUID

import pytest

from hirehub.contracts.resume import REASON_WORDS
from hirehub.kernel.errors import HirehubError
from hirehub.services.ai.text import errors
from hirehub.services.notification.domain.events import DIGEST, EVENTS, least, samples
from hirehub.services.notification.domain.templates import (
    Source,
    TemplateRefused,
    TemplateValueMissing,
    as_html,
    check,
    write,
)
from hirehub.services.notification.migrations import seed_4
from hirehub.services.notification.migrations.seed_1 import REFERENCE
from hirehub.services.notification.schemas import Event

HOSTILE = [
    "{{ ''.__class__ }}",
    "{{ name.__class__.__mro__ }}",
    "{{ name|attr('__class__') }}",
    "{{ name['__class__'] }}",
    "{% for a in range(999999999) %}{% endfor %}",
    "{% for a in name recursive %}{{ loop(name) }}{% endfor %}",
    "{{ range(10**9)|list }}",
    "{{ 'a' * 10**9 }}",
    "{{ 9**9**9 }}",
    "{{ cycler }}{{ cycler() }}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% include 'a' %}",
    "{% import 'a' as b %}",
    "{% extends 'a' %}",
    "{% set a = name %}",
    "{% call name() %}{% endcall %}",
    "{{ name",
    "{% if name %}",
    "{{ " + "(" * 4000 + "name" + ")" * 4000 + " }}",
    "{{ " + "not " * 2000 + "name }}",
    "{% if name %}" * 50 + "{% endif %}" * 50,
    "x" * 10_001,
]


def source(subject: str, body: str = "body", priority: int = 0) -> Source:
    return Source(UUID(int=priority + 1), f"t{priority}", priority, subject, body)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_not_a_name_or_a_condition_is_refused_at_once(text: str) -> None:
    begin = time.monotonic()
    with pytest.raises(TemplateRefused, match="body_template of the template t0"):
        write([source("a", text)], {"name": "x"})
    assert time.monotonic() - begin < 2.0


def test_a_missing_value_is_an_error_that_names_template_field_and_value() -> None:
    with pytest.raises(TemplateValueMissing, match="subject_template of the template t0 names job_title") as told:
        write([source("for {{job_title}}")], {"job_title": None, "score": "1"})
    assert "{% if job_title %}" in told.value.hint


@pytest.mark.parametrize("text", ["{{stranger}}", "{% if stranger %}a{% endif %}", "{{range}}"])
def test_a_name_that_is_not_the_events_is_an_error_also_in_a_condition(text: str) -> None:
    with pytest.raises((TemplateValueMissing, TemplateRefused)):
        check(source(text), {"name": "x"}, {"name": "x"})


def test_a_sentence_about_what_is_missing_is_left_out() -> None:
    template = source("New{% if job_title %}: {{job_title}}{% endif %}")
    assert write([template], {"job_title": None}).title == "New"
    assert write([template], {"job_title": "Cook"}).title == "New: Cook"


def test_the_fullest_template_is_taken_whose_values_are_all_there() -> None:
    both = [source("{{job_title}} at {{company_name}}", priority=1), source("plain")]
    assert write(both, {"job_title": "Cook", "company_name": "Lumen"}).title == "Cook at Lumen"
    assert write(both, {"job_title": "Cook", "company_name": None}).title == "plain"


def test_values_are_text_and_never_run() -> None:
    given = {"name": "{{ 7*7 }}<script>alert(1)</script>\r\nBcc: a@example.com"}
    written = write([source("{{name}}", "{{name}}")], given)
    assert written.title == "{{ 7*7 }}<script>alert(1)</script> Bcc: a@example.com"
    assert "<script>" in written.content
    assert as_html('<b onclick="x">&\n') == "&lt;b onclick=&#34;x&#34;&gt;&amp;<br>\n"


def test_a_value_loses_what_no_text_may_hold() -> None:
    written = write([source("{{name}}", "{{name}}")], {"name": "a\0b\x1b[31m\ud800c\u3000d\ne"})
    assert written.title == "ab[31mc d e"
    assert written.content == "ab[31mc\u3000d\ne"


def test_a_long_value_does_not_make_a_long_mail() -> None:
    written = write([source("{{name}}", "{{name}}" * 1000)], {"name": "y" * 100_000})
    assert len(written.title) == 200
    assert len(written.content) == 20_000


def test_a_backslash_and_an_n_are_a_line_break() -> None:
    assert write([source("a", r"one\n\ntwo")], {}).content == "one\n\ntwo"


ROWS = [
    *((name, event, channel, "ko", title, text, 1) for name, event, channel, title, text in REFERENCE),
    *seed_4.rows(),
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_template_of_the_start_can_be_written(row: tuple[str, str, str, str, str, str, int]) -> None:
    name, event, _, _, subject, body, priority = row
    check(Source(UUID(int=1), name, priority, subject, body), samples(event), least(event))


def test_every_way_a_file_cannot_be_read_has_words() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, HirehubError)]
    codes = {kind.code for kind in kinds if kind.__module__ == errors.__name__}
    assert codes <= REASON_WORDS.keys()


def test_every_event_has_a_template_for_each_channel_and_language_that_needs_no_optional_value() -> None:
    plain = {(event, channel, language) for _, event, channel, language, _, _, priority in ROWS if priority == 0}
    wanted = {(e, c, x) for e in EVENTS for c in ("in_app", "email", "push", "sms") for x in ("ko", "en")}
    assert plain == wanted | {(DIGEST, "email", "ko"), (DIGEST, "email", "en")}
    assert len(REFERENCE) == 3
    assert get_args(Event) == EVENTS, "what the settings may switch off"
