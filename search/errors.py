"""What can go wrong, as one tree.

BroadsheetError
├── InvalidValue      a value from outside is not allowed: which field, what came, what would do
├── NotFound          there is no such article, or nobody may see it
├── Unavailable       what was asked for cannot be had now: no index yet, no model, another writer
└── Corrupt           what is on disk is not what was published
"""

LONGEST_ECHO = 80  # characters of a bad value that are repeated to whoever sent it


class BroadsheetError(Exception):
    """Any failure that has a sentence to tell the user."""


class InvalidValue(BroadsheetError):
    """A value from outside that is not allowed.

    >>> str(InvalidValue("size", 500, "1 to 50"))
    'size is 500, allowed: 1 to 50'
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        self.given = value
        self.value = shortened(value)
        self.allowed = allowed
        super().__init__(f"{field} is {self.value}, allowed: {allowed}")

    def at(self, place: str) -> "InvalidValue":
        """The same, with the place where it stands.

        >>> str(InvalidValue("size", 500, "1 to 50").at("log:3"))
        'log:3: size is 500, allowed: 1 to 50'
        """
        return InvalidValue(f"{place}: {self.field}", self.given, self.allowed)


class NotFound(BroadsheetError):
    """There is no such thing, or nobody may see it."""


class Unavailable(BroadsheetError):
    """What was asked for cannot be had now; trying later may help."""


class Corrupt(BroadsheetError):
    """What is on disk is not what was published."""


def shortened(value: object) -> str:
    """A value as it can be shown in a one-line message, at most 80 characters of it.

    >>> shortened("a" * 100)[-5:]
    "aaa…'"
    """
    shown = repr(value)
    if len(shown) <= LONGEST_ECHO:
        return shown
    return shown[: LONGEST_ECHO - 2] + "…" + shown[-1]
