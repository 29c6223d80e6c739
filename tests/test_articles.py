"""Text to article: cleaning, zones, datelines, sources, bylines, page furniture."""

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.articles import MAX_CHARACTERS, article_from_text, read_articles
from relgraph.articles.datelines import find_dates, read_dateline
from relgraph.articles.furniture import is_furniture
from relgraph.articles.rules import (
    any_of,
    byline_rules,
    caption_rules,
    dateline_rules,
    furniture_rules,
)
from relgraph.articles.signs import is_byline, is_caption
from relgraph.errors import RelgraphError
from relgraph.model import Article, ZoneKind

LEAD = "Ngoại trưởng hai nước vừa có cuộc trao đổi dài hơn dự kiến về hồ sơ hạt nhân và an ninh vùng Vịnh."
BODY = "Phía Tehran cho rằng mọi vướng mắc còn lại đều có thể được giải quyết bằng thương lượng trong mùa hè này."
MORE = (
    "Moskva thì nhắc lại rằng họ muốn một văn bản ngắn gọn, có thời hạn rõ ràng và có cơ chế giám sát chung."
)


def article(*lines: str, title: str | None = None) -> Article:
    return article_from_text("\n\n".join(lines), article_id="a", title=title)


def kinds(found: Article) -> dict[str, ZoneKind]:
    return {found.text[zone.start : zone.end]: zone.kind for zone in found.zones}


def readable(found: Article) -> list[str]:
    return [found.text[z.start : z.end] for z in found.zones if z.kind is not ZoneKind.FURNITURE]


# --- the stored text --------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_zones_are_ordered_and_cover_all_that_is_not_blank(text: str) -> None:
    try:
        found = article_from_text(text, article_id="a")
    except RelgraphError:
        assert not text.replace("\ufeff", "").strip()
        return
    end = 0
    for zone in found.zones:
        assert found.text[end : zone.start].strip() == ""
        assert zone.start < zone.end
        assert "\n" not in found.text[zone.start : zone.end]
        end = zone.end
    assert end == len(found.text)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1))
def test_clean_text_is_stored_unchanged(text: str) -> None:
    clean = unicodedata.normalize("NFC", "Nga " + text + " Iran")
    assert article_from_text(clean, article_id="a").text == clean


def test_text_is_cleaned() -> None:
    found = article_from_text("\ufeff\r\nTê\u0301t\rở Tehran \r\n\r\n", article_id="a")
    assert found.text == "Tết\nở Tehran"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" \n\ufeff", "empty"),
        ("Nga\0Iran", "zero bytes"),
        ("Nga \ud800 Iran", "surrogate"),
        ("a" * (MAX_CHARACTERS + 1), "1,000,001 characters"),
    ],
)
def test_unusable_text_is_refused(text: str, problem: str) -> None:
    with pytest.raises(RelgraphError, match=problem) as caught:
        article_from_text(text, article_id="a", path="news/a.txt")
    assert str(caught.value).startswith("news/a.txt: ")
    assert "\n" not in str(caught.value)


def test_given_metadata_wins() -> None:
    found = article_from_text(
        f"Hội đàm ở Sochi\n04:09 05/04/2018\n(CLO) {LEAD}\n{BODY}\nMinh Anh",
        article_id="x",
        published=date(2018, 4, 6),
        title="Hội đàm ở Sochi | Trang tin",
        source="Trang tin",
        url="https://vov.vn/a",
        byline="Ban Thế giới",
    )
    assert (found.published, found.source, found.byline) == (date(2018, 4, 6), "Trang tin", "Ban Thế giới")
    assert found.title == "Hội đàm ở Sochi | Trang tin"
    assert kinds(found)["Hội đàm ở Sochi"] is ZoneKind.HEADLINE


# --- the rules' own examples ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "example"), [(r.pattern, e) for r in furniture_rules().patterns for e in r.examples]
)
def test_furniture_examples(pattern: str, example: str) -> None:
    assert any_of([pattern]).fullmatch(example)
    assert is_furniture(example)


@pytest.mark.parametrize("example", [e for r in byline_rules().patterns for e in r.examples])
def test_byline_examples(example: str) -> None:
    assert is_byline(example)


@pytest.mark.parametrize("example", [e for r in caption_rules().endings for e in r.examples])
def test_caption_examples(example: str) -> None:
    assert is_caption(example)


@pytest.mark.parametrize(
    ("text", "day"), [pair for r in dateline_rules().dates for pair in r.examples.items()]
)
def test_date_examples(text: str, day: date) -> None:
    assert [found for _, _, found in find_dates(text)] == [day]


@pytest.mark.parametrize(
    "line",
    [
        "Ảnh: Bộ Ngoại giao không bình luận về tin này, theo lời người phát ngôn của họ hôm qua",
        "Nga bình luận",
        "Iran trả lời ý kiến của Nga",
        "Chia sẻ tin tức tình báo là một phần của thỏa thuận",
        "Tehran",
        "S-400",
        "Trang bị mới của hải quân Iran",
        "Tin tặc Nga bị cáo buộc",
        "Xem thêm tài liệu, ông Lavrov nói: hai nước cần một hiệp ước mới",
        "Video cho thấy tàu chiến Nga cập cảng Bandar Abbas",
        "Theo dõi sát tình hình Iran",
    ],
)
def test_the_articles_own_words_are_not_furniture(line: str) -> None:
    assert not is_furniture(line)


# --- datelines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Thứ tư, 13/10/2021 09:12 AM - 3 Trả lời", date(2021, 10, 13)),
        ("04:09 05/04/2018", date(2018, 4, 5)),
        ("05/04/2018 04:09", date(2018, 4, 5)),
        ("17:30 | 02/10/2025", date(2025, 10, 2)),
        ("Thứ Ba, ngày 3/5/2022 - 07:15 (GMT+7)", date(2022, 5, 3)),
        ("2018-04-05T04:09", date(2018, 4, 5)),
        ("2018-04-05T04:09:00+07:00", date(2018, 4, 5)),
        ("Cập nhật lúc 15:43, ngày 20/10/2021", date(2021, 10, 20)),
        ("Cập nhật lúc: 20/10/2021", date(2021, 10, 20)),
        ("Ngày đăng: 20/10/2021", date(2021, 10, 20)),
        ("Đăng lúc: 15h43 ngày 20.10.2021", date(2021, 10, 20)),
        ("Hà Nội, ngày 5 tháng 4 năm 2018", date(2018, 4, 5)),
        ("Thứ sáu, ngày 13/09/2013", date(2013, 9, 13)),
        ("07:31' 05-01-2016", date(2016, 1, 5)),
        ("Thứ bảy 21/03/2026 10:06 GMT + 7", date(2026, 3, 21)),
        ("Thế giới Thứ tư, 11/9/2013, 09:37 (GMT+7)", date(2013, 9, 11)),
        ("date 2025-07-21 Quốc tế", date(2025, 7, 21)),
        ("T.4, 20/10/2021 | 15:43", date(2021, 10, 20)),
        ("Chủ nhật, 01/05/2016, 08:00 SA", date(2016, 5, 1)),
        ("Lê Minh - 06/06/2017 19:20", date(2017, 6, 6)),
        ("VOV.VN | 06/06/2017", date(2017, 6, 6)),
        ("20 Tháng Mười 2021", date(2021, 10, 20)),
        ("1.204 lượt xem - 06/06/2017 19:20", date(2017, 6, 6)),
    ],
)
def test_datelines_of_the_press(line: str, day: date) -> None:
    found = read_dateline(line)
    assert found
    assert found.day == day
    for lines in ((line, "Hội đàm ở Sochi"), ("Hội đàm ở Sochi", line), ("Hội đàm ở Sochi", LEAD, line)):
        whole = article(*lines, BODY, MORE)
        if found.certain or lines[-1] != line or len(lines) < 3:
            assert whole.published == day
            assert kinds(whole)[line] is ZoneKind.DATELINE
        assert whole.title == "Hội đàm ở Sochi"


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 4/4",
        "Ngày 4/4, hai ngoại trưởng gặp nhau ở Sochi",
        "Ngày 4/4/2018, hai ngoại trưởng gặp nhau ở Sochi",
        "Tin tức thế giới ngày 20/10/2021",
        "31/2/2018 10:00",
        "4/25/2018",
        "Thứ tư, 15:43",
        "Nghị quyết 2231/2015 của Hội đồng Bảo an",
        "10/10/10000",
    ],
)
def test_lines_that_give_no_publication_date(line: str) -> None:
    assert read_dateline(line) is None
    assert article("Hội đàm ở Sochi", line, LEAD, BODY).published is None


def test_dates_in_the_body_are_no_publication_date() -> None:
    found = article(
        "Ba mươi năm quan hệ", LEAD, "20/10/2001", BODY, "05/04/2018", MORE, "Thứ tư, 2/10/2019", BODY
    )
    assert found.published is None
    assert kinds(found)["20/10/2001"] is ZoneKind.BODY


def test_an_article_without_date_is_undated() -> None:
    assert article("Hội đàm ở Sochi", LEAD, BODY).published is None


def test_the_articles_own_date_comes_before_the_pages_clock_and_before_updates() -> None:
    assert article("Thứ Hai, 29/04/2024", "Hội đàm ở Sochi", "04:09 05/04/2018", LEAD).published == date(
        2018, 4, 5
    )
    updated = article("Hội đàm ở Sochi", "Cập nhật 07:00 09/04/2018", "Ngày đăng: 04:09 05/04/2018", LEAD)
    assert updated.published == date(2018, 4, 5)


def test_a_date_at_the_foot_counts_where_the_head_has_none() -> None:
    found = article("Hội đàm ở Sochi", LEAD, BODY, MORE, "Lê Minh | 22:45 02/07/2017")
    assert found.published == date(2017, 7, 2)


def test_a_date_that_runs_on_into_the_headline() -> None:
    found = article("03/10/2018 09:37Hai ngoại trưởng hội đàm ở Sochi", LEAD, BODY)
    assert found.published == date(2018, 10, 3)
    assert found.title == "Hai ngoại trưởng hội đàm ở Sochi"
    assert found.zones[0].kind is ZoneKind.HEADLINE


# --- headline, lead, captions, bylines, sources -----------------------------------------------------------


def test_zones_of_an_ordinary_article() -> None:
    caption = "Hai ngoại trưởng bắt tay trước giờ họp. Ảnh: AFP"
    found = article("Hội đàm ở Sochi", caption, LEAD, "Thêm thời gian", BODY, "Lê Minh (theo TASS)")
    assert [zone.kind for zone in found.zones] == [
        ZoneKind.HEADLINE,
        ZoneKind.CAPTION,
        ZoneKind.LEAD,
        ZoneKind.BODY,
        ZoneKind.BODY,
        ZoneKind.BYLINE,
    ]
    assert found.title == "Hội đàm ở Sochi"
    assert found.byline == "Lê Minh (theo TASS)"


def test_text_that_is_one_paragraph_has_no_headline() -> None:
    found = article(LEAD)
    assert found.title is None
    assert found.zones[0].kind is ZoneKind.BODY


def test_body_alone_under_a_given_title_begins_with_the_lead() -> None:
    found = article("Bước tiến nhỏ", LEAD, BODY, title="Hội đàm ở Sochi")
    assert kinds(found)[LEAD] is ZoneKind.LEAD
    assert kinds(found)["Bước tiến nhỏ"] is ZoneKind.BODY


def test_a_pictures_title_and_caption_are_captions_both() -> None:
    twice = "Đoàn tàu chở hàng đầu tiên tới ga Rasht"
    found = article("Hội đàm ở Sochi", LEAD, twice, twice, BODY, MORE)
    assert kinds(found)[twice] is ZoneKind.CAPTION


@pytest.mark.parametrize(
    "line", ["Quốc Thiên", "TTXVN/Báo Tin tức", "Theo Reuters", "(Vietnam+)", "Vũ Hà/VOV-Moskva"]
)
def test_bylines_at_the_end(line: str) -> None:
    found = article("Hội đàm ở Sochi", LEAD, BODY, line)
    assert found.byline == line
    assert kinds(found)[line] is ZoneKind.BYLINE


def test_byline_under_the_headline() -> None:
    found = article("Hội đàm ở Sochi", "Lê Minh Anh", "04:09 05/04/2018", LEAD, BODY)
    assert found.byline == "Lê Minh Anh"


@pytest.mark.parametrize(
    "line", ["Nga - Iran", "Kết luận", "Hai bên sẽ gặp lại nhau.", "Còn nhiều việc phải làm"]
)
def test_last_lines_that_sign_nothing(line: str) -> None:
    assert article("Hội đàm ở Sochi", LEAD, BODY, line).byline is None


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (("(CLO) " + LEAD, BODY), "Công Luận"),
        (("VOV.VN - " + LEAD, BODY), "VOV"),
        (("(Dân trí) - " + LEAD, BODY), "Dân trí"),
        ((LEAD, BODY, "TTXVN"), "Vietnam News Agency"),
        ((LEAD, BODY, "TTXVN/Báo Tin tức"), "Báo Tin tức"),
        ((LEAD, BODY, "Lê Minh (theo Tuổi Trẻ)"), "Tuổi Trẻ"),
        ((LEAD, BODY, "Nguồn: Vietnam+"), "VietnamPlus"),
        ((LEAD, BODY, "Theo Reuters"), None),
        ((LEAD + " Theo VOV, đó là bước tiến.", BODY), None),
    ],
)
def test_sources(lines: tuple[str, ...], source: str | None) -> None:
    assert article("Hội đàm ở Sochi", *lines).source == source


def test_source_from_the_address() -> None:
    found = article_from_text(LEAD, article_id="a", url="https://www.qdnd.vn/quoc-te/a-1")
    assert found.source == "Quân đội nhân dân"


# --- furniture --------------------------------------------------------------------------------------------

TEASERS = [
    ("Bão lớn đổ bộ vào bờ đông nước Mỹ", "Hơn một triệu hộ dân mất điện sau khi bão quét qua trong đêm."),
    ("Đội tuyển Brazil thay huấn luyện viên", "Quyết định được đưa ra sau chuỗi trận đáng thất vọng."),
    ("Giá dầu giảm phiên thứ ba liên tiếp", "Nhà đầu tư lo ngại nhu cầu yếu đi vào cuối năm."),
]
HEAD = ("Hội đàm ở Sochi", "04:09 05/04/2018", LEAD, BODY, MORE)


@pytest.mark.parametrize(
    "marker",
    [
        "Tin khác",
        "TIN CÙNG CHUYÊN MỤC:",
        "► Có thể bạn quan tâm",
        "Đọc nhiều nhất",
        "Bình luận (3)",
        "Tin mới nhất »",
    ],
)
def test_all_after_an_end_marker_is_furniture(marker: str) -> None:
    tail = [line for teaser in TEASERS for line in teaser]
    assert readable(article(*HEAD, "Lê Minh", marker, *tail)) == [*HEAD, "Lê Minh"]


def test_related_marker_in_the_body_takes_only_its_teasers() -> None:
    found = article(*HEAD[:4], "Bài liên quan", TEASERS[0][0], TEASERS[1][0], MORE, "Lê Minh")
    assert readable(found) == [*HEAD[:4], MORE, "Lê Minh"]
    assert readable(article(*HEAD[:4], "Bài liên quan", f'"{MORE}"')) == [*HEAD[:4], f'"{MORE}"']


def test_related_marker_after_the_byline_ends_the_article() -> None:
    tail = [line for teaser in TEASERS for line in teaser]
    assert readable(article(*HEAD, "Lê Minh", "Tin liên quan", *tail)) == [*HEAD, "Lê Minh"]


def test_teasers_without_marker_whose_headlines_stand_twice() -> None:
    tail = [line for title, lead in TEASERS for line in (title, title, lead, "Thế giới 24h")]
    assert readable(article(*HEAD, *tail)) == [*HEAD]
    assert readable(article(*HEAD, *tail, "Quảng cáo", "Hotline: 0900 000 000", "Lên đầu trang")) == [*HEAD]


def test_teasers_without_marker_that_open_with_the_outlets_sign() -> None:
    tail = [line for title, lead in TEASERS for line in (title, f"(CLO) {lead}")]
    head = (*HEAD[:2], f"(CLO) {LEAD}", BODY, MORE)
    assert readable(article(*head, *tail)) == [*head]


def test_headlines_after_the_byline() -> None:
    assert readable(article(*HEAD, "Theo TTXVN", *(title for title, _ in TEASERS))) == [*HEAD, "Theo TTXVN"]


def test_markers_in_the_pages_head_end_nothing() -> None:
    found = article("Thế giới", "Hội đàm ở Sochi", "0 Bình luận", "Tin mới", LEAD, BODY, MORE)
    assert readable(found) == ["Hội đàm ở Sochi", LEAD, BODY, MORE]


def test_a_comment_button_in_the_middle_ends_nothing() -> None:
    found = article(
        "Hội đàm ở Sochi", LEAD, "Bình luận", BODY, MORE, BODY + " Rồi thôi.", MORE + " Rồi thôi."
    )
    assert len(readable(found)) == 6


def test_lists_of_headlines_before_the_article() -> None:
    bullets = [line for title, _ in TEASERS for line in ("-", title)]
    assert article(*bullets, *HEAD).title == "Hội đàm ở Sochi"


def test_single_lines_of_furniture() -> None:
    lines = [
        "Trang chủ > Thế giới",
        "Facebook Twitter Zalo",
        "Sao chép liên kết",
        "hai ngoai truong bat tay o sochi hinh 1",
        "Hội đàm ở Sochi - Ảnh 2.",
        "Thế giới 24h",
        "Đăng ký nhận bản tin qua email mỗi sáng",
        "0 Trả lời",
        "Quảng cáo",
        "Video:",
    ]
    assert readable(article("Hội đàm ở Sochi", lines[0], LEAD, *lines[1:], BODY)) == [
        "Hội đàm ở Sochi",
        LEAD,
        BODY,
    ]


def test_pictures_with_captions_are_not_teasers() -> None:
    first, second = "Ông Lavrov tại sân bay Tehran. Ảnh: TASS", "Hai đoàn trong phòng họp. Ảnh: IRNA"
    lines = [*HEAD, first, first, BODY + " Rồi thôi.", second, second, MORE + " Rồi thôi."]
    assert readable(article(*lines)) == lines


# --- real articles ----------------------------------------------------------------------------------------


@pytest.mark.shared
def test_founding_articles(shared: Path) -> None:
    found = {each.id.split("_")[0]: each for each in read_articles([shared / "corpus" / "seeds"])}
    assert (found["000"].published, found["000"].source) == (date(2021, 10, 20), "Công Luận")
    assert (found["002"].published, found["002"].byline) == (date(2018, 4, 5), "TTXVN/Báo Tin tức")
    text = "\n".join(readable(found["000"]))
    assert not any(name in text for name in ("Houthi", "Gaza", "Blinken", "Zelensky", "29/4"))
    assert sum(zone.kind is ZoneKind.FURNITURE for zone in found["002"].zones) == 0


@pytest.mark.shared
@pytest.mark.parametrize("gold", ["gold-dev", "gold-train"])
def test_nothing_that_counts_is_furniture(shared: Path, gold: str) -> None:
    folders = [shared / "corpus" / name for name in ("seeds", "dev", "train")]
    articles = {each.id: each for each in read_articles(folders)}
    for path in (shared / "eval" / gold).glob("*.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        found = articles[document["id"]]
        spans = (
            document["mentions"] + document["timexes"] + [event["trigger"] for event in document["events"]]
        )
        for span in spans:
            assert found.text[span["start"] : span["end"]] == span["text"]
            zone = found.zone_at(span["start"])
            assert zone
            assert zone.kind is not ZoneKind.FURNITURE, (document["id"], span["text"])
