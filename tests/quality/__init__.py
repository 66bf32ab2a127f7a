"""What a person reads: is it readable, well spelled and from the knowledge base? Measured on every kind of reply."""
