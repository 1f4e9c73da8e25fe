"""Robots: readers that say in their user agent that they are programs. The list is our own, and short.

It names those that crawl, watch and preview pages. Programs that fetch for somebody, such as curl, are not on it: a CMS
that tells its readers' events is one.
"""

import re

_ROBOT = re.compile(
    r"bot\b|bot[/_-]|crawl|spider|slurp|scrap|archiver|headless|phantomjs|puppeteer|playwright|selenium|lighthouse"
    r"|pagespeed|pingdom|uptime|monitor|preview|facebookexternalhit|whatsapp|embedly|mediapartners|feedfetcher|feedly"
    r"|validator|wget|scan",
    re.IGNORECASE,
)


def is_robot(agent: str) -> bool:
    """Whether a user agent says that it is no person's browser; an empty one says nothing.

    >>> is_robot("Mozilla/5.0 (compatible; Gannetbot/2.1; +https://gannet.example/bot)"), is_robot("Mozilla/5.0 (X11)")
    (True, False)
    """
    return _ROBOT.search(agent) is not None
