"""Reads `policies.yaml`, and says exactly where it is wrong."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

PATH = Path(__file__).with_name("policies.yaml")

PolicyName = Literal["crisis", "emergency", "poisoning", "identifiers", "dosing", "harmful", "personal", "injection", "scope", "premise"]
PolicyAction = Literal["escalate", "mask", "block", "redirect", "decline", "answer"]

# A safety policy may be turned off only by somebody who takes it out of this list as well.
REQUIRED: frozenset[str] = frozenset({"crisis", "emergency", "poisoning", "identifiers", "dosing"})
# What each policy may lead to. The wording of the replies is written for these.
ALLOWED: dict[str, frozenset[str]] = {
    "crisis": frozenset({"escalate"}),
    "emergency": frozenset({"escalate"}),
    "poisoning": frozenset({"escalate"}),
    "identifiers": frozenset({"mask"}),
    "dosing": frozenset({"block"}),
    "harmful": frozenset({"block", "decline"}),
    "personal": frozenset({"redirect"}),
    "injection": frozenset({"decline", "block"}),
    "scope": frozenset({"decline"}),
    "premise": frozenset({"answer"}),
}


class ConfigError(ValueError):
    """`policies.yaml` is wrong; the message names the place."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PolicySettings(_Strict):
    """One policy's entry."""

    name: PolicyName
    action: PolicyAction
    enabled: bool = True
    threshold: float = Field(default=0.5, ge=0, le=1)
    keeps: float | None = Field(default=None, ge=0, le=1)
    catches: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _possible(self) -> PolicySettings:
        if self.action not in ALLOWED[self.name]:
            raise ValueError(f"{self.name} cannot {self.action}; it may {' or '.join(sorted(ALLOWED[self.name]))}")
        if not self.enabled and self.name in REQUIRED:
            raise ValueError(f"{self.name} keeps people safe and cannot be turned off")
        if self.enabled and not self.catches and self.name != "premise":
            raise ValueError(f"{self.name} needs a text in `catches`, or nothing proves at start-up that it works")
        return self


class PoliciesConfig(_Strict):
    """The whole file; `policies` in order of precedence."""

    time_limit_seconds: float = Field(default=3.0, gt=0, le=60)
    remember_turns: int = Field(default=8, ge=0, le=50)
    policies: tuple[PolicySettings, ...]

    @model_validator(mode="after")
    def _complete(self) -> PoliciesConfig:
        names = [policy.name for policy in self.policies]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        missing = sorted(REQUIRED - set(names))
        if missing:
            raise ValueError(f"missing: {', '.join(missing)}")
        first = [name for name in names if name in ("crisis", "emergency", "poisoning")]
        if names[: len(first)] != first:
            raise ValueError("crisis, emergency and poisoning come before everything else")
        return self

    def of(self, name: str) -> PolicySettings | None:
        """A policy's entry, or None when it is not listed."""
        return next((policy for policy in self.policies if policy.name == name), None)


def load_policies(path: Path | None = None) -> PoliciesConfig:
    """The configuration, from `policies.yaml` beside this file unless another is given. Raises ConfigError, naming file, line and place."""
    path = path or PATH
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise ConfigError(f"{path.name}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name}: not UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigError(f"{path.name}{f':{mark.line + 1}' if mark is not None else ''}: not valid YAML") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path.name}: a mapping is expected at the top")
    try:
        return PoliciesConfig.model_validate(data)
    except ValidationError as error:
        tree = cast(yaml.Node, yaml.compose(text, Loader=yaml.SafeLoader))
        raise ConfigError("\n".join(_problem(path.name, data, tree, problem) for problem in error.errors())) from error


def _problem(name: str, data: dict[str, Any], tree: yaml.Node, problem: Any) -> str:
    """One line about one problem: file:line, the place in words, what is wrong, and the nearest key that would be right."""
    location: tuple[int | str, ...] = problem["loc"]
    hint = ""
    if problem["type"] == "extra_forbidden":
        near = get_close_matches(str(location[-1]), list((PoliciesConfig if len(location) == 1 else PolicySettings).model_fields), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
    elif problem["type"] == "literal_error" and isinstance(problem["input"], str):
        near = get_close_matches(problem["input"], get_args(PolicyName if location[-1] == "name" else PolicyAction), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
    return f"{name}:{_line(tree, location)}: {_place(data, location)}: {problem['msg']}{hint}"


def _line(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    """The line, from 1, of a place in the file, or of the nearest thing around it."""
    line = node.start_mark.line
    for step in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1


def _place(data: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """`policies[4].treshold` as `policies > dosing > treshold`."""
    parts: list[str] = []
    current: Any = data
    for step in location:
        try:
            current = current[step]
        except (KeyError, IndexError, TypeError):
            current = None
        named = cast(str, current["name"]) if isinstance(step, int) and isinstance(current, dict) and "name" in current else str(step)
        parts.append(named)
    return " > ".join(parts) or "top"
