"""Custom actions: thin. They read the turn, ask the knowledge base, and hand an Answer to the channel."""
