"""What the event reader finds in sentences of our own, and what holds for any text."""

import re
from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

import relgraph.nlp  # noqa: F401 - registers the components
from relgraph.model import (
    Article,
    Entity,
    EntityType,
    EventMention,
    EventType,
    Factuality,
    Mention,
    Role,
    TimeAnchor,
    TimeExpression,
    TimexType,
    Zone,
    ZoneKind,
)
from relgraph.nlp.events.choice import ANY, NONE, Choice
from relgraph.nlp.events.component import EventReader
from relgraph.nlp.events.training import Example, fit, learn
from relgraph.nlp.language import Vietnamese

PUBLISHED = date(2021, 10, 20)
NAMES = {
    "Nga": EntityType.GPE,
    "Iran": EntityType.GPE,
    "Mỹ": EntityType.GPE,
    "Syria": EntityType.GPE,
    "Ukraine": EntityType.GPE,
    "Israel": EntityType.GPE,
    "Moskva": EntityType.GPE,
    "Tehran": EntityType.GPE,
    "Putin": EntityType.PER,
    "Raisi": EntityType.PER,
    "Lavrov": EntityType.PER,
    "Shoigu": EntityType.PER,
    "Bagheri": EntityType.PER,
    "SCO": EntityType.ORG,
    "EU": EntityType.ORG,
    "TASS": EntityType.ORG,
    "Liên hợp quốc": EntityType.ORG,
    "Bộ Ngoại giao Iran": EntityType.ORG,
}
LONGEST_FIRST = re.compile(
    "|".join(rf"(?<!\w){re.escape(n)}(?!\w)" for n in sorted(NAMES, key=len, reverse=True))
)


@pytest.fixture(scope="module")
def nlp() -> Vietnamese:
    pipeline = Vietnamese()
    for name in ("relgraph_sentences", "relgraph_tagger", "relgraph_nominals", "relgraph_events"):
        pipeline.add_pipe(name)
    return pipeline


def annotate(doc: Doc, times: dict[str, str], published: date | None) -> None:
    """Set what the components before the event reader would have found; an entity's id is its name."""
    text = doc.text
    whole = Zone(kind=ZoneKind.BODY, start=0, end=len(text))
    doc._.article = Article(id="test", text=text, published=published, zones=(whole,))
    found = list(LONGEST_FIRST.finditer(text))
    doc._.entities = tuple(
        Entity(id=name, type=NAMES[name], name=name) for name in dict.fromkeys(match[0] for match in found)
    )
    doc._.mentions = tuple(
        Mention(start=m.start(), end=m.end(), text=m[0], type=NAMES[m[0]], entity=m[0]) for m in found
    )
    spans = ((m, value) for phrase, value in times.items() for m in re.finditer(re.escape(phrase), text))
    doc._.timexes = tuple(
        TimeExpression(start=m.start(), end=m.end(), text=m[0], type=TimexType.DATE, value=value)
        for m, value in sorted(spans, key=lambda pair: pair[0].start())
    )


@pytest.fixture(scope="module")
def read(nlp):
    def read_text(
        text: str, times: dict[str, str] | None = None, published: date | None = PUBLISHED
    ) -> tuple[EventMention, ...]:
        doc = nlp.make_doc(text)
        annotate(doc, times or {}, published)
        for _, component in nlp.pipeline:
            doc = component(doc)
        return doc._.events

    return read_text


def only(events: Iterable[EventMention], surface: str) -> EventMention:
    found = [event for event in events if event.trigger.text.lower() == surface]
    assert len(found) == 1, [(event.trigger.text, str(event.type)) for event in events]
    return found[0]


def parties(event: EventMention, role: Role) -> set[str]:
    return {participant.entity for participant in event.participants if participant.role is role}


# --- types ------------------------------------------------------------------------------------------------

SENTENCES = [
    (
        "Tổng thống Putin tuyên bố Nga sẵn sàng hợp tác với Iran trong lĩnh vực năng lượng.",
        "sẵn sàng",
        "AGREE",
        None,
    ),
    ("Ngoại trưởng Lavrov đã hội đàm với ông Bagheri tại Tehran.", "hội đàm", "CONSULT", "meeting"),
    ("Tổng thống Raisi thực hiện chuyến thăm Nga kéo dài hai ngày.", "chuyến thăm", "CONSULT", "visit"),
    ("Ông Putin đã điện đàm với ông Raisi về tình hình Syria.", "điện đàm", "CONSULT", "phone"),
    ("Iran hoan nghênh lập trường của Nga về Syria.", "hoan nghênh", "SUPPORT", None),
    ("Nga và Iran đã ký kết hiệp định đường sắt tại Moskva.", "ký kết", "SUPPORT", None),
    (
        "Hải quân Nga và Iran tiến hành cuộc tập trận chung ở phía bắc.",
        "cuộc tập trận chung",
        "COOPERATE",
        None,
    ),
    ("Nga viện trợ thuốc men cho Syria.", "viện trợ", "AID", None),
    ("Mỹ đã nới lỏng các biện pháp đối với Iran.", "nới lỏng", "CONCEDE", None),
    ("Iran đã trả tự do cho ba thủy thủ Mỹ.", "trả tự do", "RETREAT", None),
    ("Nga kêu gọi Mỹ quay lại bàn đàm phán.", "kêu gọi", "REQUEST", None),
    ("Iran lên án Israel vì vụ việc này.", "lên án", "ACCUSE", None),
    ("Iran bác bỏ cáo buộc của Mỹ.", "bác bỏ", "REJECT", None),
    ("Iran đe dọa tấn công các căn cứ của Mỹ.", "đe dọa", "THREATEN", None),
    ("Hàng nghìn người Iran biểu tình trước đại sứ quán Mỹ.", "biểu tình", "PROTEST", None),
    ("Mỹ áp đặt lệnh trừng phạt mới đối với Iran.", "lệnh trừng phạt", "SANCTION", None),
    ("Nga đã trục xuất hai nhà ngoại giao Mỹ.", "trục xuất", "SANCTION", None),
    ("Nga điều động tàu chiến tới bờ biển Syria.", "điều động", "MOBILIZE", None),
    ("Iran bắt giữ hai công dân Mỹ.", "bắt giữ", "COERCE", None),
    ("Israel không kích một kho đạn của Iran ở Syria.", "không kích", "ASSAULT", None),
    ("Ông Lavrov cho biết hai bên còn nhiều việc phải làm.", "cho biết", "STATE", None),
    ("Iran chính thức gia nhập SCO.", "gia nhập", "JOIN", None),
    ("Nga và Iran thành lập một ngân hàng chung.", "thành lập", "FOUND", None),
    ("Ông Raisi tái đắc cử tại Iran.", "tái đắc cử", "ELECT", None),
]


@pytest.mark.parametrize(("sentence", "surface", "kind", "mode"), SENTENCES)
def test_each_type_is_found_on_its_trigger(read, sentence, surface, kind, mode):
    event = only(read(sentence), surface)
    assert (event.type, event.mode) == (EventType(kind), mode)
    assert event.confidence > 0.3


def test_a_classifier_belongs_to_its_noun(read):
    assert (
        only(read("Cuộc gặp giữa ông Putin và ông Raisi diễn ra tại Moskva."), "cuộc gặp").type
        is EventType.CONSULT
    )


def test_speech_that_performs_a_type_gives_it_once(read):
    events = read("Nga kêu gọi Mỹ dỡ bỏ cấm vận đối với Iran.")
    assert [event.type for event in events if event.type in (EventType.STATE, EventType.REQUEST)] == [
        EventType.REQUEST
    ]


def test_words_that_only_look_like_triggers_are_no_events(read):
    assert read("Nói chung, quan hệ giữa hai nền văn hóa có lịch sử lâu đời.") == ()


def test_a_name_is_not_searched_for_triggers(read):
    text = "Bộ Ngoại giao Iran có trụ sở tại Tehran."
    assert read(text) == ()


# --- participants -----------------------------------------------------------------------------------------


def test_subject_is_agent_and_object_patient(read):
    event = only(read("Iran lên án Israel vì vụ việc này."), "lên án")
    assert parties(event, Role.AGENT) == {"Iran"}
    assert parties(event, Role.PATIENT) == {"Israel"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Ngày hôm nay, ông Putin và ông Raisi đã gặp nhau tại Moskva.",
        "Ông Putin đã có cuộc gặp với ông Raisi tại Moskva.",
        "Cuộc gặp giữa ông Putin và ông Raisi diễn ra tại Moskva.",
    ],
)
def test_all_parties_of_a_meeting_are_agents(read, sentence):
    event = next(event for event in read(sentence) if event.type is EventType.CONSULT)
    assert parties(event, Role.AGENT) == {"Putin", "Raisi"}
    assert event.place == "Moskva"


def test_the_passive_turns_roles_round(read):
    event = only(read("Ông Shoigu bị Ukraine cáo buộc nhiều lần."), "cáo buộc")
    assert parties(event, Role.AGENT) == {"Ukraine"}
    assert parties(event, Role.PATIENT) == {"Shoigu"}


def test_the_country_visited_is_patient(read):
    event = only(read("Tổng thống Raisi thực hiện chuyến thăm Nga kéo dài hai ngày."), "chuyến thăm")
    assert "Raisi" in parties(event, Role.AGENT)
    assert parties(event, Role.PATIENT) == {"Nga"}


def test_the_speaker_may_follow_the_quotation(read):
    event = only(read("“Chúng tôi sẽ không lùi bước”, ông Shoigu nói."), "nói")
    assert parties(event, Role.AGENT) == {"Shoigu"}


def test_a_dropped_subject_is_carried_over(read):
    text = "Ông Lavrov lên án Mỹ, đồng thời kêu gọi EU giữ thỏa thuận."
    event = only(read(text), "kêu gọi")
    assert "Lavrov" in parties(event, Role.AGENT)


def test_an_office_stands_for_its_holder(read):
    text = "Ngoại trưởng Nga Lavrov tới Tehran.\nNgoại trưởng Nga cho biết ông hài lòng."
    event = only(read(text), "cho biết")
    assert parties(event, Role.AGENT) == {"Lavrov"}
    assert event.participants[0].method == "office"


def test_who_reports_an_event_is_its_source(read):
    event = only(read("Theo TASS, Israel không kích một kho đạn của Iran ở Syria."), "không kích")
    assert event.source == "TASS"
    assert "TASS" not in parties(event, Role.AGENT)


# --- factuality -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "surface", "factuality"),
    [
        ("Ông Putin đã gặp ông Raisi tại Moskva.", "gặp", Factuality.ACTUAL),
        ("Ông Putin sẽ gặp ông Raisi tại Moskva vào tuần tới.", "gặp", Factuality.PLANNED),
        ("Theo kế hoạch, Tổng thống Raisi dự kiến thăm Nga vào tháng tới.", "thăm", Factuality.PLANNED),
        ("Israel có thể sẽ tấn công Iran.", "tấn công", Factuality.POSSIBLE),
        ("Nga chưa xác nhận thông tin này.", "chưa xác nhận", Factuality.NEGATED),
    ],
)
def test_cues_tell_whether_it_happened(read, sentence, surface, factuality):
    assert only(read(sentence), surface).factuality is factuality


# --- time -------------------------------------------------------------------------------------------------


def test_the_date_of_the_clause_is_the_events(read):
    text = "Ngày 18/10, ông Lavrov đã hội đàm với ông Bagheri tại Moskva."
    event = only(read(text, {"Ngày 18/10": "2021-10-18"}), "hội đàm")
    assert (event.time, event.timex) == ("2021-10-18", 0)
    assert event.anchor in (TimeAnchor.CLAUSE, TimeAnchor.SENTENCE)


def test_each_sentence_keeps_its_own_date(read):
    text = (
        "Ngày 18/10, ông Putin đã gặp ông Raisi tại Moskva. "
        "Ngày 19/10, ông Lavrov đã hội đàm với ông Bagheri tại Tehran."
    )
    events = read(text, {"Ngày 18/10": "2021-10-18", "Ngày 19/10": "2021-10-19"})
    assert [only(events, "gặp").time, only(events, "hội đàm").time] == ["2021-10-18", "2021-10-19"]


def test_the_sentence_before_frames_a_report(read):
    text = "Ngày 18/10, ông Lavrov đã tới Tehran. Ông Lavrov cho biết hai bên còn nhiều việc phải làm."
    event = only(read(text, {"Ngày 18/10": "2021-10-18"}), "cho biết")
    assert (event.time, event.anchor) == ("2021-10-18", TimeAnchor.PARAGRAPH)


def test_two_bounds_make_one_interval(read):
    text = "Ông Raisi sẽ thăm Nga từ ngày 1/11 đến ngày 3/11."
    event = only(read(text, {"ngày 1/11": "2021-11-01", "ngày 3/11": "2021-11-03"}), "thăm")
    assert event.time == "2021-11-01/2021-11-03"


def test_the_time_of_day_is_left_out(read):
    text = "Sáng 18/10, ông Lavrov đã hội đàm với ông Bagheri tại Moskva."
    assert only(read(text, {"Sáng 18/10": "2021-10-18TMO"}), "hội đàm").time == "2021-10-18"


def test_without_any_date_there_is_no_time(read):
    for event in read("Ông Lavrov cho biết Nga kêu gọi Mỹ đàm phán với Iran.", published=None):
        assert (event.time, event.timex, event.anchor) == (None, None, None)


def test_undated_news_takes_the_reports_date(read):
    event = only(read("Ông Lavrov cho biết hai bên còn nhiều việc phải làm."), "cho biết")
    assert (event.time, event.timex, event.anchor) == ("2021-10-20", None, TimeAnchor.DOCUMENT)


# --- chains -----------------------------------------------------------------------------------------------


def test_a_later_mention_of_one_event_points_to_the_first(read):
    text = (
        "Ngày 18/10, ông Putin đã có cuộc gặp với ông Raisi tại Moskva.\n"
        "Cuộc gặp giữa ông Putin và ông Raisi ngày 18/10 kéo dài ba giờ."
    )
    events = read(text, {"Ngày 18/10": "2021-10-18", "ngày 18/10": "2021-10-18"})
    first, second = (event for event in events if event.trigger.text.lower() == "cuộc gặp")
    assert first.same_as is None
    assert second.same_as == first.id


def test_events_of_different_days_are_not_joined(read):
    text = (
        "Ngày 18/10, ông Putin đã có cuộc gặp với ông Raisi tại Moskva.\n"
        "Ngày 12/10, ông Putin cũng đã có cuộc gặp với ông Raisi tại Moskva."
    )
    events = read(text, {"Ngày 18/10": "2021-10-18", "Ngày 12/10": "2021-10-12"})
    assert [event.same_as for event in events if event.trigger.text.lower() == "cuộc gặp"] == [None, None]


# --- form -------------------------------------------------------------------------------------------------


def test_ids_follow_the_text_and_triggers_are_mirrored(nlp):
    doc = nlp.make_doc("Nga kêu gọi Mỹ đàm phán. Iran lên án Israel vì vụ việc này.")
    annotate(doc, {}, PUBLISHED)
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert [event.id for event in doc._.events] == [f"v{i + 1}" for i in range(len(doc._.events))]
    assert [span.label_ for span in doc.spans["triggers"]] == [str(event.type) for event in doc._.events]


@pytest.mark.parametrize(
    ("text", "founders", "founded"),
    [
        (
            "Liên hợp quốc chính thức được thành lập năm 1945, với các nước sáng lập gồm Mỹ, Nga và Syria.",
            {"Mỹ", "Nga", "Syria"},
            {"Liên hợp quốc"},
        ),
        ("SCO được thành lập với hai thành viên là Nga và Iran, không có Mỹ.", {"Nga", "Iran"}, {"SCO"}),
        ("Khối EU được lập ra từ hiệp ước này.", set(), {"EU"}),
    ],
)
def test_who_founded_what_is_read_off_the_construction(read, text, founders, founded):
    (founding,) = (event for event in read(text) if event.type == "FOUND")
    assert parties(founding, Role.AGENT) == founders
    assert parties(founding, Role.PATIENT) == founded


def test_thresholds_are_settings(nlp):
    text = "Nga kêu gọi Mỹ đàm phán."
    doc = nlp.make_doc(text)
    annotate(doc, {}, PUBLISHED)
    for name in ("relgraph_sentences", "relgraph_tagger"):
        doc = nlp.get_pipe(name)(doc)
    assert EventReader(trigger_threshold=1.0)(doc)._.events == ()
    without_roles = EventReader(role_threshold=1.0)(doc)._.events
    assert without_roles
    assert all(event.participants == () for event in without_roles)


WORDS = [name for sentence, *_ in SENTENCES for name in sentence.split()]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(["\n", ".", ",", "“", '"', "từ", "đến", "🙂"]),
        st.text(max_size=4),
    ),
    max_size=40,
).map(" ".join)
VALUES = st.sampled_from(
    ["2021-10-18", "2021-10-18TMO", "2021", "PRESENT_REF", "P3D", "2021-13-45", "", "2021-11-01/2021-10-01"]
)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), text=TEXTS, published=st.sampled_from([None, PUBLISHED]))
def test_any_annotated_text_is_read(nlp, data, text, published):
    doc = nlp.make_doc(text)
    annotate(doc, {}, published)
    spots = st.integers(0, max(0, len(doc.text) - 1))
    times = [(min(a, b), max(a, b) + 1) for a, b in data.draw(st.lists(st.tuples(spots, spots), max_size=4))]
    doc._.timexes = tuple(
        TimeExpression(
            start=a,
            end=b,
            text=doc.text[a:b],
            type=data.draw(st.sampled_from(TimexType)),
            value=data.draw(VALUES),
        )
        for a, b in sorted(times)
        if b <= len(doc.text)
    )
    for _, component in nlp.pipeline:
        doc = component(doc)
    known = {entity.id for entity in doc._.entities}
    ids: set[str] = set()
    for event in doc._.events:
        assert doc.text[event.trigger.start : event.trigger.end] == event.trigger.text != ""
        assert {participant.entity for participant in event.participants} | ({event.place} - {None}) <= known
        assert event.place not in {participant.entity for participant in event.participants}
        assert event.same_as is None or event.same_as in ids
        assert event.timex is None or 0 <= event.timex < len(doc._.timexes)
        assert (event.time is None) == (event.anchor is None)
        assert 0 <= event.confidence <= 1
        ids.add(event.id)


# --- choosing and fitting ---------------------------------------------------------------------------------


def test_fitted_weights_prefer_what_annotators_chose():
    options = (NONE, "planned", "possible")

    def example(evidence: str, answer: str) -> Example:
        return Example(((), (evidence,), (evidence,)), tuple(option == answer for option in options), options)

    examples = (
        [example("cue=sẽ", "planned")] * 9
        + [example("cue=có thể", "possible")] * 9
        + [example("none", NONE)] * 9
    )
    choice = Choice(fit(examples))
    for cue, answer in (("cue=sẽ", "planned"), ("cue=có thể", "possible"), ("none", NONE)):
        odds = choice.probabilities(options[1:], [cue])
        assert max(odds, key=odds.__getitem__) == answer
        assert sum(odds.values()) == pytest.approx(1)


def test_alternatives_with_their_own_evidence_are_ranked():
    choice = Choice({"near": {ANY: 2.0}, "far": {ANY: -1.0}})
    odds = choice.rank({"2021-10-18": ["near"], "2021-10-19": ["far"], None: []})
    assert sorted(odds, key=odds.__getitem__, reverse=True) == ["2021-10-18", None, "2021-10-19"]


def _without_scores(event):
    scores = dict.fromkeys(("confidence", "factuality_confidence", "time_confidence"), 0)
    participants = tuple(one.model_copy(update={"confidence": 0}) for one in event.participants)
    return event.model_copy(update={"id": "", "participants": participants, **scores})


def test_a_reader_learns_from_annotated_articles(nlp, read):
    text = "Ngày 18/10, Iran lên án Israel vì vụ việc này."
    times = {"Ngày 18/10": "2021-10-18"}
    doc = nlp.make_doc(text)
    annotate(doc, times, PUBLISHED)
    for _, component in nlp.pipeline:
        doc = component(doc)
    annotated = [event for event in doc._.events if event.trigger.text == "lên án"]
    reader = EventReader(weights=learn([(doc, annotated)] * 8))
    event = only(reader(doc)._.events, "lên án")
    assert _without_scores(event) == _without_scores(annotated[0])
