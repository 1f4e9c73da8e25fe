"""Quality against judgments: `python -m benchmarks.quality [DIR]`, the same as `search-index evaluate [DIR]`."""

import sys

from web.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["evaluate"]
    main()
