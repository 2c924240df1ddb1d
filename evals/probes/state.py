"""Every state an answer can have, faults of ours included, must disclose what it is.

`probe.fault` breaks one part: `screen` (a policy on the way in raises), `gate` (one on the way out raises), `search` (the library
cannot be read). The turn must then end in `error` with every required part. Without a fault it is an ordinary turn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evals.outcome import Outcome
from evals.probes import Probe, turn
from evals.sets import Row
from evals.workbench import Asks, Workbench


class Broken(RuntimeError):
    """The fault that was put in on purpose."""


class _Raises:
    """A part that raises whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise Broken(name)


def run(row: Row, bench: Workbench) -> Outcome:
    """Ask, with the fault in place."""
    fault = row.probe.get("fault")
    if not fault:
        return turn.run(row, bench)
    assistant = bench.once(f"broken {fault}", lambda: _broken(str(fault), bench))
    return Outcome(answer=assistant.ask(turn.messages_of(row)), facts={"fault": fault})


def _broken(fault: str, bench: Workbench) -> Asks:
    from bot.assembly import join

    if bench.settings is None:
        raise ValueError("a state with a fault needs the product's settings")
    parts = bench.whole
    if fault == "screen":
        return join(bench.settings, replace(parts, screen=_raising_screen(parts.screen)))
    if fault == "gate":
        return join(bench.settings, replace(parts, guard=_Raises()))  # type: ignore[arg-type]
    if fault == "search":
        return join(bench.settings, replace(parts, known=replace(parts.known, searcher=_Raises())))  # type: ignore[arg-type]
    raise ValueError(f"no fault {fault!r}; there are screen, gate, search")


def _raising_screen(screen: Any) -> Any:
    """The screen with one policy that raises: the guard has to notice and close."""
    from policies.guard import InputGuard
    from policies.screen import Screen

    class Raising:
        name = screen.parts.policies[0].name

        def judge(self, turn: object) -> Any:
            raise Broken("policy")

    policies = (Raising(), *screen.parts.policies[1:])
    return Screen(replace(screen.parts, policies=policies), InputGuard(policies, screen.config.time_limit_seconds))


PROBE = Probe(run, {name: turn.PROBE.rules[name] for name in ("routing", "disclosure", "safety")})
