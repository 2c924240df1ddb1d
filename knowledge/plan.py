"""What an ingest has to do: which files are new or changed, which documents vanished, what each one is called."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import DocumentError, KnowledgeError
from knowledge.readers import READERS, refuse_unreadable
from knowledge.readers.source import Facts, Sidecar
from knowledge.store import Store

# Rises when reading, chunking or encoding changes what a file gives: everything is then read again.
FORMAT_VERSION = "3"


@dataclass(frozen=True)
class Wanted:
    """A file to be taken in: its document, the mark of its content, what `source.yaml` says of it."""

    doc_id: str
    path: Path
    digest: str
    facts: Facts


@dataclass
class Plan:
    """fresh: to be read. gone: documents to be removed. problems: a line each; `failed` of them are files that cannot be taken in at all."""

    fresh: list[Wanted] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    failed: int = 0
    stale_failures: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether the collection is in line with the files as it is."""
        return not self.fresh and not self.gone and not self.stale_failures


def files_under(paths: Iterable[Path]) -> list[Path]:
    """Readable files under the paths, sorted; hidden files, README files and `source.yaml` are not documents."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found |= {p for p in path.rglob("*") if p.suffix.lower() in READERS and p.is_file() and not _skipped(p, path)}
        else:
            found.add(path)
    return sorted(p.absolute() for p in found)


def _skipped(path: Path, root: Path) -> bool:
    # Office programs leave ~$name.docx beside an open file.
    return path.name.lower() == "readme.md" or path.name.startswith("~$") or any(part.startswith(".") for part in path.relative_to(root).parts)


def make_plan(store: Store, paths: Sequence[Path], collection: str, *, complete: bool = False) -> Plan:
    """Compare files and store. complete: the paths are all that the collection holds. Raises DocumentError when a path does not exist."""
    known = store.documents(collection)
    for path in paths:
        if not path.exists() and not any(under(Path(place), [path]) for place, _ in known.values()):
            raise DocumentError(f"{path}: no such file or folder")
    files = files_under(p for p in paths if p.exists())
    present = {str(file) for file in files}
    plan = Plan(gone=sorted(d for d, (place, _) in known.items() if place not in present and (complete or under(Path(place), paths))))
    failures = store.failures(collection)
    plan.stale_failures = sorted(p for p in failures if p not in present and (complete or under(Path(p), paths)))
    names = _names(files, {d: place for d, (place, _) in known.items() if d not in plan.gone})
    plan.gone = [d for d in plan.gone if d not in names.values()]  # moved: replaced, not removed
    sidecars: dict[Path, Sidecar | None] = {}
    for file in files:
        try:
            refuse_unreadable(file)
            facts = _facts(file, sidecars, plan)
            if facts is None:
                continue
            mark = digest(file, facts)
        except (DocumentError, OSError) as error:
            plan.problems.append(_line(file, error))
            plan.failed += 1
            continue
        doc_id = names[file]
        if known.get(doc_id) == (str(file), mark):
            plan.unchanged += 1
            if remaining := store.facts(collection, doc_id).get("problems"):
                plan.problems += remaining
        elif (failure := failures.get(str(file))) and failure[0] == mark:
            # Read before, found wanting, not touched since: no need to open it again to say so.
            plan.problems.append(failure[1])
            plan.failed += 1
        else:
            plan.fresh.append(Wanted(doc_id, file, mark, facts))
    for folder, sidecar in sidecars.items():
        if sidecar is not None:
            plan.problems += sidecar.unknown({p.name for p in folder.iterdir()})
    return plan


def _facts(file: Path, sidecars: dict[Path, Sidecar | None], plan: Plan) -> Facts | None:
    """What is said of a file; None where its folder's source.yaml is broken, which is said once for the folder."""
    if file.parent not in sidecars:
        try:
            sidecars[file.parent] = Sidecar(file.parent)
        except KnowledgeError as error:
            sidecars[file.parent] = None
            plan.problems.append(f"{file.parent.name}/{error}; the documents beside it stay as they were")
            plan.failed += 1
    sidecar = sidecars[file.parent]
    return sidecar.facts(file.name) if sidecar else None


def _names(files: Sequence[Path], known: dict[str, str]) -> dict[Path, str]:
    """A document's id for each file: its name without the ending; where that is taken, with its folder or its ending.

    A Spanish article of a folder `es` is `es/<name>`. A file that is known keeps its id.
    """
    by_path = {place: doc_id for doc_id, place in known.items()}
    used = set(known)
    places = {doc_id: Path(place).parent for doc_id, place in known.items()}
    names: dict[Path, str] = {}
    for file in files:
        doc_id = by_path.get(str(file))
        if doc_id is None:
            parents = file.parent.parts[1:]
            stem = f"es/{file.stem}" if file.parent.name == "es" else file.stem
            # Beside its namesake the ending tells it apart, elsewhere the folder.
            beside = [file.name] if places.get(stem) == file.parent else []
            choices = [stem, *beside, *("/".join([*parents[-n:], file.stem]) for n in range(1, len(parents) + 1)), file.name, str(file)]
            doc_id = next(choice for choice in choices if choice not in used)
        used.add(doc_id)
        places[doc_id] = file.parent
        names[file] = doc_id
    return names


def digest(file: Path, facts: Facts) -> str:
    """What tells a changed file: its bytes, what `source.yaml` says of it, and our own format version."""
    parts = hashlib.sha256(f"{FORMAT_VERSION}\n{facts.model_dump_json(exclude_none=True)}\n".encode())
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            parts.update(block)
    return parts.hexdigest()


def under(place: Path, paths: Iterable[Path]) -> bool:
    """Whether a file is one of the paths or lies in one of them."""
    return any(place == path.absolute() or path.absolute() in place.parents for path in paths)


def _line(file: Path, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{file.name}: cannot be read ({error.strerror or type(error).__name__})"
    return str(error)


def library_in_place(files: Iterable[Path]) -> str:
    """A cheap mark of files' state (names, sizes, times), to skip hashing on every start."""
    entries = sorted((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in files)
    return hashlib.sha256(repr((FORMAT_VERSION, entries)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
