"""Scripted completions for the sentence gate: sound ones, misreadings of the same sources, and what must never be shown."""
