"""The catalogues: complete, checked, dated, and quick to ask."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest

from knowledge import catalogs
from knowledge.articles import library_paths, read_article
from knowledge.catalogs import CATALOG, CatalogError, read_catalog
from knowledge.readability import measure

COUNTRIES = ("US", "UK", "CA", "IE", "AU", "ES", "MX")


def _names(text: str) -> list[str]:
    return [term.term for term in catalogs.resolve(text)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CATALOG, tmp_path / "catalog"))


def _edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_74_patient_books_have_a_full_title_a_year_and_their_own_link() -> None:
    books = catalogs.catalog().guidelines
    assert len(books) == 74
    assert len({book.url for book in books}) == 74
    assert all(book.full_title.startswith("NCCN Guidelines for Patients: ") and " - " not in book.full_title for book in books)
    assert [b.full_title for b in catalogs.guidelines_for([22, 16])] == [
        "NCCN Guidelines for Patients: Metastatic Breast Cancer",
        "NCCN Guidelines for Patients: Invasive Breast Cancer",
    ]
    assert catalogs.guidelines_for([16])[0].url.endswith("patientGuidelineId=16")


def test_all_guidelines_means_the_list_of_books_and_an_unknown_id_is_left_out() -> None:
    assert [b.url for b in catalogs.guidelines_for("all")] == [catalogs.catalog().browse_all]
    assert [b.id for b in catalogs.guidelines_for([999_999, 46])] == [46]


def test_a_kind_of_breast_cancer_gets_its_own_books_before_the_screening_book() -> None:
    assert [b.id for b in catalogs.guidelines_for_cancers(["her2-breast"])][:2] == [16, 22]
    assert 66 in [b.id for b in catalogs.guidelines_for_cancers(["her2-breast"])]


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_says_who_to_call_in_an_emergency_a_crisis_and_a_poisoning(country: str) -> None:
    contacts = catalogs.contacts_for(country.lower())
    assert contacts.country == country
    for line in (contacts.emergency, *contacts.crisis, *contacts.poison, *contacts.cancer):
        assert len(re.findall(r"\d", line.phone)) >= 3
        assert line.url


def test_the_united_states_lines_are_the_ones_their_owners_publish() -> None:
    us = catalogs.contacts_for("US")
    assert (us.emergency.phone, us.crisis[0].phone, us.crisis[0].text) == ("911", "988", "call or text")
    assert (us.poison[0].phone, us.cancer[0].phone, us.cancer[0].dial) == ("1-800-222-1222", "1-800-4-CANCER", "1-800-422-6237")
    assert "unverified" not in {line.verified_on for line in (us.emergency, *us.crisis, *us.poison, *us.cancer)}


def test_an_unlisted_country_gets_your_local_emergency_number_and_no_american_one() -> None:
    contacts = catalogs.contacts_for("ZZ")
    assert contacts.emergency.named() == ("your local emergency number", "your local emergency number", "call")
    assert not re.search(r"\b(911|988|112)\b", str([contacts.emergency, *contacts.crisis, *contacts.poison]))
    assert contacts.emergency.named("es")[0] == "su número local de emergencias"


def test_great_britain_is_found_under_both_of_its_codes() -> None:
    assert catalogs.contacts_for("GB") == catalogs.contacts_for("UK")


def test_every_patient_book_is_reached_by_an_article_and_every_article_names_known_cancers() -> None:
    fronts = [read_article(path).front for path in library_paths()]
    reached = {number for front in fronts if front.guidelines != "all" for number in front.guidelines}
    assert sorted({book.id for book in catalogs.catalog().guidelines} - reached) == []
    assert {word for front in fronts for word in front.cancers} <= set(catalogs.catalog().cancers)


def test_every_term_has_a_spanish_name_and_leads_to_an_article() -> None:
    articles = {path.stem for path in library_paths()}
    assert [t.term for t in catalogs.catalog().terms if not t.es.strip() or t.article not in articles] == []


def test_every_service_says_in_spanish_why_it_is_shown() -> None:
    assert [s.id for s in catalogs.catalog().services if not s.why_es] == []


def test_a_service_for_another_cancer_or_another_country_never_appears() -> None:
    for entry in catalogs.services_for(["lung"], [], "CA", limit=100):
        assert not entry.countries or "CA" in entry.countries
        assert not entry.cancers or "lung" in entry.cancers


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_has_an_organisation_of_its_own_that_somebody_looked_up(country: str) -> None:
    own = [entry for entry in catalogs.services_for([], [], country, limit=100) if country in entry.countries]
    assert [entry.id for entry in own if entry.verified_on != "unverified"]


def test_a_phone_number_stands_only_with_a_service_that_somebody_looked_up() -> None:
    assert [entry.id for entry in catalogs.catalog().services if entry.phone and entry.verified_on == "unverified"] == []


def test_services_for_a_topic_serve_it_and_those_for_the_very_cancer_come_first() -> None:
    lodging = catalogs.services_for([], ["lodging"], "US", limit=20)
    assert len(lodging) >= 4 and all("lodging" in entry.topics for entry in lodging)
    assert "breast" in catalogs.services_for(["triple-negative-breast"], ["support"], "US", limit=1)[0].cancers or (
        "triple-negative-breast" in catalogs.services_for(["triple-negative-breast"], ["support"], "US", limit=1)[0].cancers
    )
    assert len(catalogs.services_for(["breast"], ["cost"], "US", limit=3)) == 3


def test_there_are_services_for_every_topic_and_most_were_seen() -> None:
    services = catalogs.catalog().services
    assert len(services) >= 40
    topics = {topic for entry in services for topic in entry.topics}
    assert {"treatment", "cost", "trial", "support", "caregiver", "second-opinion", "lodging", "transport", "fertility", "young-adult", "spanish"} <= topics
    assert sum(entry.verified_on != "unverified" for entry in services) >= len(services) / 2


def test_every_term_is_explained_in_at_most_thirty_plain_words() -> None:
    terms = catalogs.catalog().terms
    assert sum(t.kind != "disease" for t in terms) >= 600 and sum(t.kind == "drug" for t in terms) >= 150
    hard = {t.term: (r.words, r.grade) for t in terms if (r := measure(t.plain)).words > 30 or r.grade > 8}
    assert hard == {}


def test_no_explanation_holds_an_amount_or_a_schedule() -> None:
    dose = re.compile(
        r"\d\s?(?:mg|mcg|g|ml|units?|tablets?|pills?|gy)\b|\b(?:(?:once|twice|times) (?:a|per|every) (?:day|week)|(?:once|twice) daily|every \w+ (?:hours|days|weeks))\b",
        re.IGNORECASE,
    )
    assert [t.term for t in catalogs.catalog().terms if dose.search(t.plain)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Keytruda side effects", ["pembrolizumab"]),
        ("is pembrolizumab a chemo?", ["pembrolizumab", "chemotherapy"]),
        ("HER2-positive breast cancer", ["HER2-positive breast cancer"]),
        ("Her2+ breast cancer and a PET/CT", ["HER2-positive breast cancer", "PET scan"]),
        ("Tengo cáncer de seno y quimio", ["Breast cancer", "chemotherapy"]),
        ("leucemia linfoblastica aguda", ["Acute lymphoblastic leukemia"]),
        ("sacituzumab or datopotamab", ["sacituzumab govitecan", "datopotamab deruxtecan"]),
        ("NSCLC, DLBCL and TNBC", ["Non-small cell lung cancer", "Diffuse large B-cell lymphoma", "Triple-negative breast cancer"]),
    ],
)
def test_names_brands_abbreviations_and_spanish_names_are_found(text: str, expected: list[str]) -> None:
    assert _names(text) == expected


def test_an_abbreviation_in_the_name_of_a_cancer_is_a_name_of_it() -> None:
    short = {cancer.name: found.group(1) for cancer in catalogs.catalog().cancers.values() if (found := re.search(r"\(([A-Z]{2,6})\)", cancer.name))}
    assert {name: _names(word) for name, word in short.items() if _names(f"is {word} a cancer") != [name]} == {}
    assert short


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("Kytruda", "pembrolizumab"), ("lymfoma", "Lymphoma"), ("xelodda", "capecitabine"), ("decetaxel", "docetaxel"),
     ("chemotheraphy", "chemotherapy"), ("coumadine", "warfarin"), ("nuropathy", "neuropathy"), ("zofrann", "ondansetron")],
)  # fmt: skip
def test_clear_misspellings_are_understood(slip: str, meant: str) -> None:
    assert _names(f"question about {slip} please") == [meant]


@pytest.mark.parametrize(
    "text",
    ["I met all my goals with my kit", "she is staying relaxed in her career", "an aspiring carrier pilot", "my pet cat", "factions and genetics",
     "travel with compression stockings", "in 8th grade", "the cup is on the table"],
)  # fmt: skip
def test_everyday_words_are_not_taken_for_medical_ones(text: str) -> None:
    assert _names(text) == []


def test_capital_letters_tell_a_gene_from_a_word_unless_everything_is_shouted() -> None:
    assert _names("the MET gene") == ["MET gene"] and _names("I met him") == []
    assert _names("curable ALL in kids") == ["Acute lymphoblastic leukemia"] and _names("IS THAT ALL I CAN DO") == []


def test_a_slip_in_a_name_of_several_words_is_vouched_for_by_the_others() -> None:
    assert _names("my panceatic cancer scan") == ["Pancreatic cancer"] and _names("colin cancer") == ["Colon cancer"]
    assert _names("colin called") == [] and _names("some tests cancer patients get") == [] and _names("a photon beam") == []


def test_a_slip_between_two_medicines_is_not_guessed() -> None:
    assert _names("Cytosar") == ["cytarabine"] and _names("Cytoxan") == ["cyclophosphamide"]
    assert _names("cytosan") == []


def test_a_query_is_expanded_both_ways_without_slips_or_what_it_already_holds() -> None:
    assert "pembrolizumab" in catalogs.expand("Keytruda") and "Keytruda" in catalogs.expand("pembrolizumab")
    assert "pembrolizumab" not in catalogs.expand("what is pembrolizumab")
    assert "kytruda" not in [name.lower() for name in catalogs.expand("pembrolizumab")]
    assert "cáncer de mama" in catalogs.expand("breast cancer")


def test_the_lexicon_is_lower_case_and_keeps_everyday_words_out() -> None:
    words = catalogs.lexicon_words()
    assert set(words) == {"drugs", "cancers", "genes", "terms"}
    assert {"keytruda", "pembrolizumab", "tylenol", "quimioterapia"} <= words["drugs"] | words["terms"]
    assert {"tnbc", "linfoma", "cancer de pulmon"} <= words["cancers"] and {"her2", "brca1", "psa"} <= words["genes"]
    everything = frozenset().union(*words.values())
    assert all(name == name.lower() for name in everything)
    assert not everything & {"met", "all", "kit", "ret", "stable", "spread", "mass", "grade", "cup", "er", ""}


def test_a_child_of_a_cancer_belongs_to_its_family() -> None:
    assert catalogs.cancer_family("glioblastoma") == ("glioblastoma", "glioma", "brain")
    assert catalogs.cancers_in("is TNBC harder than DLBCL") == ["triple-negative-breast", "dlbcl"]


def test_no_name_belongs_to_two_terms() -> None:
    seen: dict[str, str] = {}
    for term in catalogs.catalog().terms:
        for name in {n.casefold() for n in (*term.names, *term.misspelt) if n not in term.exact}:
            assert seen.setdefault(name, term.term) == term.term
    assert len(seen) > 2_500


def test_resolving_200_characters_takes_under_a_millisecond() -> None:
    text = (
        "my father was diagnosed with metastatic pancreatic adenocarcinoma and starts folfirinox nxt week, his oncologst "
        "mentioned neulasta and zofran, what questons should we ask about it and the nuropathy he has since?"
    )[:200]
    catalogs.resolve(text)
    best = min(_timed(text) for _ in range(50))
    assert best < 0.001


def _timed(text: str) -> float:
    start = time.perf_counter()
    catalogs.resolve(text)
    return time.perf_counter() - start


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("services.yaml", "id: cancercare,", "id: cancercare, stars: 5,", r"services\.yaml, entry 'cancercare': stars"),
        ("services.yaml", "id: cancercare,", "id: acs,", r"services\.yaml, entry 'acs': id stands twice"),
        ("services.yaml", "https://www.cancercare.org/", "javascript:alert(1)", r"services\.yaml, entry 'cancercare': url"),
        ("services.yaml", "cancers: [breast], ", "cancers: [brest], ", r"services\.yaml, entry 'komen': cancers: brest"),
        ("guidelines.yaml", "year: 2025", "year: soon", r"guidelines\.yaml, entry '1': year"),
        ("contacts.yaml", "verified_on: 2026-11-23", "verified_on: probably", r"contacts\.yaml, entry 'US': emergency\.verified_on"),
        ("contacts.yaml", "verified_on: 2026-11-23", "verified_on: unverified", r"contacts\.yaml, entry 'US': .*a person in danger"),
        ("contacts.yaml", "  default:", "  XX:", r"contacts\.yaml, entry 'default': is missing"),
        ("glossary.yaml", "source: nci-drugs,", "source: nowhere,", r"glossary\.yaml, entry 'pembrolizumab': source 'nowhere'"),
        ("cancers.yaml", "parent: breast", "parent: chest", r"cancers\.yaml, entry 'dcis': parent 'chest'"),
        ("cancers.yaml", "cancers:", "cancers: [", r"cancers\.yaml, entry '-': cannot be read"),
    ],
)
def test_a_broken_entry_is_refused_with_its_file_and_its_name(folder: Path, file: str, old: str, new: str, message: str) -> None:
    _edit(folder, file, old, new)
    with pytest.raises(CatalogError, match=message):
        read_catalog(folder)


def test_values_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        catalogs.contacts_for("US").emergency.phone = "000"
