"""Words as search compares them: what carries meaning, and its stem. English and Spanish, accents aside."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_STOP = frozenset(
    """a an and are as at be been being but by can could did do does doing for from get gets had has have having how i if in into is it its
    just may me might more most much my no not of on or our out over please should so some such tell than that the their them then there these
    they this those to too up us was we were what whats what's when where which who whom why will with would you your about explain give list
    any also am me people person someone patient patients really very know need want mean means meaning like work works happen happens
    can't cannot don't doesn't didn't isn't aren't wasn't weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't it's i'm i've i'd i'll you're
    you've they're they've that's there's he's she's we're we've let's who's how's cant dont doesnt didnt isnt arent wasnt wont wouldnt couldnt shouldnt
    hasnt havent im ive id youre theyre thats theres hes shes always ever even still again here both other others another each same own everyone
    anyone someone somebody everybody nobody anybody everything anything something nothing thing things stuff lot bit because though although whether
    through around until since says said say told asks asked ask keeps keep let lets goes going go put gave got getting whole straight
    used use using during while good best better cancer cancers tumor tumors tumour disease type types kind kinds called
    el la los las un una unos unas de del que qué es son y o en con por para como cómo se su sus al lo mi me cuál cuáles cáncer
    hay tiene tienen tengo puede pueden puedo debo debe hacer cuándo cuando dónde donde está están estoy esta este esto eso muy más también sobre
    sin si ser tener fue era quién quien ya cada sirve significa necesito quiero saber ayuda funciona funcionan cuánto cuánta""".split()
)
_WORD = re.compile(r"[A-Za-zÀ-ÿ0-9]+(?:[-'’][A-Za-zÀ-ÿ0-9]+)*")

# Words that say what kind of thing is asked, not which one: a passage need not hold them.
GENERIC = frozenset(
    """treat treatment treatments therapy therapies test tests testing scan scans side effect effects risk risks stage stages sign signs symptom
    symptoms cause causes option options survival rate chance chances doctor doctors help look looking difference different differ compare
    versus vs general normal long often early late new old first last day days week year years life live living body pain feel feeling take
    taking make makes find found tips number numbers show shows start stop come common possible usually actually happen prevent prevents work survive cancerous malignant
    tratamiento efectos riesgo etapa síntomas causa""".split()
)


# Whom a question is about or who asks it: a passage need not hold them, and of a longer question they say nothing.
RELATIVES = frozenset(
    """mom mommy mum mother mothers dad daddy father fathers husband wife partner son daughter brother sister aunt uncle grandma grandmother grandpa grandfather
    granny cousin nephew niece friend boyfriend girlfriend spouse neighbor neighbour relative mamá papá madre padre hermano hermana esposo esposa marido hijo hija abuelo
    abuela tío tía""".split()
)


def content_words(text: str) -> list[str]:
    """Lower-case words that carry what a text is about, in order, without repeats."""
    words = (w.lower().replace("’", "'") for w in _WORD.findall(text))
    return list(dict.fromkeys(w for w in words if w not in _STOP and (len(w) > 1 or w.isdigit())))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light stem, enough to meet plurals and verb forms: lymphomas → lymphoma, treated → treat, síntomas → sintoma."""
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    for ending in ("ies", "ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not (ending == "s" and word.endswith("ss")):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def stems(text: str) -> frozenset[str]:
    """Stems of a text's content words; a word with a hyphen counts whole and by its parts."""
    return frozenset(stem(part) for w in content_words(text) for part in {w, *w.split("-")})
