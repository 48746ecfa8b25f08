"""`python -m hirehub` is the command `hirehub`."""

from hirehub.cli.main import main

if __name__ == "__main__":
    main()
