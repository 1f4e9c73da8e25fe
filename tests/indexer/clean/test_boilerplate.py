import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clean.boilerplate import article_blocks, block_key, is_label, without_recurring

STORY = [
    "The harbour board voted on Monday to close the old swing bridge for six months from June.",
    "Ferries will run every ten minutes between the two quays until the work is done, it said.",
    "Shopkeepers on the north bank fear for the summer trade, which pays for the rest of their year.",
    "“We were told about it on the radio,” said Ada Lund, who has sold fishing tackle there since 1998.",
]
RESUMED = [
    "The bearings of the bridge were cast in 1931, and nobody makes any of that size today.",
    "A foundry upriver has offered to try, on the condition that the old ones are melted down for it.",
]
CARDS = [
    "Council Tax to Rise by Four Per Cent in April",
    "The increase is the largest in ten years. Opponents call it a tax on patience.",
    "Why Is the Swimming Pool Still Shut?",
    "Engineers found a second leak under the deep end.",
    "Night Bus to the Airport Comes Back After Nine Years",
    "It will leave from the market square at a quarter past the hour, says the operator.",
]
HEADLINES = CARDS[::2]


@pytest.mark.parametrize(
    "label", ["Most read", "HOT THIS WEEK", "Related Articles:", "Editor’s Picks", "More from Sport"]
)
def test_a_labelled_box_goes_with_its_cards(label: str) -> None:
    assert article_blocks([*STORY, label, *CARDS]) == STORY


def test_cards_need_no_descriptions() -> None:
    assert article_blocks([*STORY, "Read more", *HEADLINES]) == STORY


def test_one_box_may_follow_another_and_the_last_may_be_empty() -> None:
    assert article_blocks([*STORY, "Most read", *CARDS, "Topics", *CARDS[:2], "Related Articles"]) == STORY


@pytest.mark.parametrize("cards", [CARDS, HEADLINES, HEADLINES[:1], []])
def test_a_box_in_the_middle_ends_where_prose_resumes(cards: list[str]) -> None:
    assert article_blocks([*STORY, "You may also like", *cards, *RESUMED]) == [*STORY, *RESUMED]


def test_a_subheading_after_a_box_is_the_articles() -> None:
    rest = ["Cast in bronze", *RESUMED]
    assert article_blocks([*STORY, "Most read", *CARDS, *rest]) == [*STORY, *rest]


def test_cards_may_carry_dates_and_bylines() -> None:
    dated = [
        "Council Tax to Rise by Four Per Cent in April",
        "12 May 2025",
        "The increase is the largest in ten years.",
    ]
    signed = ["Night Bus to the Airport Comes Back", "By Tom Reyes", "It will leave from the market square."]
    assert article_blocks([*STORY, "Latest news", *dated, *signed]) == STORY


def test_an_advertisement_between_cards_does_not_end_the_box() -> None:
    assert article_blocks([*STORY, "Most read", *CARDS[:2], "Advertisement", *CARDS[2:]]) == STORY


def test_a_box_whose_label_nobody_knows_is_told_by_its_cards() -> None:
    assert article_blocks([*STORY, "Fresh off the quay", *CARDS]) == STORY
    assert article_blocks([*STORY, "Fresh off the quay", *CARDS, *RESUMED]) == [*STORY, *RESUMED]


@pytest.mark.parametrize(
    "notice",
    [
        "Advertisement",
        "Story continues below",
        "Sign up for our newsletter",
        "Get the day’s news in our morning newsletter.",
        "Share this article",
        "Follow us on Facebook",
        "Read more: Night bus to the airport comes back",
    ],
)
def test_a_notice_takes_only_itself(notice: str) -> None:
    assert article_blocks([*STORY, notice, "Cast in bronze", *RESUMED]) == [
        *STORY,
        "Cast in bronze",
        *RESUMED,
    ]


def test_an_advertisement_goes_with_the_cards_under_it() -> None:
    assert article_blocks([*STORY, "Advertisement", *CARDS]) == STORY


def test_cards_that_are_shown_twice_go_with_the_label_over_them() -> None:
    tips = ["Boats to see this summer", "Five places for a swim"]
    assert article_blocks([STORY[0], "Ahoy", *tips, *STORY[1:], "Once more", *tips]) == STORY


def test_the_head_stays_where_its_words_come_back() -> None:
    headline = "Swing bridge to close for six months"
    assert article_blocks([headline, *STORY, headline]) == [headline, *STORY]


def test_a_page_that_shows_its_article_twice_keeps_one() -> None:
    assert article_blocks([*STORY, *RESUMED, *STORY, *RESUMED]) == [*STORY, *RESUMED]


def test_short_words_may_come_back() -> None:
    spoken = [STORY[0], "He paused.", STORY[1], "He paused.", STORY[2]]
    assert article_blocks(spoken) == spoken


SUBHEADED = [
    *STORY,
    "What happens next",
    RESUMED[0],
    "Who pays for it",
    RESUMED[1],
    "The ferries and their summer timetable",
    *STORY[1:2],
]
INTERVIEW = [
    *STORY[:3],
    "Questions and answers",
    "When will the bridge be closed to traffic?",
    "From the first of June.",
    "Can I still cross the river by bicycle?",
    "Yes. The ferries take bicycles for nothing.",
    "Who decided all this?",
    "The board did, by five votes to two.",
]
LISTING = [
    *STORY[:3],
    "Where to eat",
    "The Blue Door",
    "Twelve tables by the water, and a cook who fishes.",
    "Harbour Grill",
    "Closed on Mondays.",
    "Anker",
    "For those who like it loud.",
]
NUMBERED = [
    *STORY[:3],
    "Three things to know",
    "1. The ferries run every ten minutes until midnight",
    "They leave from the quay by the customs house.",
    "2. Bicycles travel for nothing on all of them",
    "Prams do too.",
]
RECIPE = [
    "Harbour soup is what the ferrymen ate before there was a bridge, and some of them still do.",
    "Ingredients",
    "400 g smoked haddock",
    "2 large potatoes",
    "1 litre of milk",
    "A bunch of fresh and very green parsley",
    "Method",
    "Peel and dice the potatoes.",
    "Simmer them in the milk until they are soft.",
    "Flake the fish into it and serve with the parsley.",
]
LIVE = [
    *STORY[:3],
    "As it happened",
    "10:32 Crews reach the north bank of the river",
    "Two boats are moored at the customs house.",
    "11:05 The bridge swings for the very last time",
    "Some two hundred people came to watch.",
    "11:40 First ferry leaves with all of the commuters",
    "It was four minutes late.",
]


@pytest.mark.parametrize("article", [SUBHEADED[:-2], INTERVIEW, LISTING, NUMBERED, RECIPE, LIVE])
def test_short_lines_that_are_the_articles_own_stay(article: list[str]) -> None:
    assert article_blocks(article) == article
    assert article_blocks([*article, "Most read", *CARDS]) == article


def test_a_newsletter_that_begins_with_its_items_stays() -> None:
    letter = [STORY[0], "What you should know today", *CARDS]
    assert article_blocks(letter) == letter


def test_headlines_that_end_in_an_abbreviation_are_headlines() -> None:
    card = ["Ferry Fares Are the Highest in the U.S.", "Only two harbours ask for more."]
    assert article_blocks([*STORY, "Most read", *card, *CARDS]) == STORY


def test_a_page_of_nothing_but_furniture_is_left_as_it_came() -> None:
    assert article_blocks(["Most read", *CARDS]) == ["Most read", *CARDS]
    assert article_blocks([]) == []


@given(st.lists(st.sampled_from([*STORY, *CARDS, "Most read", "Advertisement", "Ahoy", ""]) | st.text(max_size=60)))
def test_what_is_kept_is_some_of_what_came_in_its_order(blocks: list[str]) -> None:
    kept = article_blocks(blocks)
    rest = iter(blocks)
    assert all(block in rest for block in kept)
    assert bool(kept) == bool(blocks)


def test_labels_are_known_without_their_case_and_punctuation() -> None:
    assert [is_label(line) for line in ("DON’T MISS!", "» Related stories", "Comments (12)", "Topics of the day")] == [
        False,
        True,
        False,
        False,
    ]


def test_keys_tell_blocks_apart_by_their_words_alone() -> None:
    assert block_key("Ｓｉｇｎ up\u00a0 NOW") == block_key("sign up now")
    assert block_key("sign up") != block_key("sign in")
    assert len(block_key("\ud800")) == 16


def test_blocks_that_recur_on_the_sites_other_pages_are_dropped() -> None:
    promise = "The Riverton Post is owned by its readers and nobody else."
    assert without_recurring([*STORY, promise], {block_key(promise.upper())}) == STORY


def test_a_lead_that_recurs_is_another_version_of_the_story() -> None:
    assert without_recurring(["Local", *STORY], {block_key("Local"), block_key(STORY[0])}) == [
        "Local",
        *STORY,
    ]


def test_where_every_block_recurs_all_are_kept() -> None:
    assert without_recurring(["Tide tables", "Fares"], {block_key("Tide tables"), block_key("Fares")}) == [
        "Tide tables",
        "Fares",
    ]
