"""Readers, batches, encodings, and what is said about input that can't be used."""

import csv
import io
import json
import os
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.articles import MAX_CHARACTERS, read_articles
from relgraph.articles.encoding import decode
from relgraph.articles.text import clean_text
from relgraph.errors import RelgraphError
from relgraph.model import Article, ZoneKind

TEXT = (
    "Hội đàm ở Sochi\n"
    "04:09 05/04/2018\n"
    "Ngoại trưởng hai nước vừa có cuộc trao đổi dài hơn dự kiến về hồ sơ hạt nhân và an ninh vùng Vịnh.\n"
    "Phía Tehran cho rằng mọi vướng mắc còn lại đều có thể được giải quyết bằng thương lượng trong hè này."
)
PAGE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Hội đàm ở Sochi | Trang tin</title>
<meta property="og:title" content="Hội đàm ở Sochi"><meta property="og:site_name" content="Trang tin">
<meta property="article:published_time" content="2018-04-05T04:09:00+07:00">
<link rel="canonical" href="https://trangtin.example/hoi-dam.html"></head><body>
<nav><a href="/">Trang chủ</a><a href="/tg">Thế giới</a></nav>
<article><h1>Hội đàm ở Sochi</h1><span class="time">Thứ năm, 05/04/2018 04:09 (GMT+7)</span>
<p>Ngoại trưởng hai nước vừa có cuộc trao đổi dài hơn dự kiến về hồ sơ hạt nhân và an ninh vùng Vịnh.</p>
<p>Phía Tehran cho rằng mọi vướng mắc còn lại đều có thể được giải quyết bằng thương lượng trong hè này,
nhất là sau khi hai bên trao đổi danh sách các cơ sở được phép thanh sát từ đầu tháng sau.</p>
<p>Moskva thì nhắc lại rằng họ muốn một văn bản ngắn gọn, có thời hạn rõ ràng và có cơ chế giám sát chung.</p>
</article><footer>Bản quyền: Trang tin</footer></body></html>"""


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read_all(*paths: str | Path, stdin: bytes | None = None) -> tuple[list[Article], list[RelgraphError]]:
    errors: list[RelgraphError] = []
    stream = io.BytesIO(stdin) if stdin is not None else None
    return list(read_articles(paths, on_error=errors.append, stdin=stream)), errors


def windows_1258(text: str) -> bytes:
    """Encode as Windows does: letters with circumflex, breve or horn are one byte, tone marks another."""
    encoded = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", parts.replace(tone, ""))
            encoded += (base + tone).encode("cp1258")
    return bytes(encoded)


# --- formats ----------------------------------------------------------------------------------------------


def test_text_file(tmp_path: Path) -> None:
    path = write(tmp_path / "sochi.txt", TEXT)
    (found,) = read_articles([path])
    assert (found.id, found.text, found.path) == ("sochi", TEXT, str(path))
    assert (found.title, found.published) == ("Hội đàm ở Sochi", date(2018, 4, 5))


@pytest.mark.parametrize("suffix", [".html", ".htm"])
def test_web_page(tmp_path: Path, suffix: str) -> None:
    (found,) = read_articles([write(tmp_path / f"page{suffix}", PAGE)])
    assert (found.id, found.title, found.published) == ("page", "Hội đàm ở Sochi", date(2018, 4, 5))
    assert (found.source, found.url) == ("Trang tin", "https://trangtin.example/hoi-dam.html")
    lines = found.text.split("\n")
    assert lines[:2] == ["Hội đàm ở Sochi", "Thứ năm, 05/04/2018 04:09 (GMT+7)"]
    assert len(lines) == 5
    assert [zone.kind for zone in found.zones[:3]] == [ZoneKind.HEADLINE, ZoneKind.DATELINE, ZoneKind.LEAD]


def test_web_page_that_prints_and_gives_no_date(tmp_path: Path) -> None:
    page = PAGE.replace("Thứ năm, 05/04/2018 04:09 (GMT+7)", "").replace("2018-04-05T04:09:00+07:00", "")
    page = page.replace("Moskva thì", "Ngày 2/3/2017, Moskva")
    (found,) = read_articles([write(tmp_path / "page.html", page)])
    assert found.published is None


def test_json_lines(tmp_path: Path) -> None:
    records = [
        {
            "id": "x1",
            "text": TEXT,
            "date": "2019-01-02",
            "title": "Hội đàm",
            "source": "S",
            "url": "https://a.example",
        },
        {"content": TEXT + " Hết.", "published": None},
        {"id": 7, "body": TEXT + " Thế thôi."},
    ]
    content = "\n\n".join(
        json.dumps(record, ensure_ascii=number > 0) for number, record in enumerate(records)
    )
    path = write(tmp_path / "news.jsonl", content)
    first, second, third = read_articles([path])
    assert (first.id, first.published, first.title) == ("x1", date(2019, 1, 2), "Hội đàm")
    assert (first.source, first.url, first.path) == ("S", "https://a.example", f"{path}, line 1")
    assert (second.id, second.published, third.id) == ("news-3", date(2018, 4, 5), "7")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_table(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "news.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(["ID", "Title", "Content", "Date", "URL"])
        writer.writerow(["x1", "Hội đàm", TEXT, "02/01/2019", "https://a.example"])
        writer.writerow([])
        writer.writerow(["", "", TEXT + " Dài." * 50_000, "", ""])
    first, second = read_articles([path])
    assert (first.id, first.text, first.published, first.url) == (
        "x1",
        TEXT,
        date(2019, 1, 2),
        "https://a.example",
    )
    assert (second.id, second.path) == ("news-4", f"{path}, row 4")


@pytest.mark.parametrize(
    ("data", "article_id"),
    [
        (TEXT.encode(), "stdin"),
        (PAGE.encode(), "stdin"),
        (json.dumps({"id": "x1", "text": TEXT}).encode(), "x1"),
    ],
)
def test_standard_input(data: bytes, article_id: str) -> None:
    (found,) = read_articles(["-"], stdin=io.BytesIO(data))
    assert (found.id, found.title) == (article_id, "Hội đàm ở Sochi")


def test_sidecar_wins_and_is_no_article(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.html", PAGE)
    for name in "ab":
        sidecar = {
            "id": f"{name}-1",
            "published": "2020-02-03",
            "title": "Cuộc gặp",
            "source": "S",
            "url": "u",
        }
        write(tmp_path / f"{name}.json", json.dumps(sidecar))
    for found in read_articles([tmp_path]):
        assert found.id in {"a-1", "b-1"}
        assert (found.published, found.title, found.source, found.url) == (
            date(2020, 2, 3),
            "Cuộc gặp",
            "S",
            "u",
        )


# --- paths ------------------------------------------------------------------------------------------------


def test_folders_patterns_and_files_reached_twice(tmp_path: Path) -> None:
    for number, name in enumerate(
        ["b.txt", "a/z.txt", "a/c.TXT", "a/deep/d.txt", ".hidden/e.txt", "README.md"]
    ):
        write(tmp_path / name, f"{TEXT} {number}")
    found, errors = read_all(tmp_path, tmp_path / "b.txt", str(tmp_path / "a" / "*.txt"))
    assert [article.id for article in found] == ["c", "d", "z", "b"]
    assert not errors
    found, errors = read_all(str(tmp_path / "**" / "*.txt"))
    assert {article.id for article in found} == {"b", "z", "d"}


def test_reading_is_lazy(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{TEXT} {number}"}) for number in range(3)]
    stream = read_articles([write(tmp_path / "a.jsonl", "\n".join([*lines, "no JSON"]))])
    assert next(stream).id == "a-1"
    with pytest.raises(RelgraphError, match="line 4"):
        list(stream)


# --- bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \r\n\t", "the file is empty"),
        ("a.txt", b"\xef\xbb\xbf\n", "empty"),
        ("a.txt", b"%PDF-1.7\n...", "PDF"),
        ("a.txt", b"PK\x03\x04\x14\x00", "docx"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("a.html", b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        ("a.txt", bytes(range(256)) * 4, "binary"),
        ("a.txt", ("dài " * 300_000).encode(), f"{MAX_CHARACTERS:,}"),
        ("a.txt", ("dài " * 2_500_000).encode(), "4 MB"),
        ("a.txt", "Hội nghị ".encode() * 50 + b"\xff\xfe" + "ở Sochi".encode(), "byte 650"),
        (
            "a.txt",
            "Héi nghÞ bµn vÒ n¨ng l\xadîng t¹i thñ ®« n\xadíc b¹n vµ kÕt qu¶ b\xadíc ®Çu ".encode("latin-1")
            * 2,
            "legacy font",
        ),
        (
            "a.txt",
            "Héi nghÞ bµn vÒ n¨ng l\xadîng t¹i thñ ®« n\xadíc b¹n vµ kÕt qu¶ b\xadíc ®Çu " * 2,
            "legacy font",
        ),
        (
            "a.txt",
            ("Bộ trưởng Quốc phòng và phái đoàn " * 4).encode().decode("cp1252", "replace"),
            "Vietnamese words",
        ),
        ("a.html", "<html><body><div><a href='/'>Trang</a></div>", "no article text"),
        ("a.html", "<<<>>> <p", "no article text"),
        ("a.md", TEXT, "no reader"),
        ("a", TEXT, "type"),
        ("a.jsonl", b"", "empty"),
        ("a.csv", "title,date\nx,y\n", "no column for the text"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, name: str, content: str | bytes, problem: str) -> None:
    path = write(tmp_path / name, content)
    good = write(tmp_path / "good.txt", TEXT)
    found, errors = read_all(path, good)
    assert [article.id for article in found] == ["good"]
    (error,) = errors
    assert problem in error.problem
    assert error.remedy
    assert str(error).startswith(str(path))
    assert "\n" not in str(error)
    with pytest.raises(RelgraphError, match=name):
        list(read_articles([path]))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"text": "Nga', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('["Nga"]', "not a JSON object"),
        ('{"title": "Nga"}', "no text"),
        ('{"text": " "}', "no text"),
        ('{"text": ["Nga"]}', '"text" is not text'),
        ('{"text": "Nga \\ud800"}', "surrogate"),
        ('{"text": "Nga", "date": "hôm qua"}', 'the date "hôm qua"'),
        ('{"text": "Nga", "date": "31/2/2018"}', "31/2/2018"),
        ('{"text": "Hội đàm'.encode() + b'\xff"}', "can't be read"),
        (json.dumps({"text": "a" * (MAX_CHARACTERS + 1)}), "over the limit"),
    ],
)
def test_bad_lines_spoil_only_themselves(tmp_path: Path, line: str | bytes, problem: str) -> None:
    good = [json.dumps({"text": f"{TEXT} {number}"}, ensure_ascii=False).encode() for number in range(2)]
    bad = line.encode() if isinstance(line, str) else line
    path = write(tmp_path / "news.jsonl", b"\n".join([good[0], bad, good[1]]))
    found, (error,) = read_all(path)
    assert [article.id for article in found] == ["news-1", "news-3"]
    assert error.subject == f"{path}, line 2"
    assert problem in error.problem
    assert "\n" not in str(error)


def test_bad_rows_spoil_only_themselves(tmp_path: Path) -> None:
    rows = [
        "text,date",
        '"Nga và Iran",2018-04-05',
        ",2018-04-05",
        "Nga,x",
        "Nga, Iran,2018",
        '"Iran và Nga",',
    ]
    path = write(tmp_path / "news.csv", "\n".join(rows))
    found, errors = read_all(path)
    assert [article.id for article in found] == ["news-2", "news-6"]
    assert [error.subject for error in errors] == [f"{path}, row {row}" for row in (3, 4, 5)]
    assert ["no text" in errors[0].problem, '"x"' in errors[1].problem, "3 cells" in errors[2].problem] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("sidecar", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"published": "khi nào đó"}', "khi nào đó"),
        ('{"title": {}}', '"title" is not text'),
    ],
)
def test_bad_sidecar(tmp_path: Path, sidecar: str, problem: str) -> None:
    path = write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "a.json", sidecar)
    found, (error,) = read_all(path)
    assert not found
    assert error.subject == str(tmp_path / "a.json")
    assert problem in error.problem


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    missing, empty, pattern = str(tmp_path / "no.txt"), str(tmp_path / "empty"), str(tmp_path / "*.txt")
    found, errors = read_all(missing, empty, pattern, "-")
    assert not found
    assert [error.subject for error in errors] == [missing, empty, pattern, "standard input"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_path_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXT)
    path.chmod(0)
    assert "Permission denied" in read_all(path)[1][0].problem


def test_duplicates_name_both_files(tmp_path: Path) -> None:
    first, copy = write(tmp_path / "a.txt", TEXT), write(tmp_path / "b.txt", TEXT.replace("\n", "\r\n"))
    other = write(tmp_path / "more" / "a.txt", TEXT + " Khác.")
    found, errors = read_all(first, copy, other)
    assert [article.id for article in found] == ["a"]
    assert [error.subject for error in errors] == [str(copy), str(other)]
    assert all(str(first) in error.problem for error in errors)


# --- encodings --------------------------------------------------------------------------------------------

TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
SYLLABLES = st.builds(
    lambda onset, vowel, tone, coda: unicodedata.normalize("NFC", onset + vowel + tone + coda),
    st.sampled_from(["", "b", "ch", "đ", "Đ", "kh", "ngh", "Th", "tr", "v"]),
    st.sampled_from(list("aăâeêioôơuưyĂÂÊÔƠƯ")),
    st.sampled_from(TONES),
    st.sampled_from(["", "c", "ch", "m", "ng", "nh", "t"]),
)
VIETNAMESE = st.lists(SYLLABLES, min_size=1).map(" ".join)
ENCODERS = {
    "utf-8": str.encode,
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-8 decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "utf-16 little with mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16 big with mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16 little": lambda text: (text + " và Nga").encode("utf-16-le"),
    "utf-16 big": lambda text: (text + " và Nga").encode("utf-16-be"),
    "windows-1258": windows_1258,
}


@pytest.mark.parametrize("encoding", ENCODERS)
@given(text=VIETNAMESE)
def test_vietnamese_reads_back_from_each_encoding(encoding: str, text: str) -> None:
    read = clean_text(decode(ENCODERS[encoding](text), "a.txt"))
    assert read.removesuffix(" và Nga") == clean_text(text).removesuffix(" và Nga")


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("suffix", ["txt", "html", "jsonl", "csv"])
def test_each_format_in_each_encoding(tmp_path: Path, suffix: str, encoding: str) -> None:
    contents = {
        "txt": TEXT,
        "html": PAGE,
        "jsonl": json.dumps({"text": TEXT}, ensure_ascii=False),
        "csv": f'title,text\nHội đàm ở Sochi,"{TEXT}"',
    }
    data = ENCODERS[encoding](contents[suffix])
    if suffix == "jsonl" and encoding in {"utf-16 little", "utf-16 big"}:
        data = contents[suffix].encode("utf-16-le" if "little" in encoding else "utf-16-be")
    (found,) = read_articles([write(tmp_path / f"a.{suffix}", data)])
    assert found.title == "Hội đàm ở Sochi"
    assert "Phía Tehran cho rằng mọi vướng mắc" in found.text
