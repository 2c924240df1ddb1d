"""The output policy "dosing": every shape of a dose falls, everything that merely has numbers stays."""

from __future__ import annotations

import time

import pytest

from policies.output_dosing import OutputDosing, find_dose, states_dose
from policies.verdict import Draft, Lexicon

AMOUNTS = """
Take 5 mg of the medicine.
The pill comes as 20 mg and you take it with food.
She was given 75 mg/m2 of docetaxel.
The infusion is 10 mg/kg.
Carboplatin is given at an AUC of 5.
The area under the curve is set to 6 for this drug.
The breast gets 50 Gy in all.
A dose of 2 gray is given each time.
Swallow two tablets.
Swallow three small white pills.
Use 1 patch.
Take a maximum of 4 tablets in 24 hours.
Do not take more than eight pills in a day.
Inject 40 units under the skin.
Vitamin D at 2,000 IU is enough.
Take 10 mL of the syrup.
Drink 15 cc of the liquid medicine.
Give 1.5 grams of the drug.
Two puffs are enough.
Use 3 drops in each eye.
Take one and a half tablets.
Take half a tablet.
The usual dose is 200.
A dose of 80 is common.
The dose was lowered to 60.
Five hundred milligrams is the limit.
Take 0.5mg.
Take 0,5 mg.
Take ½ tablet.
Take 20-30 mg.
Take 20 to 30 mg.
Turmeric at 500 mg may be used.
Two teaspoons of the syrup will do.
""".strip().splitlines()

SCHEDULES = """
Take the capsule every 8 hours.
The drug is given every 3 weeks.
Chemotherapy is given every two weeks.
Pembrolizumab is given every six weeks.
It is taken once daily.
It is taken twice a day with food.
The tablets are taken three times a day.
The injection is given once a month.
Take it daily.
The shot is given weekly.
Take a pill every other day.
Letrozole is a pill taken every day.
The medicine is given on days 1 and 8.
Treatment with the drug is on day 1, 8 and 15 of each cycle.
Each 21-day cycle starts with an infusion.
Take it for 14 days, then stop for 7 days.
Take the pills 12 hours apart.
Take it at bedtime.
Take the tablet in the morning and in the evening.
Take the pill one hour before a meal.
Docetaxel q3w is common.
The drug is given BID.
Take it PRN.
Take it q8h.
Chemo is often given in cycles of 2 to 3 weeks.
The infusion is given over 90 minutes.
Take it every day for 5 days.
Apply the patch every 72 hours.
She takes aspirin each morning.
The first dose is given today and the second dose 3 weeks later, every 3 weeks.
""".strip().splitlines()

RULES = """
If you miss a dose, take it as soon as you remember.
Take the missed dose as soon as you remember.
Do not take a double dose.
If you forget a pill, skip it and take the next one as usual.
If you vomit after a dose, do not take another one.
Do not take two doses at once to make up for a missed dose.
Skip the missed dose if the next dose is due in less than 4 hours.
Cut the dose in half.
The dose is reduced by 25%.
Lower the dose by a quarter if you feel sick.
Taper the steroid by 10 percent every week.
Take half of the usual dose.
Double the dose if the pain does not stop.
Hold the dose until your count is above 1,000.
Take an extra dose.
""".strip().splitlines()

MORE = """
One treatment cycle consists of 3 weeks.
Each cycle of treatment lasts for 35 days.
Leave about 12 hours between doses.
There should be at least 4 hours between two doses.
You will receive 6 cycles of treatment with this medicine.
A maximum of 8 cycles may be given.
If you are sick after taking it, do not take an additional dose.
Do not take a replacement tablet.
The missed dose should not be taken.
A forgotten tablet must be skipped.
If more than 12 hours have passed since the missed dose, skip it.
If you are 6 hours late, wait until the next time you take it.
Wait until it is time for your next capsule.
Insert one applicatorful each night.
Use 2 inhalations as needed.
Give it at 4-week intervals.
It is injected at intervals of 28 days.
The drug should be stopped 7 days before surgery.
Discontinue the medicine 5 days before the procedure.
Take a tablet with water.
Apply a thin layer twice daily.
Apply the cream 2 to 3 times daily.
Adults and children 12 years and over: 2 caplets every 6 hours.
Place one tablet under the tongue.
Initial dose: 10 mg.
The dose may be increased to 3 capsules a day.
The recommended dose depends on weight: 8 mg for each kilogram.
Your first dose will be higher: 8 mg/kg, then 6 mg/kg every 3 weeks.
You will be given the infusion through a drip over 1 hour.
Your doctor will give you an infusion every 21 days.
Treatment is usually given once every 21 days.
You should take one tablet by mouth each day.
Treatment goes on for 6 months with one injection each month.
It is given on the first five days of each month.
Take it on an empty stomach at the same time each day.
Take it at least one hour before or two hours after food.
Un comprimido al día.
Tome un comprimido con agua.
La dosis recomendada es de un comprimido por la mañana.
La duración del tratamiento es de 7 días.
Espere hasta la siguiente toma.
Si han pasado más de 12 horas, no tome la dosis olvidada.
Aplique una capa fina dos veces al día.
Dos pulsaciones en cada fosa nasal.
Una cucharada de jarabe cada 8 horas.
Se toma antes de acostarse.
El tratamiento se administra a intervalos de 4 semanas.
Tome la cápsula a la misma hora todos los días.
Deje de tomar el medicamento 5 días antes de la operación.
Su médico le administrará una perfusión cada 3 semanas.
Se inyecta una vez por semana bajo la piel.
Reduzca la dosis en un 25 %.
Inject the contents of one pen once a week.
Use one pen every 2 weeks.
The total daily dose is split into 2 equal parts.
Treatment is given for 5 consecutive days, followed by 23 days without treatment.
You take it for 3 weeks followed by a week off.
Take it three weeks out of four.
Take with breakfast and dinner.
Take two in the morning and one at night.
Take 2 now and 1 later.
Two at bedtime will do.
Start with one and go up to three.
A typical adult takes 400 of these.
Take four of them.
Take one with food.
Do not exceed four per day.
Up to six a day is safe for this pill.
Eight in 24 hours is the limit for this medicine.
""".strip().splitlines()

SPANISH = """
Tome 500 mg.
Tome dos pastillas.
Tome una tableta al día.
Tome media tableta por la noche.
La dosis es de 20 miligramos.
Se administra cada 3 semanas.
Tómelo cada ocho horas con el medicamento.
El medicamento se toma dos veces al día.
Tome el comprimido una vez al día.
No tome una dosis doble.
Tome la dosis olvidada en cuanto se acuerde.
Si olvidó una dosis, tome la siguiente a la hora habitual.
Inyecte 40 unidades.
Use tres gotas en cada ojo.
La quimioterapia se da los días 1, 8 y 15.
No tome más de cuatro comprimidos en 24 horas.
Reduzca la dosis a la mitad.
""".strip().splitlines()

DISGUISED = [
    "Take **5** mg.",
    "Take 5 **m**g.",
    "Take 5&nbsp;mg.",
    "Take 5&#109;g.",
    "Take 5 m\u200bg.",
    "Take 5\u2009mg.",
    "Take ５ ｍｇ.",
    "Take ٥ mg.",
    "Take 5 мg.",
    "Take 5 m g.",
    "Take `5 mg`.",
    "Take ~~0~~ 5 mg.",
    "Take 5<!-- --> mg.",
    "Take <b>5</b> mg.",
    "Take [5 mg](https://example.org).",
    'Take [this](https://example.org "5 mg").',
    "![5 mg](x.png)",
    'Look <img alt="take 5 mg">.',
    "Take $5\\,\\mathrm{mg}$.",
    "Take t w o tablets.",
    "Take tw\u00ado tablets.",
    "Take [2] tablets.",
    "Take 5\\_mg.",
    "Take 5 ㎎.",
    "| Morning | 2 tablets |",
    "Take\n5\nmg.",
    "Take 5 _mg_.",
    "5 MG",
]

NOT_DOSES = """
Call your team for a fever of 100.4 °F (38 °C) or more.
Screening starts at age 45.
About 12 percent of women get breast cancer.
One in eight women gets it.
It was approved in 2018.
The tumor is 2 cm wide.
It is 5 millimeters thick.
A PSA above 4 ng/mL may need a closer look.
A blood sugar of 126 mg/dL or more is high.
The level is 5.5 mg/L or higher.
Stage II and grade 3 are different things.
A Gleason score of 7 is in the middle.
T2N1M0 is a TNM stage.
The trial had 1,200 people in two groups.
Call 1-800-422-6237.
Call 988 at any hour.
HER2 and PD-L1 are proteins.
5-FU and T-DM1 are names of drugs.
COVID-19 vaccines are safe for most people.
Mammograms are done every 2 years.
A colonoscopy is done every 10 years.
Scans are done every 3 months at first.
Radiation is given 5 days a week.
Radiation sessions happen every day for several weeks.
Check-ups happen every 6 months.
Your team checks your blood before each treatment.
Smoking one pack of cigarettes a day raises the risk.
Having two drinks a day raises the risk.
A cup of milk has 300 mg of calcium.
A low-salt diet has less than 2,300 mg of sodium a day.
An ounce of meat has 7 grams of protein.
Very common side effects affect more than 1 in 10 people.
A low-dose CT scan looks for lung cancer.
Dose-dense chemo means less time between treatments.
A dose-limiting side effect is one that keeps doctors from giving more.
Doctors may lower the dose when side effects are serious.
AUC is a way to work out the strength of a drug.
A fraction is one session of radiation.
Phase 1 trials look for a safe dose.
Take your temperature twice a day.
Rinse your mouth every 4 hours with salt water.
Walk for 30 minutes every day.
Drink 8 cups of water a day.
Ask your pharmacist what to do if you miss a dose.
If you miss a dose, call your care team.
Do not stop your medicine without asking your team.
Side effects can last for weeks.
Most people feel tired in daily life.
Hormone therapy is a pill.
Chemo is given in cycles, with rest days in between.
Two or more units of blood may be given.
The infusion takes place at a clinic.
Hair grows back 3 to 6 months after chemo.
It spread to 3 lymph nodes.
About 43 in 100 people were alive 5 years later.
Do not eat for 6 hours before the scan.
Wear sunscreen and put it on every 2 hours.
Diarrhea more than 4 times a day is a reason to call.
Some drugs block two proteins at once.
There are two kinds of pills for this.
The capsule camera takes pictures of the bowel.
A patch of rough skin can be a sign.
New medicines are tested in three phases.
People treated with sunitinib had no change for 11 months.
La mamografía se hace cada 2 años.
Llame si tiene fiebre de 38 °C o más.
Una de cada ocho mujeres lo tiene.
La radioterapia se da cinco días a la semana.
Pregunte a su equipo qué hacer si olvida una dosis.
El tumor mide 2 cm.
""".strip().splitlines()


@pytest.mark.parametrize("sentence", AMOUNTS + SCHEDULES + RULES + MORE + SPANISH)
def test_a_stated_dose_is_found(sentence: str) -> None:
    assert states_dose(sentence)


@pytest.mark.parametrize("sentence", DISGUISED)
def test_a_disguised_dose_is_found(sentence: str) -> None:
    assert states_dose(sentence)


@pytest.mark.parametrize("sentence", NOT_DOSES)
def test_numbers_that_are_no_dose_stay(sentence: str) -> None:
    assert find_dose(sentence) == ("", "")


@pytest.mark.parametrize(
    ("tail", "sentence"),
    [
        ("Take two", "tablets."),
        ("Take two. ", "Tablets, that is."),
        ("- Take two\n", "- tablets\n"),
        ("- two\n- white\n", "- tablets\n"),
        ("The amount is 5 ", "mg."),
        ("The drug: 40. ", "Milligrams."),
        ("| Time | tablets |\n|---|---|\n", "| Morning | 2 |\n"),
        ("## How many pills\n", "- Morning: 2\n"),
        ("Your tablets: ", "two in the morning.\n"),
        ("Take the tablet three times. ", "Every day. "),
        ("Take the tablet. ", "Every 8 hours. "),
        ("Tome dos", "pastillas."),
        ("| Hora | pastillas |\n|---|---|\n", "| Noche | 1 |\n"),
    ],
)
def test_a_dose_split_over_two_units_is_found(tail: str, sentence: str) -> None:
    assert find_dose(sentence, tail)[0].startswith("dosing.")


@pytest.mark.parametrize(
    ("tail", "sentence"),
    [
        ("Chemo is a drug treatment. [1] ", "Scans are done every 3 months. [2] "),
        ("Radiation uses strong rays. [1] ", "Treatment is given five days a week. [1] "),
        ("It is used in stage 2. ", "Tablets are one form of it. "),
        ("There are pills and infusions. [2] ", "About 30 in 100 people feel sick. "),
        ("Tablets are one form. [1][2]\n\n", "Call your team if you have a fever of 38 °C. "),
        ("## Pills\n", "- Stage 2 cancer\n"),
        ("The drug blocks a protein. ", "Many people ask about it every day. "),
    ],
)
def test_the_tail_does_not_make_a_dose_of_plain_numbers(tail: str, sentence: str) -> None:
    assert find_dose(sentence, tail) == ("", "")


def test_names_from_the_lexicon_count_as_medicines() -> None:
    lexicon = Lexicon(drugs=frozenset({"zolgara"}))
    draft = Draft(tail="", sentence="Zolgara, each day.")
    assert OutputDosing(lexicon).judge(draft).fired
    assert not OutputDosing().judge(Draft(tail="", sentence="A concert, each day.")).fired


def test_the_verdict_says_which_rule_and_words() -> None:
    verdict = OutputDosing().judge(Draft(tail="", sentence="Take **two** tablets."))
    assert (verdict.policy, verdict.rule, verdict.evidence) == ("dosing", "dosing.amount", "2 tablets")


@pytest.mark.parametrize("piece", ["1,", "every 1 2 3 4 to or and 5 m", "take take , your ", "day 1, ", "2-3-", "( [1]( "])
def test_reading_a_hostile_unit_stays_fast(piece: str) -> None:
    text = (piece * 600)[:600]
    started = time.process_time()
    find_dose(text, text)
    assert time.process_time() - started < 0.5
