"""The words around a dose: what is a medicine, what is something else that also has amounts and intervals. English, Spanish.

Kept apart from the rules so that a safety reviewer can read one list. All are lower-case regular expressions without groups.
"""

from __future__ import annotations

# Things one takes that are certainly a medicine (or a supplement): an interval next to one is a schedule.
MEDICINE = (
    r"medicines?|medications?|drugs?|pills?|tablets?|capsules?|caplets?|lozenges?|suppositor(?:y|ies)|gel ?caps?|supplements?|vitamins?|infusions?|drips?"
    r"|injections?|shots?|patch(?:es)?|inhalers?|eye ?drops|syrups?|chemo(?:therapy)?|immunotherapy|hormone therapy|targeted therapy|antibiotics?"
    r"|steroids?|opioids?|painkillers?|pain relievers?|anti-?nausea|laxatives?|blood thinners?|biosimilars?|antibod(?:y|ies)|anti-?hist\w+"
    r"|checkpoint inhibitors?|inhibitors?|bisphosphonates?|aspirin|ibuprofen|acetaminophen|paracetamol|tylenol|insulin|morphine|tamoxifen|letrozole"
    r"|anastrozole|exemestane|metformin|prednis\w+|dexamethasone|methotrexate|capecitabine|warfarin|heparin|enoxaparin|ondansetron|omeprazole"
    r"|turmeric|curcumin|cannabis|cbd|thc|melatonin|selenium|zinc|magnesium|ivermectin|fenbendazole|mushroom extract|herbal"
    r"|medicamentos?|medicinas?|fármacos?|farmacos?|pastillas?|tabletas?|comprimidos?|cápsulas?|capsulas?|grageas?|píldoras?|pildoras?|supositorios?"
    r"|suplementos?|vitaminas?|infusi[oó]n(?:es)?|inyecci[oó]n(?:es)?|parches?|inhalador(?:es)?|jarabes?|gotas|quimio(?:terapia)?|inmunoterapia"
    r"|antibióticos?|esteroides?|analgésicos?|insulina|morfina|tamoxifeno|paracetamol|ibuprofeno|aspirina|prednisona|dexametasona"
)
# Endings that only names of medicines have. A lexicon, where one is handed in, adds the rest.
DRUG_ENDING = (
    r"[a-z]{3,}(?:mab|nib|ciclib|platin|platino|taxel|rubicin|rubicina|citabine|citabina|tecan|zumib|zomib|parib|lidomide|lidomida|setron|fosfamide|mustine|vedotin"
    r"|emtansine|deruxtecan|leucel|relin|relix|lutamide|lutamida|steride|trexed|trexate|cycline|cillin|prazole|prazol|dronate|dronato|dronic|vastatin|oxetine)"
)
# What has intervals of its own and decides when it stands nearest: checks, radiation, exercise. No medicine.
OTHER = (
    r"radiation|radiotherapy|radiotherapies|brachytherapy|fractions?|sessions?|scans?|mammogra\w+|x-?rays?|mris?|ct|pet|ultrasounds?|colonoscop\w+|endoscop\w+|cystoscop\w+|screen(?:ed|ing|ings)?"
    r"|tests?|tested|testing|exams?|examin\w+|check-?ups?|checks?|checked|checking|visits?|appointments?|follow-?ups?|monitor\w*|psa|biops\w+|smears?|pap|blood counts?|blood pressure|blood work|blood samples?|blood sugar|blood is|blood"
    r"|temperatures?|weigh\w*|walks?|walking|exercis\w*|yoga|stretch\w*|rins\w+|gargl\w*|brush\w*|floss\w*|teeth|wash\w*|baths?|showers?|naps?|breaks?|deep breaths?|notes?|sunscreen|moisturi\w+|lotions?"
    r"|bandages?|dressings?|catheters?|drains?|dialysis|transfusions?|vaccin\w+|flu shots?|boosters?|classes|groups?|journal|diary|photos?|pictures?"
    r"|radiaci[oó]n|radioterapia|fracciones|sesi[oó]n(?:es)?|mamograf\w+|pruebas?|exámenes|examen|controles|ecograf\w+|tomograf\w+|resonancias?|citas?|visitas?|seguimiento|análisis|analíticas?|temperatura|peso"
    r"|caminar|caminata\w*|ejercicio|enjuag\w+|cepill\w+|dientes|vacunas?|vacunación|revisi[oó]n(?:es)?"
)
# Words that explain an interval only when no medicine and no taking stands in the same clause: habits, symptoms, counts.
EVERYDAY = (
    r"activit\w+|meals?|snacks?|eat\w*|drinks?|drinking|beverages?|alcohol\w*|beers?|wine|water|fluids?|cigarettes?|packs?|smok\w+|diarrh\w*|stools?|bowel|vomit\w*|urinat\w*|fevers?|hot flashes|cough\w*|seizures?|episodes?"
    r"|sleep\w*|rest|meditat\w*|breath\w*|cases?|deaths?|pregnanc\w+|births?|people|men|women|adults?|persons?|americans|updated?|reviewed|calls?|support|write|feel\w*|lives?|living|worr\w+|approved|studied|studying|discover\w*"
    r"|develop\w*|learn\w*|research\w*|diagnos\w+|cost\w*|pay|paid|publish\w*|comidas?|comer|beber|agua|líquidos|cigarrillos?|cajetillas?|fumar|diarrea|deposiciones|vómitos?|fiebre|dormir|personas|casos|muertes|mujeres|hombres"
)
# Food and drink whose grams and millilitres are nobody's dose.
FOOD = (
    r"salt|sodium|sugar|fib(?:er|re)|protein|fat|cholesterol|caffeine|carb\w*|food|milk|yogh?urt|cheese|meat|fish|fruit|vegetables?|servings?|water|fluids?|juice|broth|coffee"
    r"|alcohol|calories|red meat|contrast|blood|urine|fluid|tissue|radioactiv\w+|semen|sal|sodio|azúcar|fibra|proteínas?|grasas?|cafeína|alimentos?|leche|carne|pescado|fruta|verduras?|agua"
    r"|líquidos?|jugo|caldo|café|alcohol|sangre|orina"
)
# Verbs that only go with a medicine. Those of the second group go with radiation and tests as well.
TAKING = (
    r"(?:take|takes|taking|taken|took)(?! (?:place|part|time|care|effect|turns|about|up|longer|notes?|notice|steps|someone|a while|several|pictures?|photos?|x-?rays|images|samples?|into account|your temperature|charge|comfort|advantage|a break|breaks|a deep))|swallow\w*|inject(?:s|ed|ing)?|infused?|administer(?:s|ed|ing)?|chew\w*|dissolve\w*|dose|doses|dosed|dosage|dosing|re-?start(?:ed|ing)?|inhaled?"
    r"|t[oó]m(?:e|a|as|ar|arse|arl[oa]s?|el[oa]s?|ad[oa]s?|ando|amos|an|ó)|tragar|trague|inyect\w+|administr\w+|dosis|infund\w+|inhal\w+"
)
GIVING = (
    r"give|gives|giving|given|get|gets|getting|receiv(?:e|es|ed|ing)|had|have|use|used|uses|using|apply|applied|put|repeat(?:ed|s)?|treatments?|treated|therapy|therapies|cycles?|start(?:ed|s)?|continue\w*"
    r"|dar|da|dan|dado|darse|recib\w+|us[ae]\w*|apli[cq]\w+|repit\w+|repet\w+|tratamientos?|terapias?|ciclos?|continu\w+|empez\w+|comenz\w+"
)
# Forms that are counted; "patch of skin", "shot of the camera" and the like are taken out by the rules.
FORMS = (
    r"(?:[a-z]+[- ])?(?:tablets?|pills?|capsules?|caplets?|lozenges?|suppositor(?:y|ies)|gel ?caps?|softgels?|patch(?:es)?|puffs?|drops?|sprays?|sachets?|ampoules?|ampules?|vials?|injections?|infusions?|shots?"
    r"|teaspoon(?:ful)?s?|tablespoon(?:ful)?s?|tsp|tbsp|spoonfuls?|scoops?|syringes?|syringefuls?|pens?|doses|packets?|pumps?|gummies|dropperfuls?|applicatorfuls?|capfuls?|inhalations?|actuations?|wafers?|troches?|enemas?|caps|tabs"
    r"|pastillas?|tabletas?|comprimidos?|cápsulas?|capsulas?|grageas?|píldoras?|pildoras?|supositorios?|parches?|inhalaciones|gotas|sobres?|ampollas?|viales?|inyecciones|cucharad(?:as?|itas?)|tomas|dosis|envases?|pulsaci[oó]n(?:es)?|nebulizaciones|aplicaciones|óvulos?|obleas?)"
)
