"""One turn of conversation: a question in, an Answer out."""
