"""`python -m bot.cli` is the same as `loopbaan`."""

from bot.cli import main

main()
