"""What may be asked and what may be said: policies screen questions and release sentences."""
