"""The figures of `hirehub eval pii` count what they say they count."""

import json
from pathlib import Path

import pytest

from hirehub.kernel.errors import Invalid, Missing
from hirehub.services.ai.evaluation import pii
from hirehub.services.ai.masking.finding import Kind
from tests.support.cli import hirehub
from tests.support.shared import shared_dir

MAIL = "someone@example.com"


def case(text: str, *values: tuple[Kind, str]) -> pii.Case:
    """A text and the values that stand in it once."""
    return pii.Case(
        text, tuple(((kind,), ((text.index(value), text.index(value) + len(value)),)) for kind, value in values)
    )


def test_recall_precision_and_clean_texts_are_counted() -> None:
    figures = pii.measure(
        [
            case(f"write to {MAIL}", (Kind.EMAIL, MAIL)),
            case("call Nobody", (Kind.NAME, "Nobody")),
            case("nothing in here"),
            case(f"clean but for {MAIL}"),
        ]
    ).as_dict()
    assert (figures["texts"], figures["clean"], figures["clean_touched"]) == (4, 2, 1)
    assert figures["kinds"]["email"] == {"expected": 1, "recall": 1.0, "removed": 1.0, "given": 2, "precision": 0.5}
    assert figures["kinds"]["name"] == {"expected": 1, "recall": 0.0, "removed": 0.0, "given": 0, "precision": None}


def test_a_value_is_found_where_all_of_its_places_are() -> None:
    text = f"{MAIL} and also Somebody"
    places = ((0, len(MAIL)), (text.index("Somebody"), len(text)))
    figures = pii.measure([pii.Case(text, (((Kind.EMAIL,), places),))])
    assert figures.found["email"] == 0


def test_the_halves_share_nothing_and_leave_nothing_out() -> None:
    keys = [str(number) for number in range(200)]
    written = {key for key in keys if pii.in_half(key, "written")}
    kept = {key for key in keys if pii.in_half(key, "kept")}
    assert written | kept == set(keys)
    assert not written & kept
    assert min(len(written), len(kept)) > 60
    with pytest.raises(Invalid):
        pii.in_half("1", "third")


def test_without_data_the_error_says_how_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(Missing) as caught:
        list(pii.korean_documents(tmp_path))
    assert "--data" in caught.value.hint
    ran = hirehub("eval", "pii", "--data", str(tmp_path / "none"))
    assert (ran.code, "--data" in ran.err) == (1, True)


def test_a_set_is_read_as_it_is_written(tmp_path: Path) -> None:
    row = {
        "id": "A1",
        "document_text": f"성명: 홍길동 {MAIL} 홍길동",
        "expected_pii": [{"type": "이름", "value": "홍길동"}, {"type": "이메일", "value": MAIL}],
    }
    (tmp_path / "pii").mkdir()
    (tmp_path / "pii" / "korean_documents.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    (read,) = pii.korean_documents(tmp_path)
    assert {kinds[0]: len(places) for kinds, places in read.expected} == {Kind.NAME: 2, Kind.EMAIL: 1}


def test_the_floors_are_beaten_on_the_open_set() -> None:
    figures = pii.measure(pii.korean_documents(shared_dir() / "data")).as_dict()
    recall = {kind: row["recall"] for kind, row in figures["kinds"].items()}
    floors = {"resident_number": 0.92, "phone": 0.83, "email": 0.93, "address": 0.94, "name": 0.53}
    assert {kind for kind, floor in floors.items() if recall[kind] < floor} == set()
    assert figures["clean_touched"] < 21


def test_the_command_prints_every_set_and_the_floors() -> None:
    ran = hirehub("eval", "pii", "--data", str(shared_dir() / "data"), "--sample", "3", "--half", "written", "--json")
    shown = ran.document()
    assert (ran.code, shown["half"], sorted(shown["sets"])) == (
        0,
        "written",
        ["english_generated_large", "english_synth_dataset_v2", "korean_documents", "korean_names"],
    )
    assert shown["floors"]["korean_documents"]["phone"] == 0.77
    assert {row["texts"] for row in shown["touched"].values()} == {3}
