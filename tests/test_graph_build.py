"""What building does to a store: what is read back, increments, merging."""

import gc
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
import pytest
from graph_documents import (
    ARTICLE_1,
    ARTICLE_2,
    DOCUMENT_1,
    DOCUMENT_2,
    IRAN,
    PUTIN,
    RUSSIA,
    TEXT_1,
    TURKEY,
    Extractor,
    SmallKnowledge,
    article,
    document,
    event,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relgraph.errors import RelgraphError
from relgraph.graph import BuildReport, EventGraph, build, vocabulary
from relgraph.graph.merging.stored import MentionReader, said
from relgraph.graph.triples import ArticleTriples, Run
from relgraph.graph.validate import validate
from relgraph.model import (
    Article,
    Document,
    Event,
    EventMention,
    EventType,
    Factuality,
    Interval,
    Participant,
    Role,
    Span,
)

BOTH = (ARTICLE_1, ARTICLE_2)


def built(folder: Path, *documents: Document, articles: tuple[Article, ...] = BOTH) -> EventGraph:
    build(articles, Extractor(*documents), folder)
    return EventGraph.open(folder)


def merged_graph(folder: Path) -> set[str]:
    with EventGraph.open(folder) as graph:
        return {str(q) for q in graph.store.native.quads_for_pattern(None, None, None, vocabulary.MERGED)}


def test_the_graph_tells_which_model_read_an_article(tmp_path: Path) -> None:
    by_model = DOCUMENT_1.model_copy(update={"model": "rules-0a1b2c3d4e5f"})
    with built(tmp_path / "store", by_model, DOCUMENT_2) as graph:
        found = graph.query("SELECT ?id ?model { GRAPH ?g { ?a dcterms:identifier ?id ; rg:model ?model } }")
        assert [tuple(row.values()) for row in found] == [(DOCUMENT_1.id, "rules-0a1b2c3d4e5f")]
        assert validate(graph) == []


def test_a_build_reports_what_it_did(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    report = build(
        BOTH, Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "s", progress=lambda *a: told.append(a)
    )
    assert report == BuildReport(new=("bai-1", "bai-2"), articles=2, entities=5, events=4)
    assert told == [("bai-1", "new"), ("bai-2", "new")]


def test_what_an_article_tells_is_read_back_whole(tmp_path: Path) -> None:
    with built(tmp_path / "s", DOCUMENT_1, articles=(ARTICLE_1,)) as graph:
        meeting, praise = (
            graph.timeline("Nga", "Iran", include_affiliated=False),
            graph.timeline("Vladimir Putin"),
        )
        (one,) = meeting
        assert (one.type, one.mode, one.factuality) == (EventType.CONSULT, "meeting", Factuality.ACTUAL)
        assert one.time == Interval.from_value("2018-04-04")
        assert [actor.key for actor in one.agents] == ["gpe/iran", "gpe/russia"]
        assert one.place is not None and one.place.name == "Sochi"
        (evidence,) = one.evidence
        assert (evidence.article, evidence.published, evidence.source) == (
            "bai-1",
            date(2018, 4, 5),
            "Báo Mẫu",
        )
        assert TEXT_1[evidence.start : evidence.end] == evidence.quote == "hội đàm"
        assert evidence.sentence == "Ngày 4/4, Nga và Iran hội đàm tại Sochi."
        assert [e.patients[0].label_vi for e in praise] == ["Iran"]


def test_provenance_reaches_from_the_mention_to_the_run(tmp_path: Path) -> None:
    with built(tmp_path / "s", DOCUMENT_1, articles=(ARTICLE_1,)) as graph:
        result = graph.query(
            """SELECT ?method ?confidence ?expression ?reporter ?version ?started ?prefix {
              GRAPH ?g {
                ?m a rg:EventMention ; sem:eventType rgt:CONSULT ; rg:confidence ?confidence ;
                  rg:timeExpression ?t ; rg:participation ?p ; prov:wasGeneratedBy ?run .
                ?p rg:method ?method . ?run schema:softwareVersion ?version ; prov:startedAtTime ?started .
                ?t oa:hasTarget/oa:hasSelector ?q . ?q oa:exact ?expression .
                ?praise sem:eventType rgt:SUPPORT ; rg:reporter ?reporter ; rg:trigger/oa:hasTarget/oa:hasSelector/oa:prefix ?prefix } }"""
        )
        row = next(iter(result))
        assert (row["method"], row["confidence"], row["expression"]) == ("name", 1, "Ngày 4/4")
        assert row["reporter"].endswith("/entity/gpe/russia")
        assert row["prefix"] == TEXT_1[29:61]
        assert row["started"].tzinfo is not None and row["version"]


def test_all_triples_are_in_named_graphs_without_blank_nodes(tmp_path: Path) -> None:
    with built(tmp_path / "s", DOCUMENT_1, DOCUMENT_2) as graph:
        for quad in graph.store.native:
            assert isinstance(quad.graph_name, pyoxigraph.NamedNode)
            assert isinstance(quad.subject, pyoxigraph.NamedNode)
            assert not isinstance(quad.object, pyoxigraph.BlankNode)


# --- merging ---


def test_two_articles_of_one_meeting_give_one_event_with_both_as_evidence(tmp_path: Path) -> None:
    with built(tmp_path / "s", DOCUMENT_1, DOCUMENT_2) as graph:
        (meeting,) = graph.timeline("Nga", "Iran", types=[EventType.CONSULT])
        assert [e.article for e in meeting.evidence] == ["bai-1", "bai-2"]
        assert graph.query("timeline", a="Nga", b="Iran").rows[0][-1] == 2


@pytest.mark.parametrize(
    "other",
    [
        {"time": "2019-04-04"},
        {"time": "2018-04-09"},
        {"time": "2018"},
        {"factuality": Factuality.NEGATED},
        {"event_type": EventType.AGREE},
        {"agents": (TURKEY,)},
        {"agents": ()},
    ],
)
def test_events_that_disagree_stay_apart(tmp_path: Path, other: dict[str, object]) -> None:
    text = "Nga gặp Iran."
    first, second = article("a", text), article("b", text + " Lần khác.")
    one, two = document(first, event(text, "gặp")), document(second, event(text, "gặp", **other))  # type: ignore[arg-type]
    with built(tmp_path / "s", one, two, articles=(first, second)) as graph:
        assert graph.counts()["events"] == 2


@pytest.mark.parametrize("vague", [{"time": None}, {"agents": ()}])
def test_events_without_time_or_participants_stay_with_their_article(
    tmp_path: Path, vague: dict[str, object]
) -> None:
    text = "Nga gặp Iran."
    first, second = article("a", text), article("b", text + " Lần khác.", date(2018, 5, 5))
    documents = (document(a, event(text, "gặp", **vague)) for a in (first, second))  # type: ignore[arg-type]
    with built(tmp_path / "s", *documents, articles=(first, second)) as graph:
        assert graph.counts()["events"] == 2


def test_a_chain_within_an_article_is_one_event_that_knows_all_its_mentions_do(tmp_path: Path) -> None:
    text = "Nga gặp Iran. Cuộc gặp kéo dài. Hai bên gặp gỡ hôm 4/4 với Thổ Nhĩ Kỳ. Họ sẽ hội kiến nữa."
    source = article("a", text)
    told = document(
        source,
        event(text, "gặp", time="2018-04"),
        event(text, "Cuộc gặp", agents=(), time=None, id="v2", same_as="v1"),
        event(text, "gặp gỡ", agents=(TURKEY,), id="v3", same_as="v2"),
        event(text, "hội kiến", factuality=Factuality.PLANNED, id="v4", same_as="v1"),
    )
    with built(tmp_path / "s", told, articles=(source,)) as graph:
        (meeting,) = graph.events()
        assert len(meeting.evidence) == 3
        assert {actor.name for actor in meeting.agents} == {"Russia", "Iran", "Turkey"}
        assert meeting.time == Interval.from_value("2018-04-04")
        assert len(graph.events(factuality=[Factuality.PLANNED])) == 1


def test_a_chain_that_bites_its_tail_is_still_one_event(tmp_path: Path) -> None:
    text = "Nga gặp Iran. Cuộc gặp kéo dài."
    source = article("a", text)
    told = document(
        source, event(text, "gặp", same_as="v2"), event(text, "Cuộc gặp", time=None, id="v2", same_as="v1")
    )
    with built(tmp_path / "s", told, articles=(source,)) as graph:
        assert graph.counts()["events"] == 1


# --- increments ---


def test_what_is_there_is_not_extracted_again(tmp_path: Path) -> None:
    extract = Extractor(DOCUMENT_1, DOCUMENT_2)
    build([ARTICLE_1], extract, tmp_path / "s")
    generation = (tmp_path / "s" / "store.json").read_bytes()
    assert build([ARTICLE_1], extract, tmp_path / "s").unchanged == ("bai-1",)
    assert (tmp_path / "s" / "store.json").read_bytes() == generation
    report = build(BOTH, extract, tmp_path / "s")
    assert (report.unchanged, report.new) == (("bai-1",), ("bai-2",))
    assert extract.seen == ["bai-1", "bai-2"]


def test_increments_give_the_same_merged_graph_as_one_build(tmp_path: Path) -> None:
    extract = Extractor(DOCUMENT_1, DOCUMENT_2)
    build([ARTICLE_2], extract, tmp_path / "steps")
    build([ARTICLE_1], extract, tmp_path / "steps")
    build(BOTH, extract, tmp_path / "once")
    assert merged_graph(tmp_path / "steps") == merged_graph(tmp_path / "once")


def test_a_changed_text_replaces_the_article_and_mends_its_events(tmp_path: Path) -> None:
    text = "Nga và Iran ký thỏa thuận hôm 4/4."
    changed = article("bai-1", text)
    rewritten = document(changed, event(text, "ký", EventType.SUPPORT), entities=(RUSSIA, IRAN))
    build(BOTH, Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "s")
    report = build([changed], Extractor(rewritten), tmp_path / "s")
    assert (report.replaced, report.new, report.articles) == (("bai-1",), (), 2)
    build([changed, ARTICLE_2], Extractor(rewritten, DOCUMENT_2), tmp_path / "fresh")
    assert merged_graph(tmp_path / "s") == merged_graph(tmp_path / "fresh")
    with EventGraph.open(tmp_path / "s") as graph:
        (meeting,) = graph.timeline("Nga", "Iran", types=[EventType.CONSULT])
        assert [e.article for e in meeting.evidence] == ["bai-2"]


def test_changed_metadata_replace_the_article(tmp_path: Path) -> None:
    dated = ARTICLE_2.model_copy(update={"published": date(2019, 1, 1)})
    build([ARTICLE_2], Extractor(DOCUMENT_2), tmp_path / "s")
    report = build(
        [dated], Extractor(DOCUMENT_2.model_copy(update={"dct": date(2019, 1, 1)})), tmp_path / "s"
    )
    assert report.replaced == ("bai-2",)


def test_one_text_under_two_ids_counts_once(tmp_path: Path) -> None:
    copy = ARTICLE_1.model_copy(update={"id": "ban-sao", "path": "ban-sao.txt"})
    report = build([ARTICLE_1, copy], Extractor(DOCUMENT_1), tmp_path / "s")
    assert (report.new, report.duplicates) == (("bai-1",), {"ban-sao.txt": "bai-1"})
    assert build([copy], Extractor(), tmp_path / "s").duplicates == {"ban-sao.txt": "bai-1"}


def test_two_texts_under_one_id_are_refused_and_the_rest_is_built(tmp_path: Path) -> None:
    first = ARTICLE_1.model_copy(update={"path": "a/bai-1.txt"})
    other = article("bai-1", "Một bài khác.", path="b/bai-1.txt")
    report = build([first, other, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "s")
    assert report.new == ("bai-1", "bai-2")
    assert (
        len(report.problems) == 1
        and "a/bai-1.txt" in report.problems[0]
        and "b/bai-1.txt" in report.problems[0]
    )


def test_what_was_extracted_before_an_error_is_kept(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        build(BOTH, Extractor(DOCUMENT_1), tmp_path / "s")
    with EventGraph.open(tmp_path / "s") as graph:
        assert graph.counts()["articles"] == 1


def test_an_error_before_any_document_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        build(BOTH, Extractor(), tmp_path / "s", knowledge=SmallKnowledge())
    with pytest.raises(RelgraphError, match="not a relgraph store"):
        EventGraph.open(tmp_path / "s")
    assert build(BOTH, Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "s").articles == 2


def test_knowledge_is_stored_once_and_kept_when_not_given(tmp_path: Path) -> None:
    build([], Extractor(), tmp_path / "s", knowledge=SmallKnowledge())
    before = (tmp_path / "s" / "store.json").read_bytes()
    build([], Extractor(), tmp_path / "s", knowledge=SmallKnowledge())
    build([], Extractor(), tmp_path / "s")
    assert (tmp_path / "s" / "store.json").read_bytes() == before
    with EventGraph.open(tmp_path / "s") as graph:
        assert graph.query("office-holder", jurisdiction="Nga", on="2013").rows[0][1] == "per/vladimir-putin"
        assert len(graph.query("office-holder", jurisdiction="Nga", on="2010")) == 0


def test_ids_of_any_kind_give_iris_that_other_tools_accept(tmp_path: Path) -> None:
    text = "Nga gặp Iran."
    source = article('tin\u00a0số 1/2?<>"{}|\\^`%#', text)
    strange = RUSSIA.model_copy(update={"key": None, "name": "Nước\u00a0Nga <1>"})
    told = document(
        source, event(text, "gặp", id="v 1#", agents=(strange,), mode="kiểu lạ"), entities=(strange,)
    )
    with built(tmp_path / "s", told, articles=(source,)) as graph:
        (one,) = graph.events()
        assert (one.evidence[0].article, one.mode, one.agents[0].name) == (
            source.id,
            "kiểu lạ",
            "Nước\u00a0Nga <1>",
        )
        for quad in graph.store.native:
            assert not set(quad.subject.value) & set(' <>"{}|\\^`\u00a0')


# --- properties ---


@st.composite
def documents(draw: st.DrawFn) -> list[tuple[Article, Document]]:
    pairs = []
    for number in range(draw(st.integers(1, 4))):
        words = draw(st.lists(st.sampled_from(["gặp", "ký", "thăm", "họp", "phạt"]), min_size=1, max_size=4))
        text = f"Tin {number}: " + " ".join(words)
        source = article(f"a{number}", text)
        events, offset = [], len(f"Tin {number}: ")
        for position, word in enumerate(words):
            trigger = Span(start=offset, end=offset + len(word), text=word)
            offset += len(word) + 1
            parts = draw(st.lists(st.sampled_from(["e1", "e2", "e3"]), max_size=3, unique=True))
            events.append(
                EventMention(
                    id=f"v{position}",
                    trigger=trigger,
                    type=draw(st.sampled_from([EventType.CONSULT, EventType.SUPPORT])),
                    mode=draw(st.sampled_from([None, "visit", "meeting"])),
                    factuality=draw(st.sampled_from([Factuality.ACTUAL, Factuality.PLANNED])),
                    time=draw(
                        st.sampled_from(
                            [None, "2018", "2018-04-04", "../2018-04", "P3D", "2017-Q2", "2018-04-04TMO"]
                        )
                    ),
                    participants=tuple(
                        Participant(entity=p, role=draw(st.sampled_from(list(Role)))) for p in parts
                    ),
                    place=draw(st.sampled_from([None, "e2", "e5"])),
                    same_as=draw(st.sampled_from([None, *(f"v{k}" for k in range(position))])),
                    confidence=draw(st.floats(0, 1)),
                )
            )
        pairs.append((source, document(source, *events)))
    return pairs


def read_back(folder: Path) -> list[Event]:
    with EventGraph.open(folder) as graph:
        return graph.events(factuality=list(Factuality))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), st.randoms(use_true_random=False))
def test_every_mention_is_read_back_and_order_does_not_matter(
    pairs: list[tuple[Article, Document]], random: object
) -> None:
    articles, told = [a for a, _ in pairs], [d for _, d in pairs]
    with TemporaryDirectory() as folder:
        one, two = Path(folder, "one"), Path(folder, "two")
        build(articles, Extractor(*told), one, publish_after=0)
        events = read_back(one)
        shuffled = articles.copy()
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        build(shuffled[:1], Extractor(*told), two)
        build(shuffled, Extractor(*told), two)
        assert read_back(two) == events
        assert merged_graph(one) == merged_graph(two)
        assert build(shuffled, Extractor(*told), one).unchanged
        assert read_back(one) == events
    mentions = {(d.id, m.trigger.start): (d, m) for d in told for m in d.events}
    found = {(e.article, e.start): event for event in events for e in event.evidence}
    assert found.keys() == mentions.keys()
    for place, (source, mention) in mentions.items():
        event = found[place]
        assert (event.type, event.factuality) == (mention.type, mention.factuality)
        keys = {entity.id: entity.key for entity in source.entities}
        told_of = {(p.role, keys[p.entity]) for p in mention.participants}
        assert told_of <= {(Role.AGENT, a.key) for a in event.agents} | {
            (Role.PATIENT, a.key) for a in event.patients
        }
        time = Interval.from_value(mention.time)
        assert time is None or event.time is not None
        if event.time and event.time != time and time:
            assert len(event.evidence) > 1
    for event in events:
        if not (event.agents or event.patients):
            assert len({e.article for e in event.evidence}) == 1


def test_a_folder_of_other_things_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "thư.txt").write_text("của tôi")
    with pytest.raises(RelgraphError, match="not a relgraph store; choose a new or an empty folder"):
        build([], Extractor(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thư.txt"]


def test_persons_are_found_with_their_state(tmp_path: Path) -> None:
    text = "Ông Putin thăm Iran."
    source = article("a", text)
    told = document(source, event(text, "thăm", agents=(PUTIN,), patients=(IRAN,), mode="visit"))
    build([source], Extractor(told), tmp_path / "s", knowledge=SmallKnowledge())
    with EventGraph.open(tmp_path / "s") as graph:
        assert len(graph.timeline("Nga", "Iran")) == 1
        assert graph.timeline("Nga", "Iran", include_affiliated=False) == []
        assert len(graph.query("timeline", a="Nga", b="Iran")) == 1
        assert len(graph.query("timeline", a="Nga", b="Iran", affiliated="false")) == 0
        assert graph.timeline("Nga", "Vladimir Putin") == []


# --- what a build keeps in memory ---


def test_mentions_read_before_and_after_writing_are_the_same(tmp_path: Path) -> None:
    build(
        [ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "s", knowledge=SmallKnowledge()
    )
    run = Run("test", datetime(2026, 1, 1, tzinfo=UTC))
    with EventGraph.open(tmp_path / "s") as graph:
        for told in (DOCUMENT_1, DOCUMENT_2):
            name = vocabulary.article_graph(told.id)
            unwritten = {name: said(ArticleTriples(told, run))}
            before = MentionReader(graph.store.native, unwritten)
            after = MentionReader(graph.store.native)
            assert before.of_article(name) == after.of_article(name) != []
            assert before.text(told.id) == after.text(told.id) == told.text


def test_a_build_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    build([ARTICLE_1], Extractor(DOCUMENT_1), tmp_path / "s", knowledge=SmallKnowledge())
    assert gc.get_freeze_count() == 0
    gc.freeze()
    try:
        build([ARTICLE_2], Extractor(DOCUMENT_2), tmp_path / "s", knowledge=SmallKnowledge())
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
