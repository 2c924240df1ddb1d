"""Reads policies.yaml: order, actions, thresholds. A key or a policy that is not known is refused, with its place."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

DEFAULT = Path(__file__).parent / "policies.yaml"

InputName = Literal["crisis", "emergency", "poisoning", "identifiers", "dosing", "harmful", "personal", "injection", "scope", "premise"]
OutputName = Literal["dosing", "personal_advice", "leakage", "markup", "grounding"]
# What guards people cannot be switched off or turned into something milder by an edit of this file.
_FIXED_ACTIONS = {
    "crisis": "escalate",
    "emergency": "escalate",
    "poisoning": "escalate",
    "identifiers": "mask",
    "dosing": "block",
    "harmful": "block",
    "personal": "redirect",
    "injection": "decline",
    "scope": "decline",
    "premise": "correct",
}
_LIVES = ("crisis", "emergency", "poisoning")


class ConfigError(Exception):
    """policies.yaml cannot be used; says where and what to mend."""


class Value(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InputRule(Value):
    """An input policy: what it does when its score reaches the threshold (0–1)."""

    policy: InputName
    action: Literal["escalate", "mask", "block", "redirect", "decline", "correct"]
    threshold: Annotated[float, Field(gt=0, le=1)] = 0.5


class OutputRule(Value):
    """An output policy; each stops the sentence it fires on."""

    policy: OutputName


class SelfTest(Value):
    """A known-bad text and the policy that must catch it."""

    policy: InputName
    text: str


class PoliciesConfig(Value):
    """The whole file."""

    time_limit_seconds: Annotated[float, Field(gt=0, le=60)]
    input: tuple[InputRule, ...]
    output: tuple[OutputRule, ...]
    self_test: tuple[SelfTest, ...]
    self_test_pass: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> PoliciesConfig:
        names = [rule.policy for rule in self.input]
        if sorted(names) != sorted(_FIXED_ACTIONS):
            raise ValueError(f"input must name each of {', '.join(_FIXED_ACTIONS)} exactly once")
        if tuple(names[:3]) != _LIVES:
            raise ValueError("crisis, emergency and poisoning come first, in this order")
        for rule in self.input:
            if rule.action != _FIXED_ACTIONS[rule.policy]:
                raise ValueError(f"{rule.policy} must {_FIXED_ACTIONS[rule.policy]}")
        untested = set(_FIXED_ACTIONS) - {"premise"} - {case.policy for case in self.self_test}
        if untested:
            raise ValueError(f"self_test has no text for {', '.join(sorted(untested))}")
        return self

    def rule(self, policy: str) -> InputRule:
        """The rule of an input policy."""
        return next(rule for rule in self.input if rule.policy == policy)


def load_policies(path: Path | None = None) -> PoliciesConfig:
    """Read policies.yaml (the built-in one by default). Raises ConfigError with file and place."""
    return _load(path or DEFAULT)


@lru_cache(maxsize=8)
def _load(path: Path) -> PoliciesConfig:
    try:
        return PoliciesConfig.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path.name}: cannot be read ({error.strerror})") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path.name}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(str(p) for p in e['loc']) or 'file'}: {e['msg']}" for e in error.errors()[:5])
        raise ConfigError(f"{path.name}: {places}") from error
