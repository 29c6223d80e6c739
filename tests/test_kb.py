"""The knowledge base: reading it, asking it, checking it."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.util import registry

from relgraph.errors import RelgraphError
from relgraph.kb import KnowledgeBase, normalised
from relgraph.kb.check import check
from relgraph.kb.dates import bounds
from relgraph.kb.linker import kb_names
from relgraph.model import EntityType


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


def written(folder: Path, text: str, name: str = "small.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


SMALL = """source: a book
shared_roles: [head-of-government-deputy]
entities:
- {type: GPE, name: Iran, vi: Iran, capital: gpe/tehran}
- {type: GPE, name: Tehran, vi: Tehran, country: gpe/iran}
- {type: ORG, name: Union, vi: Liên minh, aliases: [LM]}
- {type: PER, name: Ann, vi: Ann, held: [{office: office/iran/president, start: 2000, end: 2005-08}]}
- {type: PER, name: Bob, vi: Bob, held: [{office: office/iran/president, start: 2005-08-03, source: a law}]}
- {type: GPE, name: Russia, vi: Nga, member_of: [{organisation: org/union, start: 2001-06-15, end: 2010}]}
offices:
- {id: office/iran/president, role: president, jurisdiction: gpe/iran, name: President of Iran, vi: Tổng thống Iran}
"""

OFFICE_HOLDERS = [
    ("russia/president", "2000-06-01", "Vladimir Putin"),
    ("russia/president", "2008-05-06", "Vladimir Putin"),
    ("russia/president", "2010-01-15", "Dmitry Medvedev"),
    ("russia/president", "2012-05-07", "Vladimir Putin"),
    ("russia/president", "2025-03-01", "Vladimir Putin"),
    ("russia/prime-minister", "2001-09-11", "Mikhail Kasyanov"),
    ("russia/prime-minister", "2009-01-01", "Vladimir Putin"),
    ("russia/prime-minister", "2017-02-01", "Dmitry Medvedev"),
    ("russia/prime-minister", "2022-03-01", "Mikhail Mishustin"),
    ("russia/foreign-minister", "2002-05-01", "Igor Ivanov"),
    ("russia/foreign-minister", "2004-06-01", "Sergey Lavrov"),
    ("russia/foreign-minister", "2024-10-01", "Sergey Lavrov"),
    ("russia/defence-minister", "2003-01-01", "Sergei Ivanov"),
    ("russia/defence-minister", "2010-01-01", "Anatoliy Serdyukov"),
    ("russia/defence-minister", "2018-04-04", "Sergey Shoigu"),
    ("russia/defence-minister", "2024-06-01", "Andrey Belousov"),
    ("russia/security-council-secretary", "2005-01-01", "Igor Ivanov"),
    ("russia/security-council-secretary", "2017-01-01", "Nikolai Patrushev"),
    ("russia/security-council-secretary", "2025-01-01", "Sergey Shoigu"),
    ("russia/chief-of-staff", "2006-01-01", "Yuri Baluyevsky"),
    ("russia/chief-of-staff", "2016-01-01", "Valery Gerasimov"),
    ("russia/spokesperson-mfa", "2017-02-06", "Maria Zakharova"),
    ("russia/spokesperson-president", "2017-02-06", "Dmitry Peskov"),
    ("russia/un-ambassador", "2016-10-01", "Vitaly Churkin"),
    ("russia/un-ambassador", "2018-04-10", "Vasily Nebenzya"),
    ("russia/ambassador/iran", "2015-07-01", "Levan Dzhagaryan"),
    ("russia/ambassador/united-states", "2016-01-01", "Sergey Kislyak"),
    ("russia/energy-minister", "2017-05-01", "Alexander Novak"),
    ("iran/supreme-leader", "2017-01-01", "Ali Khamenei"),
    ("iran/president", "2003-01-01", "Mohammad Khatami"),
    ("iran/president", "2010-01-01", "Mahmoud Ahmadinejad"),
    ("iran/president", "2018-04-04", "Hassan Rouhani"),
    ("iran/president", "2021-10-01", "Ebrahim Raisi"),
    ("iran/president", "2024-06-15", "Mohammad Mokhber"),
    ("iran/president", "2025-01-17", "Masoud Pezeshkian"),
    ("iran/foreign-minister", "2007-01-01", "Manouchehr Mottaki"),
    ("iran/foreign-minister", "2012-01-01", "Ali Akbar Salehi"),
    ("iran/foreign-minister", "2015-07-14", "Mohammad Javad Zarif"),
    ("iran/foreign-minister", "2022-08-01", "Hossein Amir-Abdollahian"),
    ("iran/foreign-minister", "2025-02-01", "Abbas Araghchi"),
    ("iran/defence-minister", "2011-01-01", "Ahmad Vahidi"),
    ("iran/defence-minister", "2016-02-16", "Hossein Dehghan"),
    ("iran/defence-minister", "2018-04-04", "Amir Hatami"),
    ("iran/defence-minister", "2023-01-01", "Mohammad Reza Ashtiani"),
    ("iran/defence-minister", "2025-01-01", "Aziz Nasirzadeh"),
    ("iran/chief-of-staff", "2010-01-01", "Hassan Firouzabadi"),
    ("iran/chief-of-staff", "2019-01-01", "Mohammad Bagheri"),
    ("iran/chief-of-staff", "2025-07-01", "Abdolrahim Mousavi"),
    ("iran/security-council-secretary", "2009-01-01", "Saeed Jalili"),
    ("iran/security-council-secretary", "2016-01-01", "Ali Shamkhani"),
    ("iran/security-council-secretary", "2024-01-01", "Ali Akbar Ahmadian"),
    ("iran/security-council-secretary", "2025-09-01", "Ali Larijani"),
    ("iran/supreme-leader", "2026-04-01", "Mojtaba Khamenei"),
    ("iran/chief-justice", "2020-01-01", "Ebrahim Raisi"),
    ("iran/intelligence-minister", "2018-01-01", "Mahmoud Alavi"),
    ("iran/transport-minister", "2025-01-01", "Farzaneh Sadegh"),
    ("islamic-republic-of-iran-army/commander", "2025-07-01", "Amir Hatami"),
    ("islamic-revolutionary-guard-corps-aerospace-force/commander", "2020-01-08", "Amir Ali Hajizadeh"),
    ("russia/transport-minister", "2025-01-01", "Roman Starovoit"),
    ("russia/economy-minister", "2010-01-01", "Elvira Nabiullina"),
    ("russia/speaker-of-senate", "2018-01-01", "Valentina Matviyenko"),
    ("federal-security-service/intelligence-head", "2015-01-01", "Alexander Bortnikov"),
    ("rosatom/nuclear-agency-head", "2024-01-01", "Alexey Likhachev"),
    ("iran/speaker-of-parliament", "2017-01-01", "Ali Larijani"),
    ("iran/nuclear-agency-head", "2016-01-01", "Ali Akbar Salehi"),
    ("iran/spokesperson-mfa", "2017-05-01", "Bahram Ghasemi"),
    ("united-states/president", "2016-12-31", "Barack Obama"),
    ("united-states/president", "2017-01-20", "Donald Trump"),
    ("united-states/president", "2022-02-24", "Joe Biden"),
    ("united-states/foreign-minister", "2017-05-01", "Rex Tillerson"),
    ("united-states/defence-minister", "2017-05-01", "James Mattis"),
    ("united-states/foreign-minister", "2025-06-01", "Marco Rubio"),
    ("china/president", "2018-06-09", "Xi Jinping"),
    ("china/prime-minister", "2015-01-01", "Li Keqiang"),
    ("china/foreign-minister", "2023-08-01", "Wang Yi"),
    ("turkey/president", "2017-01-01", "Recep Tayyip Erdoğan"),
    ("turkey/foreign-minister", "2017-01-01", "Mevlüt Çavuşoğlu"),
    ("syria/president", "2017-04-07", "Bashar al-Assad"),
    ("syria/president", "2025-05-01", "Ahmed al-Sharaa"),
    ("germany/prime-minister", "2012-01-01", "Angela Merkel"),
    ("germany/prime-minister", "2025-06-01", "Friedrich Merz"),
    ("france/president", "2017-06-01", "Emmanuel Macron"),
    ("united-kingdom/prime-minister", "2017-01-01", "Theresa May"),
    ("japan/prime-minister", "2017-01-01", "Shinzō Abe"),
    ("south-korea/president", "2017-06-01", "Moon Jae-in"),
    ("israel/prime-minister", "2017-06-01", "Benjamin Netanyahu"),
    ("united-nations/secretary-general", "2017-06-01", "António Guterres"),
    ("nato/secretary-general", "2018-01-01", "Jens Stoltenberg"),
    ("international-atomic-energy-agency/director-general", "2015-07-14", "Yukiya Amano"),
]


@pytest.mark.parametrize(("office", "day", "name"), OFFICE_HOLDERS)
def test_who_held_the_office(kb: KnowledgeBase, office: str, day: str, name: str) -> None:
    holder = kb.holder(f"office/{office}", date.fromisoformat(day))
    assert holder is not None and holder.name == name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Mátxcơva", "gpe/moscow"),
        ("Mát-xcơ-va", "gpe/moscow"),
        ("MOSKVA", "gpe/moscow"),
        ("Hoa Kỳ", "gpe/united-states"),
        ("Mỹ", "gpe/united-states"),
        ("Ảrập Xêút", "gpe/saudi-arabia"),
        ("A-rập Xê-út", "gpe/saudi-arabia"),
        ("CHDCND Triều Tiên", "gpe/north-korea"),
        ("UAE", "gpe/united-arab-emirates"),
        ("Tập Cận Bình", "per/xi-jinping"),
        ("Sergei Shoigu", "per/sergey-shoigu"),
        ("Vla-đi-mia Pu-tin", "per/vladimir-putin"),
        ("Recep Tayyip Erdogan", "per/recep-tayyip-erdogan"),
        ("Kim Jong Un", "per/kim-jong-un"),
        ("Liên Xô", "gpe/soviet-union"),
        ("St.Petersburg", "gpe/saint-petersburg"),
    ],
)
def test_spellings_lead_to_one_entity(kb: KnowledgeBase, name: str, key: str) -> None:
    assert [entity.id for entity in kb.find(name)] == [key]


def test_unknown_names_find_nothing(kb: KnowledgeBase) -> None:
    assert kb.find("Nguyễn Văn Không Ai") == ()


def test_an_abbreviation_is_found_in_capitals_only(tmp_path: Path) -> None:
    small = KnowledgeBase.load(written(tmp_path, SMALL))
    assert [entity.id for entity in small.find("LM")] == ["org/union"]
    assert small.find("lm") == ()


def test_the_tone_mark_may_stand_in_either_place(kb: KnowledgeBase) -> None:
    assert kb.find("Cộng hoà Séc") == kb.find("Cộng hòa Séc") != ()


def test_every_name_is_found(kb: KnowledgeBase) -> None:
    lost = [name for name, kind in kb.names() if kind not in {entity.type for entity in kb.find(name)}]
    assert lost == []


def test_search_forgives_misspelling(kb: KnowledgeBase) -> None:
    assert kb.search("Mohamad Javad Zariff")[0].entity.id == "per/mohammad-javad-zarif"
    assert kb.search("Teheran")[0].entity.id == "gpe/tehran"
    assert len(kb.search("Mohammad", limit=3)) == 3


def test_capitals_lie_in_their_states(kb: KnowledgeBase) -> None:
    assert kb.entities["gpe/iran"].capital == "gpe/tehran"
    assert kb.entities["gpe/tehran"].country == "gpe/iran"


def test_offices_of_a_person_change_with_the_date(kb: KnowledgeBase) -> None:
    def offices(day: date) -> set[str]:
        return {office.id for office in kb.offices_of("per/ali-larijani", day)}

    assert offices(date(2006, 1, 1)) == {"office/iran/security-council-secretary"}
    assert offices(date(2010, 1, 1)) == {"office/iran/speaker-of-parliament"}
    assert offices(date(2023, 1, 1)) == set()


def test_partial_dates_claim_only_what_is_sure(tmp_path: Path) -> None:
    small = KnowledgeBase.load(written(tmp_path, SMALL))
    office = "office/iran/president"
    assert small.holder(office, date(2000, 6, 1)) is None  # began at some time in 2000
    assert small.holder(office, date(2001, 1, 1)) == small.entities["per/ann"]
    assert small.holder(office, date(2005, 8, 2)) is None  # ended at some time in August
    assert small.holder(office, date(2005, 8, 3)) == small.entities["per/bob"]
    assert [entity.name for entity, _ in small.holders(office)] == ["Ann", "Bob"]


def test_on_the_day_of_a_handover_the_newcomer_holds_the_office(kb: KnowledgeBase) -> None:
    assert kb.holder("office/united-states/president", date(2021, 1, 20)) == kb.entities["per/joe-biden"]


def test_an_office_of_several_has_no_one_holder(kb: KnowledgeBase) -> None:
    assert kb.holder("office/russia/head-of-government-deputy", date(2017, 1, 1)) is None
    assert len(kb.holders("office/russia/head-of-government-deputy")) > 10


def test_members_on_a_date(tmp_path: Path) -> None:
    small = KnowledgeBase.load(written(tmp_path, SMALL))
    assert [e.name for e in small.members("org/union", date(2001, 6, 15))] == ["Russia"]
    assert small.members("org/union", date(2001, 6, 14)) == ()
    assert small.members("org/union", date(2010, 6, 1)) == ()
    assert small.members("org/union", date(2005, 1, 1), status="observer") == ()


def test_facts_inherit_the_source_of_their_entry(tmp_path: Path) -> None:
    small = KnowledgeBase.load(written(tmp_path, SMALL))
    assert small.entities["per/ann"].held[0].source == "a book"
    assert small.entities["per/bob"].held[0].source == "a law"


def test_unknown_ids_are_key_errors(kb: KnowledgeBase) -> None:
    for ask in (
        lambda: kb.holder("office/none", date(2000, 1, 1)),
        lambda: kb.holders("office/none"),
        lambda: kb.offices_of("per/none", date(2000, 1, 1)),
        lambda: kb.members("org/none", date(2000, 1, 1)),
    ):
        with pytest.raises(KeyError):
            ask()


def test_the_shipped_knowledge_base_is_sound(kb: KnowledgeBase) -> None:
    assert [str(finding) for finding in check(kb)] == []


def test_the_shipped_knowledge_base_is_large(kb: KnowledgeBase) -> None:
    kinds = [entity.type for entity in kb.entities.values()]
    assert kinds.count(EntityType.PER) > 1000
    assert kinds.count(EntityType.GPE) > 700
    leaders = {office.jurisdiction for office in kb.offices.values() if office.role == "foreign-minister"}
    assert len(leaders) > 62


def test_spacy_configs_can_ask_for_the_names(kb: KnowledgeBase) -> None:
    assert ("Nga", EntityType.GPE) in kb_names()
    assert registry.misc.get("relgraph.kb_names.v1") is kb_names


def test_it_is_read_once(tmp_path: Path) -> None:
    for file in KnowledgeBase.load().locations.values():
        if not (tmp_path / file.file.name).exists():
            (tmp_path / file.file.name).write_bytes(file.file.read_bytes())
    copy = KnowledgeBase.load(tmp_path)
    assert KnowledgeBase.load(tmp_path) is copy


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("entities: [", 2, "did not find expected node content"),
        ("entities:\n- {type: PER, name: Ann, vi: Ann, agee: 3, source: s}\n", 2, "agee"),
        ("entities:\n- {type: PER, name: Ann, vi: Ann}\n", 2, "source"),
        ("entities:\n- {type: ANIMAL, name: Rex, vi: Rex, source: s}\n", 2, "type"),
        ("entities:\n- {type: PER, name: Ann, name: Bob, vi: Ann, source: s}\n", 2, "name is given twice"),
        ("source: s\nentities:\n- Ann\n", 3, "no fields"),
        ("source: s\nentities: Ann\n", 2, "not a list"),
        ("source: s\npeople: []\n", 2, "no section people"),
        ("source: s\nentities:\n- {type: PER, name: A, vi: A}\n- {type: PER, name: A, vi: B}\n", 4, "per/a"),
        (
            "source: s\nentities:\n- {type: PER, name: A, vi: A, held: [{office: o, start: May 2001}]}\n",
            3,
            "held",
        ),
        (
            "source: s\nentities:\n- {type: PER, name: A, vi: A, held: [{office: o, start: 1999-02-30}]}\n",
            3,
            "1999-02-30 is not a date",
        ),
    ],
)
def test_mistakes_in_a_file_name_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    with pytest.raises(RelgraphError) as error:
        KnowledgeBase.load(written(tmp_path, text))
    assert error.value.subject == f"{tmp_path / 'small.yaml'}:{line}"
    assert problem in error.value.problem


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(RelgraphError, match="no knowledge base"):
        KnowledgeBase.load(tmp_path / "nowhere")
    with pytest.raises(RelgraphError, match="empty"):
        KnowledgeBase.load(written(tmp_path, ""))
    (tmp_path / "small.yaml").write_bytes(b"source: \xff")
    with pytest.raises(RelgraphError, match="UTF-8"):
        KnowledgeBase.load(tmp_path)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("- {type: GPE, name: X, vi: ''}", "no Vietnamese name"),
        ("- {type: GPE, name: X, vi: X, aliases: [Nga]}", "has the name 'Nga', which gpe/russia has too"),
        ("- {type: GPE, name: X, vi: X, capital: gpe/nowhere}", "no entity gpe/nowhere"),
        ("- {type: GPE, name: X, vi: X, id: per/x}", "begins with another type"),
        ("- {type: PER, name: X, vi: X, held: [{office: office/none}]}", "no office office/none"),
        ("- {type: GPE, name: X, vi: X, member_of: [{organisation: org/none}]}", "no organisation org/none"),
        (
            "- {type: PER, name: X, vi: X, held: [{office: office/iran/president, start: 2006-01-01}]}",
            "and so does per/bob then",
        ),
        (
            "- {type: PER, name: X, vi: X, held: [{office: office/iran/president, start: 2006, end: 2004}]}",
            "before the beginning",
        ),
    ],
)
def test_check_finds_the_mistake_and_its_line(tmp_path: Path, entry: str, problem: str) -> None:
    written(tmp_path, SMALL)
    written(tmp_path, f"source: s\nentities:\n{entry}\n", "wrong.yaml")
    findings = check(KnowledgeBase.load(tmp_path))
    assert [str(f.location) for f in findings] == [f"{tmp_path / 'wrong.yaml'}:3"]
    assert problem in findings[0].problem


def test_check_passes_a_sound_one(tmp_path: Path) -> None:
    assert check(KnowledgeBase.load(written(tmp_path, SMALL))) == []


@given(st.text(alphabet="aàảãáạoòỏõóọuùụyýhvntg -", min_size=1, max_size=20))
def test_normalising_twice_changes_nothing_in_case_and_hyphens(name: str) -> None:
    assert normalised(name.upper()) == normalised(name)
    assert normalised(name.replace(" ", "-")) == normalised(name)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_bounds_of_a_partial_date_enclose_the_day(day: date) -> None:
    for length in (4, 7, 10):
        first, last = bounds(day.isoformat()[:length])
        assert first <= day <= last


def test_facts_in_lists_of_their_own_name_their_line(tmp_path: Path) -> None:
    written(tmp_path, SMALL)
    lists = """source: s
memberships:
- {member: gpe/iran, organisation: org/none, start: 2001}
renamings:
- {entity: gpe/tehran, name: Tehran the Old, start: 1900, end: 1800}
successions:
- {entity: gpe/russia, predecessor: gpe/none, on: 1991-12-26}
"""
    written(tmp_path, lists, "wrong.yaml")
    findings = check(KnowledgeBase.load(tmp_path))
    assert [finding.location.line for finding in findings] == [3, 5, 7]
    assert {finding.location.file.name for finding in findings} == {"wrong.yaml"}
    assert "org/none" in findings[0].problem
    assert "before the beginning" in findings[1].problem
    assert "gpe/none" in findings[2].problem


def test_an_entity_is_found_by_a_former_name_and_knows_whose_place_it_took(kb: KnowledgeBase) -> None:
    (astana,) = kb.find("Nur-Sultan")
    assert astana.id == "gpe/astana"
    (leningrad,) = kb.find("Leningrad")
    assert leningrad.name == "Saint Petersburg"
    assert [s.predecessor for s in kb.entities["gpe/russia"].predecessors] == ["gpe/soviet-union"]


def test_it_holds_what_the_project_promises(kb: KnowledgeBase) -> None:
    states_led = {
        office.jurisdiction
        for office in kb.offices.values()
        if office.role in ("president", "prime-minister", "king")
    }
    organisations = [
        e for e in kb.entities.values() if kb.locations[e.id].file.stem in ("organisations", "armed-groups")
    ]
    assert len(kb.entities) >= 1500
    assert len(states_led) >= 62
    assert len(organisations) >= 150


def test_what_has_happened_since_2023_names_its_act_and_year(kb: KnowledgeBase) -> None:
    """A source that covers a whole list ("ministers since 2013") bears no single day out."""
    facts = ((e.id, fact) for e in kb.entities.values() for fact in (*e.held, *e.member_of))
    unsourced = [
        (entity, day, fact.source)
        for entity, fact in facts
        for day in (fact.start, fact.end)
        if day and day > "2023-01-31" and day[:4] not in fact.source
    ]
    assert unsourced == []


_KEY_OFFICES = ("President", "Prime Minister", "Supreme Leader")
_KEY_POSITIONS = (
    "Minister of Foreign Affairs",
    "Minister of Defence",
    "Chief of the General Staff",
    "Secretary of the Security Council",
    "Secretary of the Supreme National Security Council",
    "Ambassador to",
    "ambassador to",
    "Permanent Representative to the United Nations",
    "Foreign Ministry Spoke",
)


@pytest.mark.shared
def test_every_key_office_holder_of_russia_and_iran_that_the_source_gives_is_there(
    kb: KnowledgeBase, shared: Path
) -> None:
    by_item = {entity.wikidata: entity for entity in kb.entities.values() if entity.wikidata}
    with (shared / "datasets" / "officeholders.csv").open(encoding="utf-8") as stream:
        rows = [
            row
            for row in csv.DictReader(stream)
            if row["country"] in ("Russia", "Iran")
            and (row["position"] in _KEY_OFFICES or row["position"].startswith(_KEY_POSITIONS))
            and row["start"]
            and (not row["end"] or row["end"] >= "2000")
        ]
    assert len(rows) > 200
    missing = [row for row in rows if not (known := by_item.get(row["wikidata"])) or not known.held]
    assert missing == []
