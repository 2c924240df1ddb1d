"""A run as JUnit XML: a suite for each task, a case for each row, a suite for the thresholds."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent  # nosec: written, never parsed

from evals.gate import Verdict
from evals.results import Run

# Characters that XML 1.0 has no way to carry.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def junit(run: Run, verdicts: list[Verdict]) -> ElementTree:
    """The document. A row is a failure with every rule it failed; a turn that raised is an error."""
    root = Element("testsuites", name="oncolantern", time=str(run.seconds))
    for task in run.tasks:
        results = run.of(task)
        suite = SubElement(
            root, "testsuite", name=task, tests=str(len(results)), failures=str(sum(bool(r.failures) and not r.error for r in results)),
            errors=str(sum(bool(r.error) for r in results)), timestamp=run.created,
        )  # fmt: skip
        for r in results:
            seconds = (r.answer.timings_ms.get("total", 0.0) if r.answer else 0.0) / 1000
            case = SubElement(suite, "testcase", classname=f"eval.{task}", name=_xml(r.row.id), time=f"{seconds:.4f}")
            if r.error:
                SubElement(case, "error", message=_xml(r.error))
            elif r.failures:
                failure = SubElement(case, "failure", message=_xml(", ".join(r.failures)))
                failure.text = _xml("\n".join(f"{rule}: {why}" for rule, why in r.failures.items()))
    gate = SubElement(root, "testsuite", name="thresholds", tests=str(len(verdicts)), failures=str(sum(v.missed for v in verdicts)), errors="0")
    for verdict in verdicts:
        case = SubElement(gate, "testcase", classname="eval.thresholds", name=_xml(verdict.threshold.name))
        if verdict.missed:
            SubElement(case, "failure", message=_xml(str(verdict)))
        elif verdict.value is None:
            SubElement(case, "skipped")
    indent(root)
    return ElementTree(root)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
