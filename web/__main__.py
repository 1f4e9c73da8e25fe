"""`python -m web` is `search-index`."""

from web.cli import main

if __name__ == "__main__":  # a spawned process imports this file too
    main()
