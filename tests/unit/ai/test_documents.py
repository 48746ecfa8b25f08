"""Each kind of file gives its text, page by page, in the order in which a person reads it."""

from pathlib import Path

import pytest

from hirehub.kernel.errors import Missing
from hirehub.services.ai.text.cleaning import clean
from hirehub.services.ai.text.document import Document, FileKind, document
from hirehub.services.ai.text.reading import read_document
from tests.support import documents as made
from tests.support.shared import shared_dir

TABLE = "<w:tbl><w:tr>{}</w:tr></w:tbl>"


def cell(text: str) -> str:
    return f"<w:tc>{made.word_paragraph(text)}</w:tc>"


def test_a_pdf_gives_its_pages_and_lines() -> None:
    read = read_document(made.pdf([[(72, 700, "first line"), (72, 680, "second line")], [(72, 700, "other page")]]))
    assert (read.kind, [page.text for page in read.pages]) == (FileKind.PDF, ["first line\nsecond line", "other page"])


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [(60.0, 640.0 - 20 * row, f"left column row {row} says much") for row in range(8)]
    right = [(330.0, 633.0 - 20 * row, f"right column row {row} says more") for row in range(8)]
    mixed = [piece for pair in zip(left, right, strict=True) for piece in pair]
    text = read_document(
        made.pdf([[(60, 720, "A heading that runs across both of the columns of this page"), *mixed]])
    ).text
    lines = text.split("\n")
    assert lines[0].startswith("A heading")
    assert [line.split()[0] for line in lines[1:]] == ["left"] * 8 + ["right"] * 8


def test_dates_at_the_right_end_stay_in_their_line() -> None:
    rows = [
        piece
        for row in range(6)
        for piece in (
            (60.0, 700.0 - 20 * row, f"Engineer at company number {row}"),
            (500.0, 700.0 - 20 * row, f"201{row}"),
        )
    ]
    lines = read_document(made.pdf([rows])).text.split("\n")
    assert lines == [f"Engineer at company number {row}\t201{row}" for row in range(6)]


def test_a_pdf_with_a_broken_table_of_places_is_mended() -> None:
    whole = made.pdf([[(72, 700, "still here")]])
    assert read_document(whole.replace(b"startxref\n", b"startxref\n9")).text == "still here"


def test_a_docx_gives_headers_body_and_footers_in_order() -> None:
    header = made.word_body(made.word_paragraph("head"))
    footer = made.word_body(made.word_paragraph("foot"))
    read = read_document(made.docx(made.word_paragraph("body"), header1=header, footer1=footer))
    assert read.kind is FileKind.DOCX
    assert read.text.split() == ["head", "body", "foot"]


def test_a_row_of_a_table_is_a_line() -> None:
    text = read_document(made.docx(TABLE.format(cell("label") + cell("value")) + made.word_paragraph("behind"))).text
    assert text.split("\n")[:2] == ["label\tvalue", "behind"]


LINE = "<hp:p><hp:run><hp:t>{}</hp:t></hp:run></hp:p>"
NESTED = TABLE.format(cell("a") + cell("b"))
ROWS: dict[str, tuple[list[list[str]], str]] = {
    "one line each": ([["이름"], [""], ["나이"]], "이름\t\t나이"),
    "blank lines around one": ([["", "이름", ""], ["나이", ""]], "이름\t나이"),
    "a block behind a label": ([["2019"], ["Acme", "Engineer"]], "2019\tAcme\nEngineer"),
    "columns of a layout": ([["SKILLS", "Go"], ["EXPERIENCE", "Acme"]], "SKILLS\nGo\nEXPERIENCE\nAcme"),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_cell_of_many_lines_is_a_block_of_its_own(name: str) -> None:
    cells, wanted = ROWS[name]
    word = "".join(f"<w:tc>{''.join(map(made.word_paragraph, lines))}</w:tc>" for lines in cells)
    hancom = "".join(f"<hp:tc>{''.join(map(LINE.format, lines))}</hp:tc>" for lines in cells)
    for data in (
        made.docx(TABLE.format(word) + made.word_paragraph("behind")),
        made.hwpx(f"<hp:tbl><hp:tr>{hancom}</hp:tr></hp:tbl>{LINE.format('behind')}"),
    ):
        assert read_document(data).text.rstrip("\n") == f"{wanted}\nbehind"


def test_a_table_in_a_cell_keeps_its_rows() -> None:
    inside = f"<w:tc>{made.word_paragraph('SKILLS')}{NESTED}</w:tc>"
    text = read_document(made.docx(TABLE.format(inside + cell("beside")))).text
    assert text.strip() == "SKILLS\na\tb\nbeside"


def test_a_page_may_end_inside_a_cell() -> None:
    broken = '<w:tc><w:p><w:r><w:t>a</w:t><w:br w:type="page"/><w:t>b</w:t></w:r></w:p></w:tc>'
    read = read_document(made.docx(TABLE.format(cell("x") + broken + cell("c"))))
    assert [page.text.strip() for page in read.pages] == ["x\ta", "b\tc"]


def test_breaks_of_pages_and_lines_are_kept() -> None:
    body = '<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:br w:type="page"/><w:t>d</w:t></w:r></w:p>'
    assert [page.text.strip() for page in read_document(made.docx(body)).pages] == ["a\nb\tc", "d"]


def test_deleted_text_and_field_codes_are_left_out() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:r><w:instrText>PAGE</w:instrText><w:t>kept</w:t></w:r></w:p>"
    )
    assert read_document(made.docx(body)).text.strip() == "kept"


def test_hidden_text_is_left_out() -> None:
    """What whoever opens the file does not see wins no comparison."""
    runs = [("", "seen "), ("<w:vanish/>", "hidden "), ('<w:vanish w:val="0"/>', "kept "), ("", "behind")]
    body = "".join(f'<w:r><w:rPr>{is_so}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>' for is_so, text in runs)
    paragraph = f"<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{body}</w:p>"
    assert read_document(made.docx(paragraph)).text.strip() == "seen kept behind"


def test_an_hwpx_gives_its_sections() -> None:
    first = "<hp:p><hp:run><hp:t>이력서<hp:tab/>개발</hp:t></hp:run></hp:p>"
    second = '<hp:p pageBreak="1"><hp:run><hp:t>둘째 쪽</hp:t></hp:run></hp:p>'
    read = read_document(made.hwpx(first + second))
    assert (read.kind, [page.text.strip() for page in read.pages]) == (FileKind.HWPX, ["이력서\t개발", "둘째 쪽"])


@pytest.mark.parametrize("flags", [0, 1])
def test_an_hwp_gives_its_paragraphs(flags: int) -> None:
    drawn = "\u000b" + "x" * 6 + "\u000b"
    body = made.hwp_record(66, b"\0" * 22) + made.hwp_text("이력서") + made.hwp_text(f"그림{drawn} 뒤\n다음 줄")
    read = read_document(made.hwp(made.packed(body) if flags else body, flags=flags))
    assert (read.kind, read.text.strip()) == (FileKind.HWP, "이력서\n그림 뒤\n다음 줄")


def test_a_long_record_of_an_hwp_is_read() -> None:
    assert read_document(made.hwp(made.packed(made.hwp_text("가" * 5000)))).text.strip() == "가" * 5000


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp949"])
def test_a_text_is_read_in_its_own_encoding(name: str) -> None:
    read = read_document("이력서\r\n개발자 2019\f둘째".encode(name))
    assert (read.kind, [page.text for page in read.pages]) == (FileKind.TXT, ["이력서\n개발자 2019", "둘째"])


@pytest.mark.parametrize("name", ["resume.pdf", "resume.docx", "resume.exe", "resume"])
def test_the_name_of_a_file_says_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(made.docx(made.word_paragraph("told by content")))
    assert read_document(tmp_path / name).kind is FileKind.DOCX


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        read_document(tmp_path / "none.pdf")


def test_every_place_is_found_on_its_page() -> None:
    read = document(FileKind.TXT, ["ab", "", "cde"])
    assert read.text == "ab\n\ncde"
    assert [read.locate(place) for place in range(8)] == [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (2, 0),
        (2, 1),
        (2, 2),
        (2, 3),
    ]
    with pytest.raises(IndexError):
        read.locate(8)


def test_text_is_made_plain() -> None:
    assert clean("a\x00b\x07\r\nc\u2028d\ud800e\u1112\u1161\u11ab  \n\n\n\n\nf") == "ab\nc\nd\ufffde한\n\n\nf"


def test_pairs_of_surrogates_become_their_character() -> None:
    assert clean("\ud83d\ude00") == "\U0001f600"


def _resumes() -> list[Path]:
    return [
        *sorted((shared_dir() / "data" / "resumes" / "pdf").glob("*"))[:4],
        *sorted((shared_dir() / "data" / "resumes" / "docx").glob("*"))[:4],
    ]


def test_real_resumes_give_their_text_the_same_each_time() -> None:
    first: list[Document] = [read_document(path) for path in _resumes()]
    assert all(len(read.text) > 500 for read in first)
    assert [read_document(path) for path in _resumes()] == first
