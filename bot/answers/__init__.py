"""What the bot says: the Answer, its wording in Dutch, and a renderer for each channel."""
