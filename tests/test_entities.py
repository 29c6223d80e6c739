"""Names are found with the spans and types of the annotation guidelines, whether or not a list knows them."""

import unicodedata
from itertools import pairwise

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.util import registry

import relgraph.nlp.entities
import relgraph.nlp.language
import relgraph.nlp.sentences
import relgraph.nlp.tagger  # noqa: F401 - registers the component
from relgraph.model import EntityType
from relgraph.nlp.names import NameMatcher, fold, units

KNOWN = (
    *(
        (name, EntityType.GPE)
        for name in ("Nga", "Iran", "Mỹ", "Anh", "Syria", "Thổ Nhĩ Kỳ", "Tehran", "Voronezh", "Trung")
    ),
    *((name, EntityType.PER) for name in ("Vladimir Putin", "Putin", "Rouhani", "Sheikh Tamim")),
    *(
        (name, EntityType.ORG)
        for name in ("AFP", "TTXVN", "Liên hợp quốc", "Nhà nước Hồi giáo", "Điện Kremlin")
    ),
    ("Tổ chức Hợp tác Thượng Hải", EntityType.ORG),
    ("Trung Đông", EntityType.LOC),
    ("Voronezh", EntityType.MISC),
    ("khủng hoảng Syria", EntityType.EVT),
    ("cuộc chiến Syria", EntityType.EVT),
    ("Đại sứ quán Nga tại Mỹ", EntityType.ORG),
)


@registry.misc("relgraph.test_names.v1")
def known_names() -> tuple[tuple[str, EntityType], ...]:
    return KNOWN


def pipeline(**config: object) -> Language:
    nlp = spacy.blank("vi_relgraph")
    for component in ("relgraph_sentences", "relgraph_tagger"):
        nlp.add_pipe(component)
    nlp.add_pipe("relgraph_entities", config=config)
    return nlp


NLP = pipeline(names={"@misc": "relgraph.test_names.v1"})
NO_NAMES = pipeline()


def names(text: str, nlp: Language = NLP) -> list[tuple[str, str]]:
    return [(mention.text, mention.type.value) for mention in nlp(text)._.mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # titles, honorifics and classifiers stay outside
        ("Hôm qua, Tổng thống Nga Vladimir Putin gặp ông Rouhani.", "Nga/GPE Vladimir Putin/PER Rouhani/PER"),
        (
            "Bộ trưởng Quốc phòng Nga Andrei Belousov tới thủ đô Tehran.",
            "Nga/GPE Andrei Belousov/PER Tehran/GPE",
        ),
        ("Sheikh Tamim thăm nước Nga.", "Tamim/PER Nga/GPE"),
        # a state's short form is a name beside a dash only
        ("Quan hệ Thổ Nhĩ Kỳ - Trung và Trung-Nga ấm lên.", "Thổ Nhĩ Kỳ/GPE Trung/GPE Trung/GPE Nga/GPE"),
        ("Mưa lớn ở miền Trung và Nam - Trung - Bắc.", ""),
        # the longest name where names nest
        ("Theo Bộ Quốc phòng Nga, vụ thử thành công.", "Bộ Quốc phòng Nga/ORG"),
        ("Ông gặp Ủy ban Điều tra Nga hôm qua.", "Ủy ban Điều tra Nga/ORG"),
        ("Hai nước dự họp của Tổ chức Hợp tác Thượng Hải (SCO).", "Tổ chức Hợp tác Thượng Hải/ORG SCO/ORG"),
        # joined names and credits
        ("Quan hệ Nga-Iran và Thổ Nhĩ Kỳ – Nga nồng ấm.", "Nga/GPE Iran/GPE Thổ Nhĩ Kỳ/GPE Nga/GPE"),
        ("Lễ ký kết. Ảnh: AFP/TTXVN", "AFP/ORG TTXVN/ORG"),
        ("Lễ ký kết. (Nguồn: tehrantimes)", "tehrantimes/ORG"),
        # common nouns hold only the state
        ("Quân đội Nga rút đi, rồi quân đội Syria tiến vào.", "Nga/GPE Syria/GPE"),
        ("Các bên bàn về khủng hoảng Syria.", "Syria/GPE"),
        ("Lực lượng thuộc tổ chức Nhà nước Hồi giáo rút đi.", "Nhà nước Hồi giáo/ORG"),
        ("Ông tới Đại sứ quán Nga tại Mỹ.", "Đại sứ quán Nga/FAC Mỹ/GPE"),
        # one name, several types
        ("Người phát ngôn Điện Kremlin lên tiếng.", "Điện Kremlin/ORG"),
        ("Hai ông hội đàm tại Điện Kremlin.", "Điện Kremlin/FAC"),
        ("Nga bật radar Voronezh.", "Nga/GPE Voronezh/MISC"),
        ("Ông sinh ở Voronezh.", "Voronezh/GPE"),
        # weapons and places
        ("Iran thử tên lửa Khordad-15 và máy bay Su-35SE.", "Iran/GPE Khordad-15/MISC Su-35SE/MISC"),
        ("Khẩu M9-004 là súng đời mới.", "M9-004/MISC"),
        ("Tàu qua eo biển Hormuz và biển Caspi.", "eo biển Hormuz/LOC biển Caspi/LOC"),
        (
            "Tàu cách bờ biển Syria 9 km, gần bãi biển Zorvik, ở vịnh Tokyo.",
            "Syria/GPE Zorvik/GPE vịnh Tokyo/LOC",
        ),
        ("Tập trận trên biển Syria.", "Syria/GPE"),
        ("Tàu ở ngoài vịnh Zorvik, ven vịnh Tehran.", "vịnh Zorvik/LOC vịnh Tehran/LOC"),
        ("Tàu USS Hue City và HMS Prince of Wales tới.", "USS Hue City/MISC HMS Prince of Wales/MISC"),
        ("Tàu USS Zorvik Mỹ rời cảng.", "USS Zorvik/MISC Mỹ/GPE"),
        ("Nga sa lầy trong cuộc chiến Syria.", "Nga/GPE cuộc chiến Syria/EVT"),
        # what it is stays outside, also with a capital and where the knowledge base has it with the name
        ("Hệ thống tên lửa phòng không S-400 tới nơi.", "S-400/MISC"),
        ("Tỉnh Homs yên tĩnh.", "Homs/GPE"),
        ("Máy bay cất cánh từ căn cứ Belbek.", "Belbek/FAC"),
        ("Tên lửa đặt ở tỉnh Bắc Hamrin của Syria.", "Bắc Hamrin/GPE Syria/GPE"),
        ("Phiến quân rút khỏi căn cứ ở Deir Samaan.", "Deir Samaan/GPE"),
        # a noun with its qualifying words before an unknown name
        ("Công ty an ninh mạng Avrix cảnh báo.", "Avrix/ORG"),
        ("Iran thử hệ thống phòng thủ ZKD.", "Iran/GPE ZKD/MISC"),
        # a name written out up to its abbreviation
        (
            "Hai bên ký Hiệp định Đối tác toàn diện vùng vịnh (RVK).",
            "Hiệp định Đối tác toàn diện vùng vịnh/EVT RVK/EVT",
        ),
        ("Bộ Quốc phòng Nga cho biết đã phóng tên lửa (ICBM).", "Bộ Quốc phòng Nga/ORG"),
        ("Ông học ở Học viện Bách khoa Bremen.", "Học viện Bách khoa Bremen/ORG"),
        # foreign names written by their syllables
        (
            "Bộ trưởng Vích-to Pê-trốp-xki hội đàm với ông Ô-lếch Cu-xcốp.",
            "Vích-to Pê-trốp-xki/PER Ô-lếch Cu-xcốp/PER",
        ),
        ("Ông B.An Mu-ra-xép tới đây.", "B.An Mu-ra-xép/PER"),
        ("Công ty Ga-rô-phin xây cầu.", "Công ty Ga-rô-phin/ORG"),
        ("Ông học ở Học viện Bách khoa Xtốc-khôm.", "Học viện Bách khoa Xtốc-khôm/ORG"),
        ("Đô-la giảm giá.", ""),
        ("Cà-phê Trung Nguyên tăng giá.", ""),
        ("Khán giả khen Cát-xê của họ, theo bài Tin-ảnh hôm qua.", ""),
        # bylines in capitals, accented syllables in capitals
        ("LAN HƯƠNG (TTXVN)", "LAN HƯƠNG/PER TTXVN/ORG"),
        ("Toàn văn ở dưới. CẬN CẢNH vụ việc.", ""),
        # titles that hold a body's name leave it
        ("Giám đốc AFP từ chức.", "AFP/ORG"),
        # ordinary words with a capital
        ("Anh ấy nói rằng Putin sẽ tới.", "Putin/PER"),
        ("Ông đón khách ở Anh, nơi ông học.", "Anh/GPE"),
        ("Trong khi đó, Iran im lặng.", "Iran/GPE"),
    ],
)
def test_spans_and_types(text: str, expected: str) -> None:
    assert " ".join("/".join(name) for name in names(text)) == expected


def test_a_surname_has_the_type_of_the_full_name() -> None:
    text = "Nhà ngoại giao Kirill Dmitriev tới Tehran. Tại đây, Dmitriev gặp báo giới."
    assert names(text, NO_NAMES).count(("Dmitriev", "PER")) == 1


def test_a_surname_by_its_syllables_has_the_type_of_the_full_name() -> None:
    text = "Thứ trưởng Vích-to Pê-trốp-xki tới Tehran. Sau đó Pê-trốp-xki gặp báo giới."
    assert ("Pê-trốp-xki", "PER") in names(text, NO_NAMES)


def test_a_personal_name_keeps_a_syllable_that_is_a_state() -> None:
    assert names("Theo bà Nguyễn Thị Nga, hội thảo kết thúc.") == [("Nguyễn Thị Nga", "PER")]


def test_headlines_in_capitals_hold_known_names_only() -> None:
    assert names("TỔNG THỐNG NGA VÀ IRAN KÝ HIỆP ƯỚC MỚI") == [("NGA", "GPE"), ("IRAN", "GPE")]


def test_mentions_are_mirrored_to_spacy_entities() -> None:
    doc = NLP("Tổng thống Nga Vladimir Putin tới Tehran.")
    assert [(span.text, span.label_) for span in doc.ents] == names(doc.text)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*(name for name, _ in KNOWN), "ông", "nói", ",", ".", "\n", "-", "(", "“", "Ủy ban", "của"]
        ),
        min_size=1,
    )
)
def test_mentions_are_ordered_and_never_overlap(words: list[str]) -> None:
    text = "Tin " + " ".join(words)
    doc = NLP(text)
    mentions = doc._.mentions
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
    assert all(before.end <= after.start for before, after in pairwise(mentions))


@settings(max_examples=100, deadline=None)
@given(st.text().filter(str.strip))
def test_any_text_is_read(text: str) -> None:
    assert all(mention.text.strip() for mention in NLP(text)._.mentions)


def find(text: str, *listed: str) -> list[str]:
    row = units(text)
    matcher = NameMatcher((name, EntityType.ORG) for name in listed)
    return [text[row[match.first].start : row[match.last - 1].end] for match in matcher.find(text, row)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tại Liên Hợp Quốc hôm nay", "Liên hợp quốc"),
        ("tại LIÊN HỢP QUỐC hôm nay", "Liên hợp quốc"),
        ("ông Bashar Al–Assad nói", "Bashar al-Assad"),
        ("máy bay MiG 29 rơi", "MiG-29"),
        ("tỉnh Khánh Hoà hôm nay", "Khánh Hòa"),
        (unicodedata.normalize("NFD", "nước Thổ Nhĩ Kỳ hôm nay"), "Thổ Nhĩ Kỳ"),
    ],
)
def test_spellings_of_a_known_name(text: str, name: str) -> None:
    assert [fold(found).replace("-", " ") for found in find(text, name)] == [fold(name).replace("-", " ")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ngân hàng là nơi giữ tiền", "Ngân hàng"),
        ("Iranian", "Iran"),
        ("họ tới Nga. Mỹ phản đối", "Nga Mỹ"),
        ("thời gian is", "IS"),
    ],
)
def test_what_is_not_the_known_name(text: str, name: str) -> None:
    assert find(text, name) == []


def test_the_longest_name_wins() -> None:
    assert find("Hội đồng Bảo an Liên hợp quốc", "Liên hợp quốc", "Hội đồng Bảo an Liên hợp quốc") == [
        "Hội đồng Bảo an Liên hợp quốc"
    ]
