"""Ids in addresses."""

from werkzeug.routing import PathConverter


class IdConverter(PathConverter):
    """Any text as an article's id, also with slashes at its beginning: ids are often addresses themselves."""

    regex = "(?s:.+?)"
    part_isolating = False  # it may hold slashes: werkzeug would take this regex for one that cannot
