"""How good the bot is, in figures and in a report to read: `loopbaan evaluate`.

`cases` runs conversations with a bot, `understanding` cross-validates what recognises questions, `measures` turns both
into figures, and `report` with `pictures` writes them down as one HTML file.
"""
