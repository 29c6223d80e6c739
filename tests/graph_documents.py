"""Documents for the graph's tests, written out by hand or made from a number."""

from collections.abc import Iterable, Iterator
from datetime import date

from relgraph.kb import KnowledgeBase
from relgraph.model import (
    Article,
    Document,
    Entity,
    EntityType,
    EventMention,
    EventType,
    Factuality,
    KbEntity,
    Membership,
    Mention,
    Office,
    Participant,
    Role,
    Span,
    Tenure,
    TimeAnchor,
    TimeExpression,
    TimexType,
)

RUSSIA = Entity(id="e1", type=EntityType.GPE, name="Russia", kb="Q159", key="gpe/russia", label_vi="Nga")
IRAN = Entity(id="e2", type=EntityType.GPE, name="Iran", kb="Q794", key="gpe/iran", label_vi="Iran")
PUTIN = Entity(id="e3", type=EntityType.PER, name="Vladimir Putin", kb="Q7747", key="per/vladimir-putin")
TURKEY = Entity(
    id="e4", type=EntityType.GPE, name="Turkey", kb="Q43", key="gpe/turkey", label_vi="Thổ Nhĩ Kỳ"
)
SOCHI = Entity(id="e5", type=EntityType.GPE, name="Sochi", key="gpe/sochi")
ENTITIES = (RUSSIA, IRAN, PUTIN, TURKEY, SOCHI)
AGENT, PATIENT = Role.AGENT, Role.PATIENT


def article(article_id: str, text: str, published: date | None = date(2018, 4, 5), **more: str) -> Article:
    return Article(id=article_id, text=text, published=published, **more)


def span(text: str, surface: str) -> Span:
    start = text.index(surface)
    return Span(start=start, end=start + len(surface), text=surface)


def event(
    text: str,
    trigger: str,
    event_type: EventType = EventType.CONSULT,
    agents: Iterable[Entity] = (RUSSIA, IRAN),
    patients: Iterable[Entity] = (),
    time: str | None = "2018-04-04",
    **more: object,
) -> EventMention:
    participants = [Participant(entity=e.id, role=AGENT) for e in agents]
    participants += [Participant(entity=e.id, role=PATIENT) for e in patients]
    return EventMention.model_validate(
        {"id": "v1", "trigger": span(text, trigger), "type": event_type, "time": time}
        | {"participants": tuple(participants)}
        | more
    )


def document(source: Article, *events: EventMention, **more: object) -> Document:
    """A document of the article with these events, renumbered, and the entities they need."""
    return Document.model_validate(
        {
            "id": source.id,
            "dct": source.published,
            "title": source.title,
            "source": source.source,
            "url": source.url,
            "sha256": source.sha256,
            "text": source.text,
            "entities": ENTITIES,
            "events": events,
        }
        | more
    )


TEXT_1 = "Ngày 4/4, Nga và Iran hội đàm tại Sochi. Ông V. Putin sau đó ca ngợi Iran.\nHai nước sẽ gặp lại."
ARTICLE_1 = article(
    "bai-1", TEXT_1, title="Nga, Iran hội đàm", source="Báo Mẫu", url="https://example.org/1?a=b c"
)
DOCUMENT_1 = document(
    ARTICLE_1,
    event(TEXT_1, "hội đàm", mode="meeting", place="e5", timex=0, anchor=TimeAnchor.CLAUSE),
    event(TEXT_1, "ca ngợi", EventType.SUPPORT, (PUTIN,), (IRAN,), id="v2", source="e1", confidence=0.75),
    event(TEXT_1, "gặp lại", time=None, factuality=Factuality.PLANNED, id="v3"),
    mentions=(
        Mention(start=10, end=13, text="Nga", type=EntityType.GPE, entity="e1"),
        Mention(start=17, end=21, text="Iran", type=EntityType.GPE, entity="e2"),
        Mention(start=34, end=39, text="Sochi", type=EntityType.GPE, entity=None),
    ),
    timexes=(TimeExpression(start=0, end=8, text="Ngày 4/4", type=TimexType.DATE, value="2018-04-04"),),
)

TEXT_2 = "Cuộc gặp Nga - Iran diễn ra hôm 4/4. Trước đó, Thổ Nhĩ Kỳ bị Nga trừng phạt năm 2015."
ARTICLE_2 = article("bai-2", TEXT_2, date(2018, 4, 6))
DOCUMENT_2 = document(
    ARTICLE_2,
    event(TEXT_2, "Cuộc gặp", mode="meeting"),
    event(TEXT_2, "trừng phạt", EventType.SANCTION, (RUSSIA,), (TURKEY,), time="2015", id="v2"),
)


class Extractor:
    """Stands where the pipeline stands: hands out documents prepared for articles, and counts its work."""

    def __init__(self, *documents: Document) -> None:
        self.documents = {(d.id, d.sha256): d for d in documents}
        self.seen: list[str] = []

    def __call__(self, articles: Iterable[Article]) -> Iterator[Document]:
        for one in articles:
            self.seen.append(one.id)
            yield self.documents[one.id, one.sha256]


class SmallKnowledge(KnowledgeBase):
    """A knowledge base of four entries."""

    def __init__(self) -> None:
        entities = (
            KbEntity(
                id="gpe/russia",
                type=EntityType.GPE,
                name="Russia",
                vi="Nga",
                aliases=("Liên bang Nga",),
                wikidata="Q159",
                capital="gpe/moscow",
                source="own",
            ),
            KbEntity(
                id="gpe/iran",
                type=EntityType.GPE,
                name="Iran",
                vi="Iran",
                aliases=("Cộng hòa Hồi giáo Iran",),
                wikidata="Q794",
                source="own",
                member_of=(
                    Membership(organisation="org/sco", start="2023-07-04", source="own"),
                    Membership(
                        organisation="org/sco", status="observer", start="2005", end="2023", source="own"
                    ),
                ),
            ),
            KbEntity(
                id="org/sco",
                type=EntityType.ORG,
                name="Shanghai Cooperation Organisation",
                vi="Tổ chức Hợp tác Thượng Hải",
                aliases=("SCO",),
                source="own",
            ),
            KbEntity(
                id="per/vladimir-putin",
                type=EntityType.PER,
                name="Vladimir Putin",
                vi="Vladimir Putin",
                country="gpe/russia",
                source="own",
                held=(
                    Tenure(office="office/russia/president", start="2012-05-07", source="own"),
                    Tenure(office="office/russia/president", start="2000", end="2008-05-07", source="own"),
                ),
            ),
        )
        office = Office(
            id="office/russia/president",
            role="president",
            jurisdiction="gpe/russia",
            name="President of Russia",
            vi="Tổng thống Nga",
        )
        super().__init__(entities, [office])


def synthetic(number: int, events_each: int = 1) -> tuple[Article, Document]:
    """An article and its document, different for each number."""
    others = [
        Entity(id=f"x{k}", type=EntityType.PER, name=f"Person {k}", key=f"per/person-{k}")
        for k in {(number + e) % 200 for e in range(events_each)}
    ]
    text = f"Bản tin số {number}. " + " ".join(f"Nga gặp{e} Iran." for e in range(events_each))
    source = article(f"so-{number}", text, date(2010, 1, 1))
    events = []
    for e in range(events_each):
        serial = number * events_each + e
        day = date.fromordinal(date(2010, 1, 1).toordinal() + serial % 3000).isoformat()
        pair = (RUSSIA, IRAN) if serial % 20 == 0 else (RUSSIA, others[e % len(others)])
        events.append(
            event(text, f"gặp{e}", list(EventType)[serial % 20], pair[:1], pair[1:], day, id=f"v{e}")
        )
    mentions = [
        Mention(
            start=text.index(f"Nga gặp{e} "),
            end=text.index(f"Nga gặp{e} ") + 3,
            text="Nga",
            type=EntityType.GPE,
            entity="e1",
        )
        for e in range(events_each)
    ]
    return source, document(source, *events, entities=(RUSSIA, IRAN, *others), mentions=mentions)
