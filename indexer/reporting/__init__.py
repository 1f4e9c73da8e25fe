"""The report on readers: from the counts of days to rates with intervals, for programs, the terminal and one page."""
