"""Stops a sentence that tells one person what they have, should do or can expect, or that speaks as a clinician.

"You should stop chemo", "your cancer is stage II", "I recommend", "as your doctor" fall. Orientation stays: "ask your team whether …",
"go to the ER", "you should call", "if your cancer has spread …, people often …". English and Spanish.
"""

from __future__ import annotations

import re

from policies.literals import Sifted, sifted
from policies.reading import visible, visible_tail
from policies.verdict import Draft, Verdict

# Characters of the tail that can open a phrase which the sentence completes.
_SEAM = 60


def _c(pattern: str) -> Sifted:
    return sifted(pattern)


# What anybody may be told to do: to reach people, to know, to be kind to themselves.
_ORIENTING_VERB = (
    r"(?:also |always |still |feel free to |be able to |try to |want to )*(?:ask|call|tell|talk|speak|contact|let|report|discuss|share|reach|see (?:a|your|the|an)\b|go to (?:the|an|your)|go straight|get (?:medical |emergency |urgent |help|care|checked|support|a second|seen|(?:an? |the |your )?(?:\w+ )?(?:reports?|cop(?:y|ies)|results?|letter|answers?|information|call)\b)|take (?:part in (?:the|your|any|every) |someone|notes|a list|your time|your temperature|time)|seek|know"
    r"|bring|write|keep (?:a|your|track|all|going to|in mind)|remember|understand|check with|carry|learn|read|trust|feel|be (?:aware|told|able|given|offered|honest|heard|afraid|alone|ashamed|there|sure to (?:tell|ask|call|talk))"
    r"|not (?:wait|ignore|hesitate|blame|worry|feel|be afraid|be ashamed|use this|rely)|never (?:wait|ignore|hesitate|feel)|wait|decide|hear|expect (?:to hear|a call)|explain|prepare|think about what)"
)
_MODAL = r"(?:should|must|need to|have to|ought to|had better|'d better|are advised to|are supposed to)(?: not|n't)?"
_DISEASE = r"(?:cancer|tumou?rs?|lymphoma|leuk(?:a)?emia|melanoma|myeloma|sarcoma|carcinoma|metastas[ie]s|metastatic|malignan\w+|stage (?:\d|i|v)\w*|sepsis|pneumonia|a blood clot|an infection|her2|brca\d?|terminal|incurable|remission)"
_TREATMENT = r"(?:chemo\w*|immunotherapy|radiation|radiotherapy|surgery|treatments?|therapy|hormone therapy|medicines?|medications?|drugs?|pills?|tamoxifen|steroids?|opioids?|supplements?|a biopsy|mastectomy|lumpectomy|transplant|hospice|trial|[a-z]{3,}(?:mab|nib|platin|taxel|ciclib|parib))"
_TREATMENT_ES = r"(?:quimio\w*|inmunoterapia|radiación|radioterapia|cirugía|tratamientos?|terapia|medicamentos?|medicinas?|pastillas?|suplementos?|biopsia|mastectomía|trasplante|operación)"

# (rule, pattern, exempt when the clause is conditional or a question)
_RULES: tuple[tuple[str, Sifted, bool], ...] = (
    ("should", _c(rf"\byou (?:really |probably |definitely |absolutely |also |just |simply |do )*{_MODAL} (?!{_ORIENTING_VERB})(?:\w+)"), False),
    ("should", _c(rf"\byou (?:do not|don't|no longer|really|will|'ll|definitely|only)? ?need (?:a |an |any |more |some |another |to have |to get |to start )*{_TREATMENT}"), True),
    ("may", _c(rf"\byou (?:can|could|may|might|are free to|are safe to|can safely|could safely)(?: safely| just| simply| now)* (?:(?:stop|skip|quit|refuse|delay|drop|come off|double|restart)(?: taking| using| having)? (?:it|them|your|the|this|that|all|any|some|{_TREATMENT})\b|(?:take|start|use|switch to) (?:it|them|(?:the |your |this |that |any |some )*{_TREATMENT})\b)(?! part| care| off work| time| notes| someone| a friend| break)"), True),
    ("may", _c(r"\b(?:it is|it's|would be|that is|that's) (?:perfectly |quite |completely )?(?:safe|fine|ok|okay|best|better|wise|a good idea|right) for you to (?!ask|call|feel|talk|tell)"), True),
    ("case", _c(r"\bin your (?:own |particular |specific |individual )?(?:case|situation|circumstances)\b|\bfor (?:someone|a person|a patient) (?:exactly )?like you\b|\b(?:given|based on|considering|looking at|from) (?:your|what you(?:'ve| have)? (?:told|said|shared|described))\b(?! (?:care team|team|doctor|goals|wishes|values|needs|health and|age|own))"), False),
    ("best_for_you", _c(rf"\b(?:best|right|better|ideal|correct) (?:treatment |option |choice |approach |plan |drug |therapy |thing |test )*for you (?:is|would be|might be|seems|are)\b|\byou(?: are|'re| would be| seem| look)(?: likely| probably)?(?: a)? ?(?:good|strong|poor|suitable|ideal|perfect)? ?(?:candidate|eligible|fit|qualified|suited) (?:for|to)\b|\byou (?:do |likely |probably )*qualify\b|\b{_TREATMENT} (?:is|would be|will be) (?:the )?(?:best|right|better) for you\b"), True),
    ("diagnosis", _c(rf"\byou (?:probably |likely |clearly |definitely |almost certainly |do |most likely |already |actually |now |certainly )*(?:have|'ve got|have got|are suffering from|are dealing with|are in|are showing signs of|have developed) (?:early |advanced |late |an? |the |signs of |stage \w+ |\w+[- ]positive |\w+ ){{0,3}}{_DISEASE}\b"), True),
    ("diagnosis", _c(r"\byour (?:\w+ )?(?:cancer|tumou?r|disease|lump|mass|lymphoma|leuk(?:a)?emia|melanoma|myeloma|nodule|condition|illness|symptoms?) (?:is|are|has|have|was|will|won't|looks|seems|appears|sounds|means?|indicates?|suggests?|shows?|points?|probably|likely|may have|might be|could be|isn't|hasn't)\b(?! (?:treated|found by|being|called|checked))"), True),
    ("diagnosis", _c(r"\byour (?:\w+ ){0,2}(?:results?|scans?|labs?|blood (?:test|work|count)s?|biops(?:y|ies)|reports?|psa|markers?|mri|ct|pet|pathology|test|numbers|counts?|levels?|stage|grade|score|prognosis|outlook|chances?|odds|life expectancy|survival|risk) (?:is|are|of \w+ (?:is|are)|show|shows|showed|mean|means|indicates?|suggests?|look|looks|appear|appears|point|points|will|confirm\w*)\b(?! (?:checked|measured|used|tested|sent|read by|explained))"), True),
    ("diagnosis", _c(r"(?:^|[.!,] |\bbut )(?:it|this|that|these|what you describe) (?:definitely |clearly |really |certainly )?(?:sounds?|looks?|seems?|appears?) (?:like|as if|as though|to be|to me)\b(?=[^.]*\b(?:you|your|cancer|tumou?r|sepsis|clot)\b)|\b(?:sounds|looks|seems) (?:like|as if) you(?: have|r|'ve)\b|\byou (?:are|were|'re) (?:misdiagnosed|cancer[- ]free|in remission|cured|terminal|dying)\b"), True),
    ("prognosis", _c(r"\byou(?: will|'ll| won't| are going to| are (?:very |quite )?(?:un)?likely to| probably| should)(?: not| probably| likely| certainly| definitely)* (?:live|die|survive|be (?:cured|fine|okay|ok|all right|alright)|beat|recover|respond|pull through|make it|relapse)\b|\byou(?: probably| likely)? have (?:about |around |roughly |less than |only |maybe |up to |at least )*(?:\d+|one|two|three|four|five|six|several|a few)(?: to \w+)? (?:days|weeks|months|years)(?: left| to live)?\b"), True),
    ("recommend", _c(r"\b(?:i|we)(?:'d| would| do| can| will| must| strongly| personally| also| highly| always)* (?:recommend|advise|urge|diagnose|prescribe|suggest)(?!\w*(?:ed)? by)\b(?! (?:that )?(?:you )?(?:asking|ask|talking|talk|call|calling|contact|contacting|speak|speaking|telling|tell|reach|discuss|see))|\bmy (?:medical |professional |clinical |honest |strong )?(?:advice|recommendation|diagnosis|suggestion|opinion|assessment)\b|\bif i were (?:you|in your)|\bi(?:'d| would) (?:take|choose|stop|start|go with|refuse|skip|avoid|pick|opt)\b|\bi (?:think|believe|feel|am sure|am confident) (?:that )?(?:you|your)\b"), False),
    ("clinician", _c(r"(?:^|[.,;:!?] |\bspeaking |\bhere )as (?:your|an?) (?:\w+ ){0,2}(?:doctor|physician|nurse|oncologist|clinician|pharmacist|surgeon|specialist|radiologist|hematologist|(?:medical|health(?: ?care)?) (?:professional|provider|expert))\b(?=,| i\b| we\b| my\b)|\bi(?:'m| am| was| have been| have worked as)(?: also| actually| in fact)? (?:a|an|your|the) (?:\w+[- ]){0,3}(?:doctor|physician|nurse|oncologist|clinician|pharmacist|surgeon|specialist|radiologist|hematologist|md|therapist)\b|\bin my (?:\w+ )?(?:practice|clinic|experience|professional opinion|medical opinion|clinical opinion|expert opinion)\b|\bmy (?:other )?patients\b|\bwe doctors\b|\bas doctors, we\b|\btrust me\b"), False),
    ("imperative", _c(rf"(?:^|[.!;:] |, (?:so|and|then) |\bplease )(?:please |just |simply |now |immediately |go ahead and )*(?:stop|refuse|quit|start|begin|choose|skip|switch to|go with|insist on|pick|cancel|take|try|get|use|opt for)(?: taking| using| having| your| the| this| any| all| a| on| for)* (?:more )?{_TREATMENT}\b(?!\s*(?:part|questions|list|notes))(?![^.]*\b(?:only if|unless|without (?:talking|asking|checking|telling)|with your (?:team|doctor))\b)"), True),
    ("imperative", _c(rf"(?:^|[.!;] |\bplease )(?:do not|don't|never) (?:take|have|get|start|accept|agree to|use) (?:any |the |your |this |more |a )*{_TREATMENT}\b(?![^.]*\b(?:unless|without|until|before you|if your (?:team|doctor)|because of (?:this|what))\b)"), True),
    ("should", _c(r"\b(?:usted |tú )?(?:debe|debería|deberías|debes|tiene que|tienes que|necesita|necesitas|ha de)(?: usted)? (?:no )?(?:tomar|dejar|suspender|rechazar|elegir|escoger|empezar|iniciar|comenzar|evitar|operarse|someter\w+|hacerse|cambiar|continuar|recibir|usar|pedir que le (?:operen|den)|parar|abandonar)\w*"), False),
    ("case", _c(r"\ben (?:su|tu) (?:propio |propia )?(?:caso|situación)\b(?! (?:se |es )?(?:pregunt|habl))|\bpara usted,? (?:lo mejor|el mejor|la mejor)|\b(?:el mejor|la mejor|lo mejor) [^.]{0,40}para (?:usted|ti) (?:es|sería)\b"), False),
    ("diagnosis", _c(r"\b(?:su|tu) (?:cáncer|tumor|linfoma|leucemia|enfermedad|resultado|biopsia|prueba|pronóstico|análisis|etapa|melanoma)s? (?:es|está|son|ha|tiene|muestra\w*|indica\w*|significa\w*|parece\w*|será)\b|\b(?:usted|tú) (?:tiene|tienes|padece|padeces|sufre de) (?:un |una )?(?:cáncer|tumor|linfoma|leucemia|melanoma|metástasis|infección|sepsis)|\btienes? cáncer\b|\ble quedan? \w+ (?:meses|años|semanas)"), True),
    ("recommend", _c(r"\b(?:le|te|les) (?:recomiendo|aconsejo|sugiero|receto|recomendamos|aconsejamos)\b(?! (?:que )?(?:llam|habl|pregunt|consult|acud))|\bmi (?:consejo|recomendación|diagnóstico|opinión)\b|\bsi (?:yo )?(?:fuera|estuviera en su)|\byo (?:tomaría|dejaría|elegiría|rechazaría)\b"), False),
    ("clinician", _c(r"\bcomo (?:su|tu) (?:médic[oa]|doctora?|oncólog[oa]|enfermer[oa])\b|\bsoy (?:un |una |su |tu )?(?:médic[oa]|doctora?|oncólog[oa]|enfermer[oa]|farmacéutic[oa]|cirujan[oa])\b|\bmis pacientes\b"), False),
    ("imperative", _c(rf"(?:^|[.!;¡] )(?:deje|suspenda|rechace|empiece|inicie|tome|elija|pida|evite|no tome|no acepte)(?: de (?:tomar|recibir))?(?: su| el| la| este| esta| más| un| una)* {_TREATMENT_ES}\b(?![^.]*\bsin (?:hablar|preguntar|consultar)\b)"), True),
)  # fmt: skip

_CONDITIONAL = _c(
    r"\b(?:if|whether|when|unless|once|in case|how|what|why|where|which|who|until|because of what|depend\w*|ask\w*|find out|people|learn|tell|si|cuando|qué|cómo|según|cuál)\b[^,;:.]{0,90}$"
)
_SAFEGUARD = _c(
    r"\bwithout (?:first )?(?:talking|asking|checking|telling|speaking)|\bunless your (?:care )?(?:team|doctor)|\bsin (?:hablar|preguntar|consultar)"
)
_STOPPING = _c(r"\b(?:stop|skip|change|delay|start|take|use|dej|suspend|cambi|tom)\w*\b")
_NEGATED_CLAIM = _c(r"\b(?:not|n't|cannot|no|never)\b(?:\W+\w+){0,3}\W*$")


def _advice(text: str, seam: int) -> tuple[str, str]:
    """(rule, words) of the first personal advice that reaches beyond `seam`, ("", "") if none."""
    question = text.rstrip().endswith("?")
    for rule, pattern, conditional in _RULES:
        for m in pattern.finditer(text):
            if m.end() <= seam:
                continue
            if conditional and (question or _CONDITIONAL.search(text, max(0, m.start() - 100), m.start())):
                continue
            if rule == "should" and _SAFEGUARD.search(text, m.end()) and _STOPPING.search(m.group()):
                continue
            if rule == "clinician" and re.search(r"\b(?:not|never|no)\b", m.group(), re.IGNORECASE):
                continue
            if rule == "recommend" and _NEGATED_CLAIM.search(m.group()):
                continue
            return rule, m.group()
    return "", ""


def gives_personal_advice(sentence: str) -> bool:
    """Whether a sentence, read alone, advises, diagnoses or predicts for one person, or claims a clinician's voice."""
    return bool(_advice(visible(sentence).replace("\n", " "), 0)[0])


class PersonalAdvice:
    """Output policy "personal_advice"."""

    name = "personal_advice"

    def judge(self, draft: Draft) -> Verdict:
        text = visible(draft.sentence).replace("\n", " ")
        rule, words = _advice(text, 0)
        if not rule and draft.tail:
            before = visible_tail(draft.tail, _SEAM).replace("\n", " ").rstrip(" .,:;–—-\n")
            rule, words = _advice(f"{before} {text}", len(before) + 1)
        return Verdict(policy=self.name, fired=bool(rule), rule=f"personal_advice.{rule}" if rule else "", score=1.0 if rule else 0.0, evidence=words)
