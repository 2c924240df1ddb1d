"""Runs every policy of one side in a guardrails-ai validator, and closes the gate when one of them fails.

The only file that imports guardrails-ai (lazily: it takes 0.7 s beyond what LangChain has loaded anyway). How it is used,
and why (measured on 0.11.0):

1. `GUARDRAILS_RUN_SYNC=true` before the first `validate`: otherwise every call leaks an event loop (5 descriptors).
2. `on_fail="noop"` everywhere and the verdicts are read by us: its fixes merge into garbled text.
3. Telemetry is turned off on each guard, and the exporter behind it is shut down.
4. Validators carry no state: what is judged and what was found travel in the metadata of one call, so threads cannot mix.
5. The guard's own history of calls is emptied after each call: nobody's words stay in memory.

`judge` never raises. A policy that raises, outlives its time or gives no verdict yields `Verdict(failed=True)`.
"""

from __future__ import annotations

import contextvars
import hashlib
import logging
import os
import re
import threading
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from policies.verdict import Draft, InputPolicy, OutputPolicy, Turn, Verdict
from policies.workers import Workers

log = logging.getLogger(__name__)

# A policy takes about a millisecond; a loaded machine may stretch that, a person should not wait longer for a broken one.
TIME_LIMIT_SECONDS = 5.0
# Calls stuck in a hung policy before new ones fail at once, so that a hang cannot eat the process's threads.
_MAX_STUCK_CALLS = 64
# Digests of drafts that passed, 16 bytes each.
_PASSED_KEPT = 50_000
# guardrails refuses an empty value; policies see the subject itself, never this.
_EMPTY = "(empty)"

S_contra = TypeVar("S_contra", contravariant=True)


class _Policy(Protocol[S_contra]):
    name: str

    def judge(self, subject: S_contra, /) -> Verdict: ...


class PolicyBroken(Exception):
    """A start-up self-test found a policy that misses a known-bad text, fires on a known-good one, or fails."""


@dataclass(frozen=True)
class SelfTestCase:
    """One policy's known answer: `policy` must fire on `subject` (or stay quiet, with `fires=False`)."""

    policy: str
    subject: Turn | Draft
    fires: bool = True


@dataclass
class _Call:
    """What one call to the guard carries: the subject in, the verdicts out. Lives in the call's metadata only."""

    subject: Any
    time_limit_seconds: float
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    each: dict[str, tuple[Verdict, ...]] = field(default_factory=dict)
    running: tuple[str, float] | None = None
    abandoned: bool = False
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class _Several:
    """Subjects that one call judges one after the other: the call's own cost is paid once."""

    subjects: tuple[Any, ...]


def _checked(verdict: object) -> Verdict:
    if not isinstance(verdict, Verdict):
        raise TypeError(f"gave {type(verdict).__name__} instead of a Verdict")
    return verdict


def _failure(policy: str, reason: str) -> Verdict:
    return Verdict(policy=policy, fired=False, rule=f"{policy}.failed", evidence=reason, failed=True)


def _run_policy(policy: _Policy[Any], call: _Call) -> Verdict:
    """The policy's verdict, or a failure. Nothing that a policy does gets past here."""
    if call.abandoned:
        return _failure(policy.name, "not run: an earlier policy hung")
    started = time.monotonic()
    call.running = (policy.name, started)
    try:
        if isinstance(call.subject, _Several):
            each = call.each[policy.name] = tuple(_checked(policy.judge(subject)) for subject in call.subject.subjects)
            verdict = next((v for v in each if v.fired or v.failed), each[-1])
        else:
            verdict = _checked(policy.judge(call.subject))
    except BaseException as error:
        # The message of an exception can quote the person's words: log its type only.
        log.error("policy %s failed: %s", policy.name, type(error).__name__)
        return _failure(policy.name, type(error).__name__)
    finally:
        call.running = None
    if time.monotonic() - started > call.time_limit_seconds:
        log.error("policy %s failed: over its time limit", policy.name)
        return _failure(policy.name, "over its time limit")
    return verdict


@cache
def _validator_class(stage: str) -> Any:
    """The guardrails Validator class of one side; the library wants it registered by name, once.

    One validator runs all policies in their order: guardrails takes 0.9 ms for a validator, and 0.1 ms for each further one.
    """
    from guardrails.validator_base import Validator, register_validator  # type: ignore[import-untyped, unused-ignore]
    from guardrails_ai.types import FailResult, PassResult  # type: ignore[import-untyped, unused-ignore]

    class PolicyValidator(Validator):  # type: ignore[misc, unused-ignore]
        required_metadata_keys = ["call"]  # noqa: RUF012 - the library's own name and type

        def __init__(self, policies: tuple[_Policy[Any], ...]) -> None:
            super().__init__(on_fail="noop")
            self.policies = policies

        def _validate(self, value: Any, metadata: dict[str, Any]) -> Any:
            call: _Call = metadata["call"]
            against: list[str] = []
            for policy in self.policies:
                verdict = call.verdicts[policy.name] = _run_policy(policy, call)
                if verdict.fired or verdict.failed:
                    against.append(verdict.rule or verdict.policy)
            if against:
                return FailResult(error_message=", ".join(against), metadata=metadata)
            return PassResult(metadata=metadata)

    return register_validator(name=f"oncolantern/{stage}", data_type="string")(PolicyValidator)


@cache
def _quiet_guardrails() -> Any:
    """The guardrails Guard class, its telemetry's exporter shut down before any guard exists."""
    os.environ["GUARDRAILS_RUN_SYNC"] = "true"
    import guardrails.guard as library  # type: ignore[import-untyped, unused-ignore]
    from guardrails.run import runner  # type: ignore[import-untyped, unused-ignore]
    from guardrails.settings import settings  # type: ignore[import-untyped, unused-ignore]
    from guardrails.utils.hub_telemetry_utils import HubTelemetry  # type: ignore[import-untyped, unused-ignore]

    # Its spans would carry the person's words into our own OpenTelemetry export, and cost a third of each call.
    settings.disable_tracing = True
    provider = HubTelemetry(enabled=False)._tracer_provider
    if provider is not None:
        provider.shutdown()
    # Each guard would open two clients to a guardrails server that we never use: a quarter of a second of certificates at every start.
    library.GuardrailsApiClient = lambda *_, **__: None
    # Each call would write the schema of "a text" as XML for the prompt of a model, which a guard that only validates never sends.
    runner.json_schema_to_rail_output = lambda *_, **__: ""
    return library.Guard


def load() -> None:
    """Import guardrails-ai now, for instance in a thread while something else loads."""
    _quiet_guardrails()


_WORKERS = Workers()


class _SideGuard(ABC, Generic[S_contra]):
    stage = ""

    def __init__(self, policies: Sequence[_Policy[S_contra]], time_limit_seconds: float = TIME_LIMIT_SECONDS) -> None:
        names = [policy.name for policy in policies]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"a guard needs at least one policy and distinct names, got {names}")
        self.policies = tuple(policies)
        self.time_limit_seconds = time_limit_seconds
        self._stuck = threading.BoundedSemaphore(_MAX_STUCK_CALLS)
        self._guard = _quiet_guardrails()(name=f"oncolantern-{self.stage}")
        self._guard.configure(allow_metrics_collection=False)
        self._guard.use(_validator_class(self.stage)(self.policies))

    def judge(self, subject: S_contra) -> tuple[Verdict, ...]:
        """Every policy's verdict, in the order the policies were given. Never raises."""
        call = _Call(subject, self.time_limit_seconds)
        if not self._run(call):
            return tuple(_failure(policy.name, "too many hung calls") for policy in self.policies)
        found = dict(call.verdicts)
        return tuple(found.get(policy.name) or _failure(policy.name, "gave no verdict in time") for policy in self.policies)

    def judge_all(self, subjects: Sequence[S_contra]) -> list[tuple[Verdict, ...]] | None:
        """`judge` for several subjects in one call, or None when anything failed: then each is to be judged by itself."""
        call = _Call(_Several(tuple(subjects)), self.time_limit_seconds)
        if not subjects or not self._run(call):
            return None
        each = dict(call.each)
        if any(len(each.get(policy.name, ())) != len(subjects) or call.verdicts[policy.name].failed for policy in self.policies):
            return None
        return list(zip(*(each[policy.name] for policy in self.policies), strict=True))

    def _run(self, call: _Call) -> bool:
        """Run one call to its end or its time limit. False when too many calls hang already."""
        if not self._stuck.acquire(blocking=False):
            return False
        # A thread of its own, so that a hung policy holds up neither the caller nor the end of the process.
        run = contextvars.copy_context().run
        _WORKERS.start(lambda: run(self._validate, call))
        while not call.done.wait(self._patience(call)):
            running = call.running
            if running and time.monotonic() - running[1] > self.time_limit_seconds:
                call.abandoned = True
                log.error("policy %s failed: hung", running[0])
                break
        return True

    def self_test(self, cases: Iterable[SelfTestCase]) -> None:
        """Raise PolicyBroken unless every policy catches its known-bad cases and lets its known-good ones pass.

        A policy without a known-bad case and a case for an unknown policy are broken too: neither proves anything.
        """
        proven: set[str] = set()
        for case in cases:
            found = {verdict.policy: verdict for verdict in self.judge(case.subject)}  # type: ignore[arg-type]
            verdict = found.get(case.policy)
            if verdict is None:
                raise PolicyBroken(f"{self.stage}: no policy named {case.policy}")
            if verdict.failed:
                raise PolicyBroken(f"{self.stage}: {case.policy} failed ({verdict.evidence})")
            if verdict.fired is not case.fires:
                raise PolicyBroken(f"{self.stage}: {case.policy} {'missed a known-bad' if case.fires else 'fired on a known-good'} text")
            if case.fires:
                proven.add(case.policy)
        unproven = [policy.name for policy in self.policies if policy.name not in proven]
        if unproven:
            raise PolicyBroken(f"{self.stage}: no known-bad text for {', '.join(unproven)}")

    def _patience(self, call: _Call) -> float:
        """Seconds until the running policy is over its limit (a whole limit when between two policies)."""
        running = call.running
        elapsed = time.monotonic() - running[1] if running else 0.0
        return max(self.time_limit_seconds - elapsed, 0.0) + 0.01

    @abstractmethod
    def _text(self, subject: Any) -> str:
        """What of a subject guardrails is given."""

    def _value(self, subject: Any) -> str:
        return "\n".join(map(self._text, subject.subjects)) if isinstance(subject, _Several) else self._text(subject)

    def _validate(self, call: _Call) -> None:
        try:
            self._guard.validate(self._value(call.subject) or _EMPTY, metadata={"call": call})
        except BaseException as error:
            log.error("guardrails failed: %s", type(error).__name__)
        finally:
            self._guard.history.clear()
            self._stuck.release()
            call.done.set()


class InputGuard(_SideGuard[Turn]):
    """Judges a turn of conversation by every input policy.

    >>> InputGuard([policy], time_limit_seconds=3.0).judge(turn)  # doctest: +SKIP
    (Verdict(policy='dosing', fired=True, ...),)
    """

    stage = "input"

    def __init__(self, policies: Sequence[InputPolicy], time_limit_seconds: float = TIME_LIMIT_SECONDS) -> None:
        super().__init__(policies, time_limit_seconds)

    def _text(self, subject: Turn) -> str:
        return subject.text.strip()


class OutputGuard(_SideGuard[Draft]):
    """Judges a sentence, together with the tail already released, by every output policy."""

    stage = "output"

    def __init__(self, policies: Sequence[OutputPolicy], time_limit_seconds: float = TIME_LIMIT_SECONDS) -> None:
        super().__init__(policies, time_limit_seconds)
        self._quiet = tuple(Verdict(policy=policy.name, fired=False) for policy in self.policies)
        self._passed: OrderedDict[bytes, None] = OrderedDict()
        self._passed_lock = threading.Lock()

    def judge_all(self, subjects: Sequence[Draft]) -> list[tuple[Verdict, ...]] | None:
        """As for one side; a cited sentence that passed before, behind the same tail and with the same evidence, need not pass again.

        The library's own sentences meet the gate over and over. Only digests of what passed are kept, never a text.
        """
        keys = [_digest(draft) for draft in subjects]
        with self._passed_lock:
            known = [key is not None and key in self._passed for key in keys]
        fresh = [draft for draft, seen in zip(subjects, known, strict=True) if not seen]
        judged = super().judge_all(fresh) if fresh else []
        if judged is None:
            return None
        verdicts = iter(judged)
        found = [self._quiet if seen else next(verdicts) for seen in known]
        with self._passed_lock:
            for key, told in zip(keys, found, strict=True):
                if key is not None and not any(v.fired or v.failed for v in told):
                    self._passed[key] = None
                    self._passed.move_to_end(key)
            while len(self._passed) > _PASSED_KEPT:
                self._passed.popitem(last=False)
        return found

    def forget(self) -> None:
        """Let everything be judged anew."""
        with self._passed_lock:
            self._passed.clear()

    def _text(self, subject: Draft) -> str:
        return subject.joined


_CITED = re.compile(r"\[(\d{1,3})\]")


def _digest(draft: Draft) -> bytes | None:
    """What a cited sentence's verdict rests on; None for one without a citation, whose verdict rests on the question too."""
    cited = [int(n) for n in _CITED.findall(draft.sentence)]
    if not cited or draft.passages is None or any(n not in draft.passages for n in cited):
        return None
    parts = (draft.tail, draft.sentence, draft.system_prompt, *(f"{n} {draft.passages[n]}" for n in cited))
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
