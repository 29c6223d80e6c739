"""Linking: names to entities, in the light of the article."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vocab import Vocab

from relgraph.articles import article_from_text
from relgraph.kb import KnowledgeBase
from relgraph.kb.linker import Linker
from relgraph.kb.misspelling import MisspeltNames
from relgraph.kb.transcription import distance
from relgraph.model import Entity, EntityType, Mention

TYPES = {entity_type.value: entity_type for entity_type in EntityType}


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(KnowledgeBase.load())


def link(linker: Linker, marked: str, published: date | None = None) -> list[Entity]:
    """Return the entity of each name in a text where names are written as [TYPE name]."""
    text, mentions = "", []
    for piece in marked.split("["):
        name, bracket, rest = piece.partition("]")
        if not bracket:
            text += piece
            continue
        entity_type, name = name.split(" ", 1)
        start = len(text)
        mentions.append(Mention(start=start, end=start + len(name), text=name, type=TYPES[entity_type]))
        text += name + rest
    doc = Doc(Vocab(), words=[text], spaces=[False])
    doc._.article = article_from_text(text, article_id="a", published=published)
    doc._.mentions = tuple(mentions)
    linker(doc)
    entities = {entity.id: entity for entity in doc._.entities}
    return [entities[mention.entity] for mention in doc._.mentions]


def names(entities: list[Entity]) -> list[str]:
    return [entity.name for entity in entities]


def test_known_names_get_their_canonical_label_and_wikidata_item(linker: Linker) -> None:
    russia, moscow = link(linker, "[GPE Liên bang Nga] và [GPE Mát-xcơ-va].")
    assert (russia.name, russia.kb, russia.key) == ("Russia", "Q159", "gpe/russia")
    assert (moscow.name, moscow.label_vi) == ("Moscow", "Moskva")


def test_a_capital_is_not_its_state(linker: Linker) -> None:
    assert names(link(linker, "[GPE Iran] cho biết [GPE Tehran] đồng ý.")) == ["Iran", "Tehran"]


@pytest.mark.parametrize("spelling", ["Sergey Shoigu", "Sergei Shoigu", "Sergej Shoygu"])
def test_other_romanisations_of_a_known_name_meet(linker: Linker, spelling: str) -> None:
    assert names(link(linker, f"Ông [PER {spelling}] phát biểu.")) == ["Sergey Shoigu"]


def test_likeness_does_not_make_two_people_one(linker: Linker) -> None:
    known, unknown = link(linker, "[PER Kim Jong-un] và [PER Kim Jong-ryul].")
    assert known.key != unknown.key
    assert unknown.kb is None


def test_a_surname_goes_to_its_bearer_in_the_article(linker: Linker) -> None:
    marked = "[PER Pavel Zhuravin] gặp [PER Oleg Bakatov]. Ông [PER Zhuravin] nói với ông [PER Bakatov]."
    first, second, third, fourth = link(linker, marked)
    assert (third, fourth) == (first, second)


def test_two_people_of_one_surname_stay_apart(linker: Linker) -> None:
    marked = (
        "[PER Ivan Petrakov] tới nơi. Ông [PER Petrakov] nói. "
        "[PER Olga Petrakova] và [PER Boris Petrakov] cũng tới. Ông [PER Petrakov] cười."
    )
    ivan, first, _, boris, second = link(linker, marked)
    assert first == ivan
    assert second == boris


def test_a_surname_that_stands_before_the_full_name_is_found_too(linker: Linker) -> None:
    headline, full = link(linker, "Ông [PER Zhuravin] thăm Iran\n[PER Pavel Zhuravin] tới Tehran.")
    assert headline == full


def test_an_unknown_name_is_new_and_keeps_its_key(linker: Linker) -> None:
    (here,) = link(linker, "[PER Arman Tolegenuly] có mặt.")
    (there,) = link(linker, "Theo ông [PER Arman Tolegenuly], mọi việc ổn.")
    assert (here.kb, here.key) == (None, "per/arman-tolegenuly")
    assert here.key == there.key


def test_an_abbreviation_in_brackets_is_the_name_before_it(linker: Linker) -> None:
    full, short, later = link(linker, "[ORG Quỹ Sáng kiến Biển Bắc] ([ORG QSB]) họp. [ORG QSB] nói.")
    assert full == short == later


def test_an_unknown_long_form_takes_the_known_abbreviation(linker: Linker) -> None:
    long_form, short = link(linker, "[ORG Khối Hợp tác Thượng Hải mở rộng] ([ORG SCO]) họp.")
    assert names([long_form, short]) == ["Shanghai Cooperation Organisation"] * 2


def test_a_state_body_made_by_rule_has_an_english_name(linker: Linker) -> None:
    (body,) = link(linker, "[ORG Bộ Du lịch Kazakhstan] thông báo.")
    assert (body.name, body.label_vi) == ("Ministry of Tourism of Kazakhstan", "Bộ Du lịch Kazakhstan")


def test_a_bare_body_belongs_to_the_state_named_before(linker: Linker) -> None:
    _, body = link(linker, "Tại [GPE Iran], [ORG Bộ Ngoại giao] ra thông cáo.")
    assert body.name == "Ministry of Foreign Affairs of Iran"


def test_a_bare_body_belongs_to_whose_people_stand_around(linker: Linker) -> None:
    told = (
        "[PER Donald Trump] gặp các nghị sĩ của [ORG đảng Cộng hòa] về [GPE Nga]; [ORG Thượng viện] sẽ bỏ phiếu, "
        "[PER John McCain] nói."
    )
    assert link(linker, told)[3].name == "United States Senate"


def test_a_person_known_by_just_this_name_is_not_the_longer_named_one(linker: Linker) -> None:
    told = (
        "[PER Donald Trump Jr.] gặp luật sư Nga. Tổng thống [PER Donald Trump] bênh con; [PER Trump] nói vậy."
    )
    son, father, again = link(linker, told)
    assert son.name == "Donald Trump Jr." and father.name == again.name == "Donald Trump"


def test_a_yearly_meeting_is_the_one_of_the_articles_year(linker: Linker) -> None:
    marked = "[EVT Hội nghị thượng đỉnh G20] khai mạc."
    (meeting,) = link(linker, marked, date(2017, 7, 7))
    (other,) = link(linker, marked, date(2019, 6, 28))
    assert "2017" in meeting.name
    assert meeting.key != other.key


def test_one_name_of_two_types_makes_two_entities(linker: Linker) -> None:
    speaker, place = link(linker, "[ORG Điện Kremlin] cho biết cuộc gặp diễn ra ở [FAC Điện Kremlin].")
    assert (speaker.type, place.type) == (EntityType.ORG, EntityType.FAC)
    assert speaker.key != place.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sergei Lavrov", "Sergey Lavrov"),
        ("Mohammad Baqeri", "Mohammad Bagheri"),
        ("Abbas Araqchi", "Abbas Araghchi"),
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ("Dmitriy Peskov", "Dmitry Peskov"),
        # unknown to the knowledge base: the first of them in the article gives the name
        ("Aleksey Burmistrov", "Alexei Burmistrov"),
        ("Yusef Kharaqani", "Yousef Kharaghani"),
    ],
)
def test_spelling_variants_in_one_article_are_one_person(linker: Linker, one: str, other: str) -> None:
    first, second, surname = link(
        linker, f"[PER {one}] nói; [PER {other}] nhắc lại; [PER {other.split()[1]}]."
    )
    assert first.key == second.key == surname.key


@pytest.mark.parametrize(
    ("transcribed", "name"),
    [
        # no name of the knowledge base is written so: an initial and a surname, given names, one word
        ("PER X.La-vrốp", "Sergey Lavrov"),
        ("PER T.Éc-đô-gan", "Recep Tayyip Erdoğan"),
        ("PER M.Da-ríp", "Mohammad Javad Zarif"),
        ("PER Gi. Da-ríp", "Mohammad Javad Zarif"),
        ("PER X.V.La-vrốp", "Sergey Lavrov"),
        ("PER Hát-xan Ru-ha-ni", "Hassan Rouhani"),
        ("PER A-lếch-xan-đơ Lu-ca-sen-cô", "Alexander Lukashenko"),
        ("PER Ru-ha-ni", "Hassan Rouhani"),
        ("GPE Ma-ra-uy", "Marawi"),
        # a name that is none of these, a word that only sounds a little like one, another initial
        ("PER Ma-lu Đờ-ray-ờ", "Ma-lu Đờ-ray-ờ"),
        ("PER Tha-kur", "Tha-kur"),
        ("PER B.La-vrốp", "B.La-vrốp"),
        ("PER Kim Dong-yeon", "Kim Dong-yeon"),
        ("PER Kim Chang-son", "Kim Chang-son"),
        ("GPE Trung-Ý", "Trung-Ý"),
        # translated but for a place
        ("EVT Thỏa thuận Pa-ri", "Paris Agreement"),
    ],
)
def test_names_written_by_their_sound(linker: Linker, transcribed: str, name: str) -> None:
    assert names(link(linker, f"Theo [{transcribed}], mọi việc ổn.")) == [name]


@pytest.mark.parametrize(
    ("misspelt", "name"),
    [
        ("GPE Mosvka", "Moscow"),  # two letters changed places
        ("GPE Thổ Nhĩ Kỹ", "Turkey"),  # a mark
        ("GPE Saudia Arabia", "Saudi Arabia"),  # one letter too many
        ("GPE Philipines", "Philippines"),  # one too few
        ("ORG NBCNews", "NBC News"),  # a blank
        ("ORG Bưu điệu Washington", "The Washington Post"),
        # what is no slip
        ("GPE Irak-Iran", "Irak-Iran"),
        ("GPE Trung Hòa", "Trung Hòa"),  # a commune, not China ("Trung Hoa")
        ("LOC Tây Nam Âu", "Tây Nam Âu"),  # not Tây Nam Á
        ("LOC Đông Bắc", "Đông Bắc"),
        ("ORG Ủy ban Olympic Iraq", "Ủy ban Olympic Iraq"),  # not that of Iran, for Iraq is a name
        ("MISC Su-34XK", "Su-34XK"),  # another version
        ("MISC AIM-121", "AIM-121"),  # figures are not misspelt
        ("ORG CHDCND", "CHDCND"),
    ],
)
def test_names_with_a_slip_of_the_pen(linker: Linker, misspelt: str, name: str) -> None:
    assert names(link(linker, f"Theo [{misspelt}], mọi việc ổn.")) == [name]


FOREIGN = sorted(
    entity.name
    for entity in KnowledgeBase.load().entities.values()
    if re.fullmatch(r"[A-Z][a-z]{7,}( [A-Z][a-z]{4,})*", entity.name)
)


@given(st.sampled_from(FOREIGN), st.data())
def test_one_wrong_letter_leads_to_the_bearer_and_a_word_more_does_not(
    name: str, data: st.DataObject
) -> None:
    names = MisspeltNames([(name, "bearer"), ("Quite Another Name", "other")])
    at = data.draw(st.integers(1, 7))  # of the first word, not its first letter
    letter = data.draw(st.sampled_from("aeiou"))
    assert names.bearer(name[:at] + letter + name[at:]) == "bearer"
    assert names.bearer(name[:at] + letter + name[at + 1 :]) == "bearer"
    assert names.bearer(name[:at] + name[at + 1 :]) == "bearer"
    assert names.bearer(f"{name} the Great") is None


def test_a_body_known_without_its_state_is_found_with_it(linker: Linker) -> None:
    assert names(
        link(linker, "[ORG Lực lượng Vệ binh Cách mạng của Iran], [ORG Lực lượng Vệ binh Cách mạng của Nga].")
    ) == ["Islamic Revolutionary Guard Corps", "Lực lượng Vệ binh Cách mạng của Nga"]


def test_the_word_before_a_name_tells_which_place_it_is(linker: Linker) -> None:
    places = link(linker, "Giao tranh ở tỉnh [GPE Homs], ở thành phố [GPE Homs] và ở bang [GPE Washington].")
    assert names(places) == ["Homs Governorate", "Homs", "Washington (state)"]
    assert names(link(linker, "Họ rời [GPE Homs] về hội nghị [ORG G20].")) == ["Homs", "G20"]


def test_of_two_who_are_written_alike_the_article_tells(linker: Linker) -> None:
    told = "[PER A.Ha-ta-mi] phát biểu ở [GPE Iran]."
    minister, _ = link(linker, told, published=date(2018, 4, 5))
    assert minister.name == "Amir Hatami"
    cleric, *_ = link(linker, f"{told} Giáo sĩ [PER Ahmad Khatami] đã nói vậy.", published=date(2018, 4, 5))
    assert cleric.name == "Ahmad Khatami"


_SYLLABLES = st.sampled_from(["La", "vrốp", "Pu", "tin", "Xtôn", "gia", "quen", "ơ", "nghĩa"])


@given(st.lists(_SYLLABLES, min_size=1, max_size=5), st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_how_ill_a_transcription_fits(syllables: list[str], name: str) -> None:
    """A limit hides what lies beyond it and changes nothing else."""
    transcription = "-".join(syllables)
    cost = distance(transcription, name)
    assert cost >= 0
    assert distance(transcription, name, cost + 1e-9) == cost
    assert distance(transcription, name, cost / 2 - 0.01) > cost


def test_an_initial_stands_for_the_given_name(linker: Linker) -> None:
    marked = "[PER Xa-lin Pê-trốp-xki] và [PER Boris Tarkov]; [PER X. Pê-trốp-xki] gặp [PER B. Tarkov], [PER B. Orlov]."
    one, two, first, second, other = link(linker, marked)
    assert (first.key, second.key) == (one.key, two.key) and other.key not in (one.key, two.key)


@pytest.mark.parametrize(
    ("nickname", "name"),
    [
        ("Lầu Năm Góc", "United States Department of Defense"),
        ("LHQ", "United Nations"),
        ("Nhà Xanh", "Blue House"),
    ],
)
def test_nicknames_are_who_is_meant(linker: Linker, nickname: str, name: str) -> None:
    assert names(link(linker, f"Theo [ORG {nickname}], mọi việc ổn.")) == [name]


def test_a_known_name_of_another_person_is_not_forced_onto_a_near_spelling(linker: Linker) -> None:
    assert names(link(linker, "Ông [PER John Kellan] tới.")) == ["John Kellan"]


def test_a_name_in_vietnamese_letters_is_a_spelling_of_no_foreign_one(linker: Linker) -> None:
    assert names(link(linker, "[PER Hoàng Lê] (tổng hợp)")) == ["Hoàng Lê"]


def test_a_famous_surname_is_not_his_wifes(linker: Linker) -> None:
    marked = "[PER Donald Trump] đi cùng bà [PER Melania Trump]. Ông [PER Trump] phát biểu."
    husband, wife, surname = link(linker, marked)
    assert surname == husband != wife


def test_a_state_in_brackets_is_no_abbreviation_of_its_city(linker: Linker) -> None:
    assert names(link(linker, "Họp tại [GPE Hamburg] ([GPE Đức]).")) == ["Hamburg", "Germany"]


def test_a_maker_in_brackets_is_not_the_weapon(linker: Linker) -> None:
    _, alliance = link(linker, "Hệ thống [MISC S-400] ([ORG NATO] gọi khác).")
    assert alliance.name == "NATO"


@pytest.mark.parametrize(
    ("state", "body", "name"),
    [
        ("Mỹ", "Thượng viện", "United States Senate"),
        ("Nga", "Hạ viện", "State Duma"),
        ("Anh", "Tòa án Tối cao", "Supreme Court of the United Kingdom"),
        ("Philippines", "Bộ Du lịch", "Ministry of Tourism of the Philippines"),
    ],
)
def test_a_bare_body_is_the_states_own(linker: Linker, state: str, body: str, name: str) -> None:
    assert names(link(linker, f"Tại [GPE {state}], [ORG {body}] họp."))[1] == name


def test_a_summit_written_out_is_that_of_its_abbreviation(linker: Linker) -> None:
    marked = "[EVT Hội nghị thượng đỉnh Nhóm nước kinh tế lớn] ([ORG G20]) khai mạc."
    (meeting, _) = link(linker, marked, date(2017, 7, 7))
    assert "G20" in meeting.name
    assert "2017" in meeting.name
