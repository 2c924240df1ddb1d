"""Builds the input engine out of configuration, lexicon, encoder and examples: every enabled policy with its threshold, trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from policies.alarm import Alarm, Translate
from policies.classifier import EXAMPLES, Classifier
from policies.config import PoliciesConfig, load_policies
from policies.crisis import Crisis
from policies.dosing import Dosing
from policies.emergency import Emergency
from policies.harmful import Harmful
from policies.identifiers import Identifiers
from policies.injection import Injection
from policies.personal import Personal
from policies.poisoning import Poisoning
from policies.premise import Premise
from policies.scope import Nearness, Scope, ScopeThresholds
from policies.screen import Parts, Screen
from policies.second_opinion import SecondOpinion
from policies.verdict import Encoder, InputPolicy, Lexicon, Myth, Turn


def build_policies(
    config: PoliciesConfig, lexicon: Lexicon, myths: Sequence[Myth], encoder: Encoder | None, nearness: Nearness | None = None
) -> tuple[InputPolicy, ...]:
    """The enabled policies in order of precedence, each with its threshold."""

    def threshold(name: str) -> float:
        settings = config.of(name)
        return settings.threshold if settings is not None else 1.0

    scope = config.of("scope")
    makers: dict[str, Callable[[], InputPolicy]] = {
        "crisis": lambda: Crisis(threshold("crisis")),
        "emergency": lambda: Emergency(threshold("emergency")),
        "poisoning": lambda: Poisoning(threshold("poisoning")),
        "identifiers": lambda: Identifiers(lexicon),
        "dosing": lambda: Dosing(lexicon, threshold("dosing")),
        "harmful": lambda: Harmful(lexicon, threshold("harmful")),
        "personal": lambda: Personal(lexicon, threshold("personal")),
        "injection": lambda: Injection(threshold("injection")),
        "scope": lambda: Scope(lexicon, ScopeThresholds(threshold("scope"), scope.keeps if scope is not None and scope.keeps is not None else 0.6), nearness),
        "premise": lambda: Premise(myths, encoder, threshold("premise")),
    }
    return tuple(makers[policy.name]() for policy in config.policies if policy.enabled and (policy.name != "premise" or myths))


def build_screen(
    encoder: Encoder | None,
    lexicon: Lexicon,
    myths: Sequence[Myth],
    cache_dir: Path | None,
    config: PoliciesConfig | None = None,
    nearness: Nearness | None = None,
    second_opinion: SecondOpinion | None = None,
    english: Translate | None = None,
) -> Screen:
    """The input engine. english: gives the English words of a Spanish text. cache_dir: where the trained classifier is kept (it takes seconds to train); None trains without keeping."""
    config = config or load_policies()
    classifier = Classifier.train_or_load(EXAMPLES, cache_dir, encoder, lexicon)
    alarm = Alarm.train_or_load(EXAMPLES, cache_dir, encoder, english) if encoder is not None else None
    policies = build_policies(config, lexicon, myths, encoder, nearness)
    # Word lists are compiled on first use; done here, so that nobody's first question runs into the time limit.
    warm = Turn(("What is cancer?",), ("What is cancer?",))
    for policy in policies:
        policy.judge(warm)
    return Screen(Parts(policies, config, Identifiers(lexicon), lexicon, encoder, classifier, alarm, tuple(myths), second_opinion, english))
