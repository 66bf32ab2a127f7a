"""The knowledge base: reviewed content, the database built out of it, and the questions one can ask of it.

Nothing in this package knows of Rasa or of channels.
"""
