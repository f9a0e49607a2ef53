"""`python -m borgersamling`: the same as the `borgersamling` command."""

from borgersamling.cli import main

if __name__ == "__main__":
    main()
