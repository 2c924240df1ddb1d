"""The output policy "personal_advice": no advice, diagnosis or outlook for one person, no clinician's voice; orientation stays."""

from __future__ import annotations

import pytest

from policies.personal_advice import PersonalAdvice, gives_personal_advice
from policies.verdict import Draft

ADVICE = """
You should take tamoxifen.
You should stop chemo now.
You must refuse the surgery.
You ought to choose a lumpectomy.
You have to get a biopsy.
You should really think of hospice.
You need surgery.
You do not need chemo.
You can safely stop your pills.
You could skip the radiation.
It is safe for you to stop treatment.
In your case, surgery works best.
In your situation doctors would wait.
Based on what you told me, this is harmless.
The best treatment for you is chemo.
You are a good candidate for a trial.
You qualify for this trial.
You have breast cancer.
You probably have lymphoma.
You clearly have an infection.
Your cancer is stage II.
Your tumor has spread.
Your scan shows that it is growing.
Your results mean that the treatment failed.
Your chances of living are 70 percent.
It sounds like you have sepsis.
You are in remission.
You will be fine.
You will survive this.
You have six months left to live.
I recommend chemotherapy.
I would strongly suggest radiation.
My advice is to wait.
If I were you, I would choose surgery.
I think you are misreading it.
As your doctor, I see this every day.
As an oncologist, I know this well.
I am a nurse.
I'm a cancer specialist.
In my clinical experience this works.
My patients do well on it.
Stop taking your medicine.
Refuse the surgery.
Start immunotherapy now.
Do not take chemo.
Usted debe dejar la quimioterapia.
Debería operarse pronto.
En su caso, la cirugía es mejor.
Su cáncer es avanzado.
Usted tiene cáncer de mama.
Le recomiendo la radioterapia.
Si yo fuera usted, esperaría.
Como su médico, lo sé.
Soy oncóloga.
Deje de tomar su medicamento.
""".strip().splitlines()

ORIENTATION = """
Ask your doctor whether surgery is an option for you.
Ask what your test results mean.
Call your care team right away.
You should call your team for a fever.
You should tell your nurse about any pain.
You should go to the ER if you cannot breathe.
You need to know the signs of infection.
Go to the ER if you have trouble breathing.
You can ask for a second opinion.
You can bring someone with you.
It is okay to feel scared.
You are not alone.
You do not have to decide today.
If you have cancer, you may feel tired.
When your cancer has spread, treatment can still help.
Treatment depends on whether your cancer is hormone receptor positive.
Your doctor can tell you how fast your cancer is growing.
Your care team can explain your results.
Your team can tell you which tests you need.
Talk with your team about what is best for you.
Do not stop taking your medicine without talking to your team.
You should not stop treatment without asking your doctor.
Doctors recommend screening for many adults.
People with HER2-positive cancer often get trastuzumab.
What is the best treatment for me?
Do I have cancer?
This is not a diagnosis.
I am an AI, not a doctor.
Such as a doctor or nurse, many people can help.
You may get chemo before surgery.
Some people choose to stop treatment.
You have the right to ask questions.
You can take the form home.
Choose foods that are easy to swallow.
Take a list of questions to your visit.
Get help right away if you cannot breathe.
Pregunte a su médico si la cirugía es una opción.
Si tiene fiebre, llame a su equipo.
Hable con su equipo sobre lo mejor para usted.
""".strip().splitlines()


@pytest.mark.parametrize("sentence", ADVICE)
def test_advice_to_one_person_is_found(sentence: str) -> None:
    assert gives_personal_advice(sentence)


@pytest.mark.parametrize("sentence", ORIENTATION)
def test_orientation_stays(sentence: str) -> None:
    assert not gives_personal_advice(sentence)


@pytest.mark.parametrize("sentence", ["You **should** stop chemo.", "You sh\u200bould stop chemo.", "Yоu should stop chemo.", "YOU SHOULD STOP CHEMO."])
def test_advice_in_disguise_is_found(sentence: str) -> None:
    assert gives_personal_advice(sentence)


@pytest.mark.parametrize(("tail", "sentence"), [("You should", "stop chemo."), ("- You have\n", "- breast cancer\n"), ("In your ", "case it is surgery.")])
def test_advice_split_over_two_units_is_found(tail: str, sentence: str) -> None:
    assert PersonalAdvice().judge(Draft(tail=tail, sentence=sentence)).fired


def test_what_was_already_shown_does_not_fire_again() -> None:
    assert not PersonalAdvice().judge(Draft(tail="You should stop chemo. ", sentence="Many people rest.")).fired
