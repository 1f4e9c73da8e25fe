"""`search-index`, which is `python -m web` too."""


def main() -> None:
    """Runs the command line.

    It is imported only here: the process that `serve` spawns imports this file, and needs no command.
    """
    from web.cli import main as run

    run()


if __name__ == "__main__":  # a spawned process imports this file too
    main()
