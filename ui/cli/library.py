"""`oncolantern library`: every article held to its rules; the vectors and weights that come with the project, written anew."""

from __future__ import annotations

import argparse


def check(args: argparse.Namespace) -> int:
    """Print problems and the table; exit code 1 when a rule is broken."""
    from knowledge.article_checks import main
    from knowledge.catalogs import catalog
    from policies.output_dosing import states_dose

    return main([str(p) for p in args.paths], states_dose=states_dose, guidelines={book.id for book in catalog().guidelines})


def vectors(args: argparse.Namespace) -> int:
    """Encode the built-in library and write the table that comes with it."""
    from bot.settings import Settings
    from knowledge.encoder import load_encoder
    from knowledge.shipped import SHIPPED, library_texts, write_vectors

    count = write_vectors(load_encoder(Settings().data / "encoder"), library_texts())
    print(f"{count} vectors written to {SHIPPED.name} ({SHIPPED.stat().st_size // 1000} kB)")
    return 0


def train(args: argparse.Namespace) -> int:
    """Train the policies' classifier and write the weights that come with the project."""
    from bot.settings import Settings
    from knowledge.encoder import load_encoder
    from policies.classifier import SHIPPED, Classifier, fingerprint, read_examples
    from policies.screen import EXAMPLES

    encoder = load_encoder(Settings().data / "encoder")
    examples = read_examples(EXAMPLES)
    Classifier.train(examples, encoder).ship(fingerprint(examples, encoder))
    print(f"trained on {len(examples)} examples, written to {SHIPPED.name} ({SHIPPED.stat().st_size // 1000} kB)")
    return 0
