"""One event, many reports: merging within and across articles, corrections, near-copies, explanations."""

import fcntl
import json
import os
import random
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from graph_documents import (
    IRAN,
    PUTIN,
    RUSSIA,
    TURKEY,
    Extractor,
    SmallKnowledge,
    article,
    document,
    event,
    synthetic,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from relgraph.annotation import read_gold
from relgraph.cli import app
from relgraph.errors import RelgraphError
from relgraph.evaluation.merging import (
    JudgedPair,
    MentionRef,
    merged_in_memory,
    read_pairs,
    score_merging,
    without_chains,
)
from relgraph.graph import EventGraph, build, vocabulary
from relgraph.graph.build import remerge
from relgraph.graph.merging.clustering import clusters
from relgraph.graph.merging.copies import ALIKE, independent, signature, similarity
from relgraph.graph.merging.corrections import Action, Constraints, Correction, adding, read_corrections
from relgraph.graph.merging.explaining import explain
from relgraph.graph.store import Store, StoreWriter
from relgraph.kb import KnowledgeBase
from relgraph.model import Article, Document, Event, EventType, Factuality
from relgraph.resources import shipped

PAIRS = shipped("data", "annotation") / "cross-article-events.jsonl"
RUNNER = CliRunner()


def report(
    article_id: str,
    sentence: str,
    trigger: str,
    published: date = date(2018, 4, 5),
    rest: str = "",
    **more: object,
) -> tuple[Article, Document]:
    """An article of one sentence that tells of one event, and its document."""
    source = article(article_id, f"{sentence} {rest}".strip(), published)
    return source, document(source, event(source.text, trigger, **more))  # type: ignore[arg-type]


TALKS = (
    report("a", "Nga và Iran hội đàm tại Sochi hôm 4/4.", "hội đàm", mode="meeting", place="e5"),
    report("b", "Cuộc hội đàm Nga - Iran diễn ra ngày 4/4.", "Cuộc hội đàm", date(2018, 4, 6)),
    report("c", "Hôm thứ Tư Nga và Iran đã hội đàm về Syria.", "hội đàm", date(2018, 4, 7)),
)
OTHER = report(
    "d",
    "Nga lên án Thổ Nhĩ Kỳ hôm 4/4.",
    "lên án",
    event_type=EventType.ACCUSE,
    agents=(RUSSIA,),
    patients=(TURKEY,),
)


def build_all(store: Path, reports: Sequence[tuple[Article, Document]], **more: object) -> None:
    extractor = Extractor(*(told for _, told in reports))
    build([source for source, _ in reports], extractor, store, **more)  # type: ignore[arg-type]


def events(store: Path) -> list[Event]:
    with EventGraph.open(store) as graph:
        return graph.events(factuality=list(Factuality))


def everything_merged(store: Path) -> set[str]:
    """What the store says of events, and which mention is in which."""
    with Store.open(store) as opened:
        graphs = (vocabulary.MERGED, vocabulary.MERGING)
        quads = [
            quad for graph in graphs for quad in opened.native.quads_for_pattern(None, None, None, graph)
        ]
        quads += opened.native.quads_for_pattern(None, vocabulary.REFERS_TO, None, None)
        return set(map(str, quads))


def count(store: Path, predicate: str) -> list[int]:
    with EventGraph.open(store) as graph:
        return sorted(row[0] for row in graph.query(f"SELECT ?n {{ ?e rg:{predicate} ?n }}").rows)


# --- across articles ---


def test_reports_of_one_event_in_other_words_are_one_event(tmp_path: Path) -> None:
    build_all(tmp_path / "s", [*TALKS, OTHER])
    talks, accusation = sorted(events(tmp_path / "s"), key=lambda one: -len(one.evidence))
    assert {evidence.article for evidence in talks.evidence} == {"a", "b", "c"}
    assert len(accusation.evidence) == 1
    assert talks.place is not None and talks.place.name == "Sochi"
    assert count(tmp_path / "s", "independentSources") == [1, 3]


def test_a_vague_date_and_an_exact_one_that_fits_are_one_event(tmp_path: Path) -> None:
    vague = report("v", "Trong tháng 4, Nga và Iran hội đàm tại Sochi.", "hội đàm", time="2018-04")
    build_all(tmp_path / "s", [TALKS[0], vague])
    (one,) = events(tmp_path / "s")
    assert one.time is not None and one.time.edtf == "2018-04-04"


def test_recurring_events_stay_apart(tmp_path: Path) -> None:
    words = "Nga và Iran tập trận chung trên biển Caspi."
    years = [
        report(
            f"y{year}", words, "tập trận", date(year, 7, 9), f"Năm thứ {year}.", time=f"{year}-07-08",
            event_type=EventType.COOPERATE,
        )
        for year in (2018, 2019, 2020)
    ]  # fmt: skip
    undated = [
        report(
            f"u{year}", words, "tập trận", date(year, 7, 9), f"Tin {year}.", time=None,
            event_type=EventType.COOPERATE,
        )
        for year in (2018, 2019)
    ]  # fmt: skip
    by_year = [
        report("z1", words, "tập trận", rest="Một.", time="2018", event_type=EventType.COOPERATE),
        report("z2", words, "tập trận", rest="Hai.", time="2018-07-08", event_type=EventType.COOPERATE),
    ]
    build_all(tmp_path / "years", years)
    build_all(tmp_path / "undated", undated)
    build_all(tmp_path / "vague", by_year)
    assert [len(events(tmp_path / name)) for name in ("years", "undated", "vague")] == [3, 2, 2]


def test_undated_reports_are_joined_only_where_they_are_nearly_the_same(tmp_path: Path) -> None:
    same = [report(k, "Nga và Iran hội đàm tại Sochi.", "hội đàm", rest=f"Bản {k}.", time=None) for k in "ab"]
    other = report("c", "Cuộc hội đàm Nga - Iran bàn về giá dầu mỏ.", "Cuộc hội đàm", time=None)
    build_all(tmp_path / "s", [*same, other])
    assert sorted(len(one.evidence) for one in events(tmp_path / "s")) == [1, 2]


def test_a_person_stands_for_the_state(tmp_path: Path) -> None:
    words = "hôm 4/4 lên án mạnh mẽ các vụ tấn công vào Iran"
    more = {"event_type": EventType.ACCUSE, "patients": (IRAN,)}
    pair = [
        report("a", f"Nga {words}.", "lên án", agents=(RUSSIA,), **more),
        report("b", f"Ông Putin {words}.", "lên án", agents=(PUTIN,), **more),
    ]
    build_all(tmp_path / "s", pair, knowledge=SmallKnowledge())
    assert len(events(tmp_path / "s")) == 1


def test_identifiers_do_not_change_with_later_reports(tmp_path: Path) -> None:
    build_all(tmp_path / "s", TALKS[:1])
    (before,) = events(tmp_path / "s")
    build_all(tmp_path / "s", TALKS)
    (after,) = events(tmp_path / "s")
    assert before.id == after.id == f"consult-2018-04-04-{after.id[-16:]}"


def test_each_mention_keeps_method_and_score(tmp_path: Path) -> None:
    build_all(tmp_path / "s", [*TALKS, OTHER])
    with EventGraph.open(tmp_path / "s") as graph:
        rows = graph.query(
            """SELECT ?method ?score { GRAPH graph:merging { ?m rg:mergeMethod ?method ; rg:mergeScore ?score } }
            ORDER BY ?method"""
        ).rows
    assert [method for method, _ in rows] == ["across", "across", "across", "alone"]
    assert all(0.45 <= float(score) <= 1 for _, score in rows)


# --- within an article ---


def test_chains_are_found_without_same_as(tmp_path: Path) -> None:
    text = "Nga và Iran hội đàm tại Sochi hôm 4/4. Cuộc hội đàm Nga - Iran kéo dài ba giờ."
    source = article("a", text)
    told = document(source, event(text, "hội đàm"), event(text, "Cuộc hội đàm", id="v2"))
    build_all(tmp_path / "s", [(source, told)])
    (one,) = events(tmp_path / "s")
    assert len(one.evidence) == 2
    with Store.open(tmp_path / "s") as store:
        assert {reason.method for reason in explain(store, one.id)} == {"within"}


# --- near-copies ---

AGENCY = " ".join(f"Đoạn {n} của bản tin kể việc thứ {n * n} trong ngày." for n in range(40))


def test_near_copies_count_once_and_keep_their_evidence(tmp_path: Path) -> None:
    copies = [
        report(k, TALKS[0][0].text, "hội đàm", rest=f"{AGENCY} Biên tập: {k}.", mode="meeting", place="e5")
        for k in ("báo một", "báo hai")
    ]
    build_all(tmp_path / "s", [*copies, TALKS[1]])
    (one,) = events(tmp_path / "s")
    assert len(one.evidence) == 3
    assert count(tmp_path / "s", "reportingArticles") == [3]
    assert count(tmp_path / "s", "independentSources") == [2]


@given(st.lists(st.integers(0, 400), min_size=60, max_size=200), st.integers(0, 5))
def test_similarity_estimates_the_shared_runs(numbers: list[int], changed: int) -> None:
    words = [f"tiếng{n}" for n in numbers]
    other = [f"khác{k}" for k in range(changed)] + words[changed:]
    runs, other_runs = ({tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in (words, other))
    share = len(runs & other_runs) / len(runs | other_runs)
    assert abs(similarity(signature(" ".join(words)), signature(" ".join(other))) - share) < 0.25


def test_copies_of_copies_count_once() -> None:
    words = [f"tiếng{n}" for n in range(300)]
    texts = {str(cut): " ".join(words[cut : cut + 200]) for cut in (0, 40, 80)}
    signatures = {name: signature(text) for name, text in texts.items()}
    assert (
        similarity(signatures["0"], signatures["80"]) < ALIKE < similarity(signatures["0"], signatures["40"])
    )
    assert independent(signatures) == 1
    assert independent(signatures | {"x": signature("một bài khác hẳn về chuyện khác hẳn")}) == 2


# --- order and increments ---


@st.composite
def reports(draw: st.DrawFn) -> list[tuple[Article, Document]]:
    """A few articles that tell of talks and visits in similar words, some of them several times."""
    made = []
    for number in range(draw(st.integers(2, 5))):
        parts, mentions, text = draw(st.integers(1, 3)), [], f"Tin {number}."
        for k in range(parts):
            verb = draw(st.sampled_from(["hội đàm", "gặp", "thăm"]))
            place = draw(st.sampled_from(["tại Sochi", "về dầu mỏ", "về Syria và Iraq"]))
            text += f" Nga và Iran {verb}{k} {place}."
            mentions.append((f"{verb}{k}", draw(st.sampled_from([(RUSSIA, IRAN), (PUTIN, IRAN), (TURKEY,)]))))
        source = article(f"a{number}", text, date(2018, 4, draw(st.integers(4, 7))))
        times = ["2018-04-04", "2018-04-05", "2018-04", None]
        told = [
            event(text, word, agents=agents, time=draw(st.sampled_from(times)), id=f"v{k}")
            for k, (word, agents) in enumerate(mentions)
        ]
        made.append((source, document(source, *told)))
    return made


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports(), st.randoms(use_true_random=False))
def test_any_order_and_any_steps_give_the_same_graph(
    made: list[tuple[Article, Document]], chance: random.Random
) -> None:
    shuffled = chance.sample(made, len(made))
    with TemporaryDirectory() as folder:
        once, steps, mended = (Path(folder, name) for name in ("once", "steps", "mended"))
        build_all(once, made)
        for one in shuffled:
            build_all(steps, [one])
        first, told = shuffled[0]
        draft = article(first.id, f"{first.text} Nga và Iran bàn về dầu mỏ.", first.published)
        draft_told = document(draft, event(draft.text, "bàn", time="2018-04-04"))
        build_all(mended, [(draft, draft_told), *shuffled[1:]])
        build_all(mended, [(first, told)])
        assert everything_merged(steps) == everything_merged(once) == everything_merged(mended)


@given(
    st.dictionaries(
        st.frozensets(st.sampled_from("abcdefg"), min_size=2, max_size=2), st.floats(0, 1), max_size=21
    ),
    st.sets(st.frozensets(st.sampled_from("abcdefg"), min_size=2, max_size=2), max_size=3),
    st.sets(st.frozensets(st.sampled_from("abcdefg"), min_size=2, max_size=2), max_size=3),
)
def test_clusters_are_a_partition_that_obeys(
    scores: dict[frozenset[str], float], must: set[frozenset[str]], never: set[frozenset[str]]
) -> None:
    found = clusters("abcdefg", scores, 0.5, must, never)
    assert sorted(item for cluster in found for item in cluster) == list("abcdefg")
    assert not any(pair <= set(cluster) for pair in never for cluster in found)
    if not never:
        assert all(any(pair <= set(cluster) for cluster in found) for pair in must)
    backwards = dict(reversed(scores.items()))
    assert clusters("gfedcba", backwards, 0.5, must, never) == found


# --- corrections ---


def explained(store: Path, event_id: str) -> list[dict[str, str]]:
    result = RUNNER.invoke(app, ["explain", event_id, "--store", str(store), "--format", "json"])
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in rows]


def run(*arguments: object) -> str:
    result = RUNNER.invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_explain_tells_method_score_and_figures(tmp_path: Path) -> None:
    build_all(tmp_path / "s", TALKS)
    (one,) = events(tmp_path / "s")
    rows = explained(tmp_path / "s", one.id)
    assert [row["mention"].split(":")[0] for row in rows] == ["a", "b", "c"]
    assert {row["method"] for row in rows} == {"across"}
    assert all(row["nearest"] and " +" in row["figures"] for row in rows)


def test_split_takes_a_mention_out_now_and_in_later_builds(tmp_path: Path) -> None:
    store = tmp_path / "s"
    build_all(store, TALKS[:2])
    (one,) = events(store)
    out = explained(store, one.id)[1]["mention"]
    run("split", one.id, out, "--store", store)
    assert sorted(len(e.evidence) for e in events(store)) == [1, 1]
    build_all(store, TALKS)
    apart = events(store)
    assert len(apart) == 2 and sum(len(e.evidence) for e in apart) == 3
    with_b = next(e for e in apart if "b" in {x.article for x in e.evidence})
    assert "a" not in {x.article for x in with_b.evidence}


def test_merge_joins_events_now_and_in_later_builds(tmp_path: Path) -> None:
    store = tmp_path / "s"
    build_all(store, [TALKS[0], OTHER])
    first, second = events(store)
    run("merge", first.id, second.id, "--store", store)
    (one,) = events(store)
    assert {row["method"] for row in explained(store, one.id)} == {"correction"}
    build_all(tmp_path / "other", [*TALKS, OTHER], corrections=store / "corrections.jsonl")
    build_all(store, TALKS)
    assert everything_merged(store) == everything_merged(tmp_path / "other")


def test_corrections_are_undone_with_their_file(tmp_path: Path) -> None:
    store = tmp_path / "s"
    build_all(store, [*TALKS, OTHER])
    before = everything_merged(store)
    talks = max(events(store), key=lambda one: len(one.evidence))
    run("split", talks.id, explained(store, talks.id)[0]["mention"], "--store", store)
    assert everything_merged(store) != before
    (store / "corrections.jsonl").unlink()
    remerge(store)
    assert everything_merged(store) == before


def test_a_split_that_fails_is_not_noted(tmp_path: Path) -> None:
    store = tmp_path / "s"
    build_all(store, [*TALKS, OTHER])
    talks = max(events(store), key=lambda one: len(one.evidence))
    split = ["split", talks.id, explained(store, talks.id)[0]["mention"], "--store", str(store)]
    with StoreWriter(store, software="1"):
        result = RUNNER.invoke(app, split)
    assert result.exit_code == 2 and "another process is writing to this store" in result.output
    assert not (store / "corrections.jsonl").exists()
    run(*split)
    assert len(read_corrections(store / "corrections.jsonl")) == 1


def test_corrections_stay_as_they_were_where_the_store_cannot_be_published(tmp_path: Path) -> None:
    store, noted = tmp_path / "s", '{"mentions": ["x:1-2", "y:1-2"], "action": "merge"}\n\n'
    build_all(store, [TALKS[0], OTHER])
    (store / "corrections.jsonl").write_text(noted)
    before, merge = everything_merged(store), ["merge", *(one.id for one in events(store))]
    blocked = store / "g000002"  # the next generation's folder, which can't be removed while it is locked
    blocked.mkdir()
    lock = os.open(blocked, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    assert RUNNER.invoke(app, [*merge, "--store", str(store)]).exit_code == 2
    os.close(lock)
    assert (store / "corrections.jsonl").read_text() == noted
    assert everything_merged(store) == before
    run(*merge, "--store", store)
    assert len(read_corrections(store / "corrections.jsonl")) == 2


def test_a_correction_that_says_nothing_new_is_not_added(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    merge = Correction(action=Action.MERGE, mentions=("a:1-2", "b:1-2"))
    split = Correction(action=Action.SPLIT, mentions=("a:1-2",), others=("b:1-2",))
    for correction in (merge, merge, split, split, merge):
        with adding(path, correction) as obeyed:
            assert obeyed == read_corrections(path)
    assert read_corrections(path) == [merge, split, merge]


def test_the_last_correction_wins() -> None:
    merge = Correction(action=Action.MERGE, mentions=("a:1-2", "b:1-2"))
    split = Correction(action=Action.SPLIT, mentions=("a:1-2",), others=("b:1-2",))
    pair = frozenset(("a:1-2", "b:1-2"))
    assert pair in Constraints([split, merge]).together and pair not in Constraints([split, merge]).apart
    assert pair in Constraints([merge, split]).apart and pair not in Constraints([merge, split]).together


def test_a_correction_splits_a_chain_within_an_article(tmp_path: Path) -> None:
    text = "Nga và Iran hội đàm hôm 4/4. Cuộc hội đàm Nga - Iran kéo dài."
    source = article("a", text)
    told = document(source, event(text, "hội đàm"), event(text, "Cuộc hội đàm", id="v2", same_as="v1"))
    build_all(tmp_path / "s", [(source, told)])
    (one,) = events(tmp_path / "s")
    run("split", one.id, explained(tmp_path / "s", one.id)[1]["mention"], "--store", tmp_path / "s")
    assert len(events(tmp_path / "s")) == 2


@pytest.mark.parametrize(("modes", "number"), [(("meeting", "meeting"), 1), (("visit", "meeting"), 2)])
def test_a_visit_and_its_talks_are_two_events_though_extraction_says_one(
    tmp_path: Path, modes: tuple[str, str], number: int
) -> None:
    text = "Ông Putin thăm Iran hôm 4/4. Cuộc hội đàm kéo dài tới khuya, nhiều văn kiện được bàn."
    source = article("a", text)
    first, second = modes
    told = document(
        source,
        event(text, "thăm", mode=first),
        event(text, "Cuộc hội đàm", id="v2", mode=second, same_as="v1"),
    )
    build_all(tmp_path / "s", [(source, told)])
    assert len(events(tmp_path / "s")) == number


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explain", "không-có"], "there is no such event"),
        (["split", "EVENT", "x:1-2"], "is no mention of"),
        (["split", "EVENT", "ALL"], "all its mentions are named"),
        (["merge", "EVENT"], "is one event only"),
        (["merge", "EVENT", "không-có"], "there is no such event"),
    ],
)
def test_wrong_commands_are_told_in_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    build_all(tmp_path / "s", TALKS)
    (one,) = events(tmp_path / "s")
    every = [row["mention"] for row in explained(tmp_path / "s", one.id)]
    words = [w for a in arguments for w in (every if a == "ALL" else [one.id if a == "EVENT" else a])]
    result = RUNNER.invoke(app, [*words, "--store", str(tmp_path / "s")])
    assert result.exit_code == 2
    assert message in result.output and len(result.output.strip().splitlines()) == 1
    assert not (tmp_path / "s" / "corrections.jsonl").exists()


@pytest.mark.parametrize("line", ["{}", "nichts", '{"action": "join", "mentions": ["a:1-2"]}'])
def test_a_bad_corrections_file_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(f'{{"action": "merge", "mentions": ["a:1-2"]}}\n{line}\n')
    with pytest.raises(RelgraphError, match="line 2 is no correction"):
        read_corrections(path)
    with pytest.raises(RelgraphError, match=r"c\.jsonl"):
        build_all(tmp_path / "s", TALKS, corrections=path)


# --- scale ---


@pytest.mark.slow
def test_ten_thousand_events_are_merged_in_half_a_minute(tmp_path: Path) -> None:
    made = [synthetic(number, events_each=20) for number in range(500)]
    started = time.process_time()
    build_all(tmp_path / "s", made)
    assert time.process_time() - started < 30


# --- measured ---


def test_merging_is_measured_pairwise() -> None:
    documents = [told for _, told in (*TALKS, OTHER)]

    def pair(a: str, b: str, same: bool) -> JudgedPair:
        return JudgedPair(a=MentionRef(article=a, event="v1"), b=MentionRef(article=b, event="v1"), same=same)

    pairs = [pair("a", "b", True), pair("a", "c", False), pair("a", "d", True), pair("a", "elsewhere", True)]
    scores = score_merging(documents, pairs, SmallKnowledge())
    assert (scores.pairs.correct, scores.pairs.gold, scores.pairs.predicted) == (1, 2, 2)
    with pytest.raises(RelgraphError, match="no such gold mention"):
        missing = MentionRef(article="a", event="v9")
        score_merging(documents, [JudgedPair(a=missing, b=missing, same=True)], SmallKnowledge())


def test_the_judged_pairs_hold_ids_only_and_lie_across_articles() -> None:
    pairs = read_pairs(PAIRS)
    assert len(pairs) >= 60 and sum(not pair.same for pair in pairs) >= 20
    assert all(pair.a.article != pair.b.article for pair in pairs)
    assert len({frozenset((pair.a.key, pair.b.key)) for pair in pairs}) == len(pairs)


@pytest.fixture(scope="module")
def gold(shared: Path) -> list[Document]:
    folders = (shared / "eval" / name for name in ("gold-train", "gold-dev"))
    return [told for folder in folders for _, told in read_gold(folder, [shared / "corpus"])]


@pytest.mark.shared
def test_merging_reaches_its_bars(gold: list[Document]) -> None:
    scores = score_merging(gold, read_pairs(PAIRS), KnowledgeBase.load())
    assert scores.chains.f1 >= 85
    assert scores.chains_given.f1 >= 90
    assert scores.pairs.f1 >= 80
    assert scores.pairs_given.f1 >= 80


@pytest.mark.shared
def test_gold_articles_in_any_order_give_the_same_events(gold: list[Document]) -> None:
    blank = [without_chains(told) for told in gold[:120]]
    shuffled = random.Random(1).sample(blank, len(blank))
    knowledge = KnowledgeBase.load()
    assert merged_in_memory(blank, knowledge) == merged_in_memory(shuffled, knowledge)
