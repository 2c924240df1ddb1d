"""What people say at home and what the library says: an everyday word stands for the plain medical one when passages are sought.

Only for finding; nothing here is shown. A key of several words counts as a whole. Values are words that the library's passages hold.
"""

from __future__ import annotations

import re

from knowledge.words import content_words

SAID: dict[str, str] = {
    # the body and how it feels
    "temp": "temperature fever", "the runs": "diarrhea", "runny stool": "diarrhea", "loose stool": "diarrhea", "poop": "stool bowel", "pooping": "stool bowel",
    "bathroom": "bowel urinate", "backed up": "constipation", "pee": "urine urinate", "peeing": "urine urinate", "puke": "vomit vomiting",
    "puking": "vomit vomiting", "throw up": "vomit vomiting", "throwing up": "vomit vomiting", "throws up": "vomit vomiting", "queasy": "nausea",
    "sick to my stomach": "nausea", "wiped out": "fatigue tired", "worn out": "fatigue tired", "no energy": "fatigue tired", "low energy": "fatigue tired",
    "exhausted": "fatigue tired", "exhaustion": "fatigue tired", "sleepy": "fatigue tired", "bald": "hair", "go bald": "hair loss", "wig": "hair",
    "belly": "abdomen stomach", "tummy": "abdomen stomach", "gut": "bowel", "tingly": "tingling numbness neuropathy", "pins and needles": "tingling numbness neuropathy",
    "numb": "numbness neuropathy", "foggy": "memory thinking", "brain fog": "memory thinking", "forgetful": "memory thinking", "cant sleep": "sleep insomnia",
    "can't sleep": "sleep insomnia", "swollen arm": "lymphedema swelling", "puffy": "swelling", "hurts": "pain", "ache": "pain", "achy": "pain", "sore": "pain sores",
    "bump": "lump", "knot": "lump", "mole": "melanoma skin", "spot": "lesion", "shadow": "scan", "skinny": "weight loss", "losing weight": "weight loss",
    "lost weight": "weight loss", "can't eat": "appetite", "cant eat": "appetite", "hungry": "appetite", "metal taste": "taste", "private parts": "sexual",
    "period": "menstrual bleeding", "the change": "menopause", "baby": "pregnancy fertility", "have kids": "fertility children", "libido": "sexual", "sex": "sexual",
    "trip": "falls", "tripping": "falls", "stumbling": "falls", "hooked": "addiction addicted", "guy": "men man", "guys": "men man", "dude": "men man",
    # a word for one who has it, and what he has
    "anemic": "anemia", "anaemic": "anemia", "nauseous": "nausea", "nauseated": "nausea", "constipated": "constipation", "fatigued": "fatigue", "depressed": "depression",
    "anxious": "anxiety", "infertile": "infertility fertility", "impotent": "erectile erections", "confused": "confusion", "dizzy": "dizziness", "itchy": "itching", "itch": "itching",
    "swollen": "swelling", "dehydrated": "dehydration", "insomniac": "insomnia", "menopausal": "menopause", "metastasized": "metastatic spread", "mets": "metastases metastatic",
    # care
    "shot": "injection", "jab": "injection", "iv": "vein infusion", "drip": "vein infusion", "op": "surgery", "operate": "surgery", "operated": "surgery", "operation": "surgery",
    "tablet": "pill pills", "tablets": "pills pill", "drop out": "leave", "cut out": "surgery removed",
    "zapped": "radiation", "burned": "radiation skin", "beams": "radiation", "er": "emergency", "a and e": "emergency", "blood work": "blood test", "bloodwork": "blood test",
    "lab work": "blood test", "labs": "blood test", "swab": "test sample", "needle": "biopsy", "gene test": "genetic testing", "dna test": "genetic testing",
    "chart": "records", "paperwork": "records", "papers": "records", "write up": "report", "numbers": "counts statistics", "odds": "statistics survival",
    "cut back": "lower reduce", "strength": "dose doses", "weaker": "dose doses weaker", "second look": "second opinion",
    "how long": "survival outlook", "death sentence": "survival outlook", "terminal": "hospice palliative", "time left": "survival outlook", "dying": "hospice end",
    "give up on treatment": "hospice palliative", "given up": "hospice palliative", "come back": "recurrence return", "comes back": "recurrence return", "came back": "recurrence return",
    "coming back": "recurrence return", "clean scan": "remission", "all clear": "remission", "gone": "remission", "leftover cells": "residual", "quits working": "stops working",
    "quit working": "stops working", "wait and see": "surveillance watchful", "watch and wait": "surveillance watchful", "natural": "alternative complementary",
    "home remedy": "alternative", "herbs": "supplements herbal", "herbal": "supplements", "weed": "marijuana cannabis", "pot": "marijuana cannabis", "cbd": "cannabis",
    "study": "trial", "guinea pig": "trial", "experiment": "trial", "experimental": "trial", "placebo": "trial",
    "taking blood": "blood test", "take blood": "blood test", "took blood": "blood test", "draw blood": "blood test", "drawing blood": "blood test",
    "blood draw": "blood test", "blood draws": "blood test", "say no": "refuse", "saying no": "refuse", "turn down": "refuse",
    "settle the stomach": "nausea diarrhea", "upset stomach": "nausea diarrhea", "stomach is a mess": "nausea diarrhea", "stomach hurts": "nausea diarrhea",
    "stomach is upset": "nausea diarrhea", "sick to your stomach": "nausea", "stomach bug": "diarrhea vomiting", "catch": "contagious catch", "cancer from your": "contagious catch",
    "into a trial": "find trial", "into a clinical trial": "find trial", "drive me": "ride transportation", "drives me": "ride transportation",
    "care of someone": "caregiver", "care for someone": "caregiver", "pack for": "bring", "should i pack": "bring", "to pack": "bring",
    "cancer from my": "contagious catch", "cancer from someone": "contagious catch", "cancer from kissing": "contagious catch", "cancer from sharing": "contagious catch",
    # people, money, days
    "kids": "children child", "kid": "child children",
    "grandkids": "children", "toddler": "child", "year old": "child age",
    "fired": "job work", "boss": "job work employer", "let go": "job work", "company": "employer", "gas": "transportation ride travel",
    "mileage": "transportation travel", "hotel": "lodging stay", "bills": "costs pay", "broke": "costs afford", "expensive": "costs", "going rate": "cost", "price tag": "cost", "charge for": "cost pay", "plane": "fly travel",
    "flight": "fly travel", "gym": "exercise", "workout": "exercise", "drink": "alcohol", "beer": "alcohol", "wine": "alcohol", "cigarettes": "smoking tobacco",
    "vape": "smoking tobacco", "crying": "distress depression", "sad": "depression distress", "scared": "fear anxiety", "freaking out": "anxiety distress",
    "panic": "anxiety", "burned out": "caregiver tired", "burnout": "caregiver tired", "lonely": "support", "pray": "spiritual", "god": "spiritual",
    "online": "internet", "google": "internet", "tiktok": "internet", "facebook": "internet", "chatbot": "AI", "chatgpt": "AI", "robot": "AI robotic",
}  # fmt: skip

# Phrases whose words name something else than the phrase does.
INSTEAD = frozenset(
    {
        "settle the stomach", "upset stomach", "sick to my stomach", "sick to your stomach", "stomach hurts", "stomach is upset", "stomach is a mess",
        "drive me", "drives me", "the runs", "the change", "guinea pig", "death sentence",
    }
)  # fmt: skip
_KEYS = re.compile(r"\b(?:" + "|".join(re.escape(key) for key in sorted(SAID, key=len, reverse=True)) + r")\b")


# What stands between the words of a phrase and changes nothing: “taking so much blood”.
_BETWEEN = re.compile(r"\b(?:so much|so many|too much|all this|all that|any more|more|my|his|her|their|some) ")


def meant(text: str) -> dict[str, list[str]]:
    """Everyday words of a text, lower case, with the library's words for each."""
    lower = text.lower().replace("’", "'")
    found = dict.fromkeys([*_KEYS.findall(lower), *_KEYS.findall(_BETWEEN.sub("", lower))])
    return {said: content_words(SAID[said]) for said in found}
