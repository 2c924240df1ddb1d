"""Learns the space of `policies/space.py`: ways of saying one false belief near each other, sound talk about the same things far from them.

A contrastive loss over batches of beliefs: two ways of saying a belief against the ways of the others, against what is said soundly of any, and against
the same two with their claim taken out (evals/bench/_contrasts.py). Beside it a logistic regression of how false a text rings by itself.
Seeded; about a quarter of a minute of one core.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.bench._contrasts import without_its_claim
from policies.space import WIDTH, Space, words_and_pairs
from policies.verdict import Encoder, Myth

Floats = npt.NDArray[np.float32]

SEED = 0
TERMS, DIMENSIONS = 1500, 192
STEPS, BATCH, RATE, TEMPERATURE = 900, 128, 1e-3, 0.08
# What a term counts beside a vector of length 1; how much harder sound talk about the same belief is made; plain statements in a batch.
TERM, HARDER, PLAIN = 0.2, 1.0, 64
# Beliefs whose sayings lie this near on average are no contrast to each other.
_SAME = 0.8
_RINGS_STRENGTH, _RINGS_VECTOR, _RINGS_TERM = 0.3, 2.0, 0.7


@dataclass(frozen=True)
class Sayings:
    """Texts to learn from. false, sound: by belief; plain: statements of nobody's belief. without: number of a false text → it without its claim."""

    false: list[str]
    false_of: npt.NDArray[np.intp]
    sound: list[str]
    sound_of: npt.NDArray[np.intp]
    plain: list[str]
    without: dict[int, list[str]]


def gather(myths: Sequence[Myth], plain: Sequence[str]) -> Sayings:
    """What the library holds to learn from."""
    chance = random.Random(SEED)
    false = [(number, text) for number, myth in enumerate(myths) for text in dict.fromkeys((myth.belief.rstrip("."), *myth.said))]
    sound = [(number, text) for number, myth in enumerate(myths) for text in myth.sound]
    return Sayings(
        [text for _, text in false], np.array([number for number, _ in false], np.intp),
        [text for _, text in sound], np.array([number for number, _ in sound], np.intp),
        list(plain), {place: without_its_claim(text, chance) for place, (_, text) in enumerate(false)},
    )  # fmt: skip


def learn(sayings: Sayings, encoder: Encoder, unheard: npt.NDArray[np.bool_] | None = None) -> tuple[list[str], Floats, Floats]:
    """(terms, turn, rings) of a `Space`. unheard: (plain,) statements that "rings" must not have seen, for judging them."""
    changed = [text for texts in sayings.without.values() for text in texts]
    counts: dict[str, int] = {}
    for text in (*sayings.false, *sayings.sound, *sayings.plain, *changed):
        for term in set(words_and_pairs(text)):
            counts[term] = counts.get(term, 0) + 1
    terms = sorted(sorted(counts, key=lambda term: (-counts[term], term))[:TERMS])
    place = {term: number for number, term in enumerate(terms)}

    def inputs(texts: Sequence[str]) -> Floats:
        found = np.zeros((len(texts), WIDTH + len(terms)), np.float32)
        for start in range(0, len(texts), 256):
            found[start : start + 256, :WIDTH] = encoder.encode(list(texts[start : start + 256]))
        for row, text in enumerate(texts):
            found[row, [WIDTH + place[term] for term in set(words_and_pairs(text)) if term in place]] = TERM
        return found

    false, sound, plain, without = inputs(sayings.false), inputs(sayings.sound), inputs(sayings.plain), inputs(changed)
    turn = _turn(sayings, false, sound, plain, without)
    turn[WIDTH:] *= TERM
    return terms, turn, _rings(np.vstack([false, sound, plain, without]), sayings, len(without), unheard)


def space(learned: tuple[list[str], Floats, Floats]) -> Space:
    """What was learned, ready to use."""
    return Space(*learned)


def _turn(sayings: Sayings, false: Floats, sound: Floats, plain: Floats, without: Floats) -> Floats:
    chance = np.random.default_rng(SEED)
    beliefs = int(sayings.false_of.max()) + 1
    ways = [np.flatnonzero(sayings.false_of == number) for number in range(beliefs)]
    soundly = [np.flatnonzero(sayings.sound_of == number) for number in range(beliefs)]
    starts = np.cumsum([0, *(len(texts) for texts in sayings.without.values())])
    changed = [np.arange(starts[number], starts[number + 1]) for number in range(len(sayings.without))]
    means = np.array([false[rows, :WIDTH].mean(axis=0) for rows in ways])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    alike = means @ means.T > _SAME
    turn = np.zeros((false.shape[1], DIMENSIONS), np.float32)
    turn[:WIDTH] = np.linalg.svd(np.vstack([false, sound])[:, :WIDTH], full_matrices=False)[2][:DIMENSIONS].T
    began, mean, spread = turn.copy(), np.zeros_like(turn), np.zeros_like(turn)
    enough = np.array([number for number in range(beliefs) if len(ways[number]) > 1])
    for step in range(1, STEPS + 1):
        batch = chance.choice(enough, min(BATCH, len(enough)), replace=False)
        size = len(batch)
        two = np.array([chance.choice(ways[number], 2, replace=False) for number in batch])
        own = [
            (number, place) for number in batch if len(soundly[number]) for place in chance.choice(soundly[number], min(2, len(soundly[number])), replace=False)
        ]
        edited = [(number, chance.choice(changed[row])) for number, pair in zip(batch, two, strict=True) for row in pair if len(changed[row])]
        rows = np.vstack(
            [false[two[:, 0]], false[two[:, 1]], sound[[p for _, p in own]], without[[p for _, p in edited]], plain[chance.choice(len(plain), PLAIN)]]
        )
        raw = rows @ turn
        length = np.linalg.norm(raw, axis=1, keepdims=True) + 1e-9
        unit = raw / length
        logits = unit[:size] @ unit[size:].T / TEMPERATURE
        related = alike[np.ix_(batch, batch)].copy()
        np.fill_diagonal(related, False)
        of = np.array([number for number, _ in own + edited])
        logits[:, size : size + len(of)] += HARDER * (of[None, :] == batch[:, None])
        logits[:, :size][related] = -1e9
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        chances[np.arange(size), np.arange(size)] -= 1
        pull = chances / (size * TEMPERATURE)
        on_unit = np.zeros_like(unit)
        on_unit[:size], on_unit[size:] = pull @ unit[size:], pull.T @ unit[:size]
        on_raw = (on_unit - unit * (on_unit * unit).sum(axis=1, keepdims=True)) / length
        slope = rows.T @ on_raw + 1e-4 * (turn - began)
        mean, spread = 0.9 * mean + 0.1 * slope, 0.999 * spread + 0.001 * slope * slope
        turn -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return turn


def _rings(inputs: Floats, sayings: Sayings, without: int, unheard: npt.NDArray[np.bool_] | None) -> Floats:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    false, sound, plain = len(sayings.false), len(sayings.sound), len(sayings.plain)
    right = np.arange(len(inputs)) < false
    weight = np.concatenate([np.full(false, 0.6), np.ones(sound), np.full(plain, 0.7), np.full(without, 0.2)])
    if unheard is not None:
        weight[false + sound : false + sound + plain][unheard] = 0.0
    scale = np.concatenate([np.full(WIDTH, _RINGS_VECTOR), np.full(inputs.shape[1] - WIDTH, _RINGS_TERM / TERM)]).astype(np.float32)
    fitted = LogisticRegression(C=_RINGS_STRENGTH, max_iter=300).fit(csr_matrix(inputs * scale), right, sample_weight=weight)
    raw = fitted.coef_[0] * scale
    raw[WIDTH:] *= TERM
    return np.concatenate([raw, fitted.intercept_]).astype(np.float32)
