"""Builds the guard of the output side: its policies in order, proven on texts whose verdict is known before anything is served."""

from __future__ import annotations

from collections.abc import Iterable

from policies.grounding import Grounding
from policies.guard import TIME_LIMIT_SECONDS, OutputGuard, SelfTestCase
from policies.leakage import Leakage
from policies.markup import Markup
from policies.output_dosing import OutputDosing
from policies.personal_advice import PersonalAdvice
from policies.verdict import Draft, Encoder, Lexicon

_PASSAGES = {1: "Surgery is a standard treatment for early breast cancer. It does not cure every cancer."}


def _case(policy: str, sentence: str, *, fires: bool = True, tail: str = "") -> SelfTestCase:
    return SelfTestCase(
        policy, Draft(tail=tail, sentence=sentence, passages=_PASSAGES, system_prompt="You explain cancer in words that a child can follow."), fires
    )


SELF_TEST = (
    _case("dosing", "Take two tablets every eight hours."),
    _case("dosing", "Tome **500** mg dos veces al día."),
    _case("dosing", "tablets in the morning.", tail="Take two"),
    _case("dosing", "A mammogram is done every 2 years, and a fever is 100.4 °F or more.", fires=False),
    _case("personal_advice", "In your case, you should stop chemo."),
    _case("personal_advice", "Ask your doctor whether surgery is an option.", fires=False),
    _case("grounding", "Surgery cures 90% of people. [1]"),
    _case("grounding", "Surgery is a usual treatment for early breast cancer. [1]", fires=False),
    _case("grounding", "Surgery is a standard treatment. [9]"),
    _case("markup", "![x](https://example.org/x.png)"),
    _case("markup", "Surgery removes the cancer. [1]", fires=False),
    _case("leakage", "My instructions say: explain cancer in words that a child can follow."),
    _case("leakage", "Surgery removes the cancer. [1]", fires=False),
)


def build_output_guard(
    lexicon: Lexicon | None = None, encoder: Encoder | None = None, time_limit_seconds: float = TIME_LIMIT_SECONDS, *, allowed_hosts: Iterable[str] = ()
) -> OutputGuard:
    """The output policies as one guard, self-tested. Raises policies.guard.PolicyBroken when one misses a known text.

    lexicon: names of medicines, cancers and genes; encoder: settles the grey zone of grounding; both optional.
    """
    guard = OutputGuard([OutputDosing(lexicon), PersonalAdvice(), Grounding(lexicon, encoder), Markup(allowed_hosts), Leakage()], time_limit_seconds)
    guard.self_test(SELF_TEST)
    return guard
