"""The words of the chat page's own furniture: menu, tools, panels, My questions, the printed sheets; English and Spanish.

`ui.strings` holds the words of answers and of the conversation. All of these travel to the page's scripts as one JSON block.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import Language


@dataclass(frozen=True)
class PageWords:
    """The words of one language. `{n}` stands for a number, `{site}` for the site's name, `{date}` for a date, `{q}` for a question."""

    # header and menu
    menu: str
    menu_title: str
    close: str
    leave: str
    leave_why: str
    display: str
    text_size: str
    text_normal: str
    text_large: str
    colours: str
    colours_auto: str
    colours_light: str
    colours_dark: str
    level: str
    level_plain: str
    level_more: str
    level_note: str
    language: str
    keeping: str
    keep_here: str
    keep_note: str
    forget: str
    forgotten: str
    print_conversation: str
    pinned: str
    # composer
    wait: str
    editing: str
    cancel: str
    still_checking: str
    lost: str
    restoring: str
    # under a question and an answer
    stop_reading: str
    helpful_question: str
    kept: str
    reasons_helpful: str
    reasons_not: str
    reason: dict[str, str]
    tell_us: str
    consent: str
    send_reason: str
    no_thanks: str
    reason_thanks: str
    # the source panel
    source_title: str
    # My questions
    questions: str
    questions_none: str
    questions_intro: str
    add_label: str
    add: str
    remove: str
    removed: str
    added: str
    learned: str
    learned_note: str
    sheet: str
    sheet_print: str
    sheet_save: str
    clear_questions: str
    # what is printed
    printed: str
    sheet_title: str
    sheet_name: str
    sheet_when: str
    sheet_notes: str
    sheet_more: str
    sheet_foot: str
    sheet_no_calls: str
    answer_title: str
    conversation_title: str


ENGLISH = PageWords(
    menu="Menu",
    menu_title="Reading, language, privacy",
    close="Close",
    leave="Leave now",
    leave_why="Clears this page and opens a neutral one",
    display="Reading",
    text_size="Text size",
    text_normal="Normal",
    text_large="Large",
    colours="Colors",
    colours_auto="Like my device",
    colours_light="Light",
    colours_dark="Dark",
    level="Answers",
    level_plain="Short and plain",
    level_more="More detail",
    level_note="Short and plain gives the main point of each part. The sources and safety notes stay the same.",
    language="Language",
    keeping="This conversation",
    keep_here="Keep it on this device",
    keep_note="Without this it stays in this tab only, and goes when you close the tab. Please do not turn this on if others use this device.",
    forget="Delete everything from this device",
    forgotten="Everything was deleted from this device.",
    print_conversation="Print or save the conversation",
    pinned="From your earlier message:",
    wait="Please wait for this answer, or stop it first.",
    editing="You are changing an earlier question. Its answer, and all that came after it, will be replaced.",
    cancel="Cancel",
    still_checking="Still checking sources.",
    lost="We could not reach our server, and there is no answer. Please check your connection and send it again.",
    restoring="Bringing back your conversation…",
    stop_reading="Stop reading",
    helpful_question="Was this helpful?",
    kept="Kept for my visit",
    reasons_helpful="What helped? You do not have to say.",
    reasons_not="What was wrong? You do not have to say.",
    reason={
        "clear": "It was clear",
        "answered": "It answered my question",
        "calming": "It helped me feel calmer",
        "wrong": "Something is not right",
        "unclear": "It was hard to understand",
        "missing": "Something is missing",
        "off": "It did not answer my question",
        "tone": "The tone was not kind",
    },
    tell_us="In your own words (optional)",
    consent="You may keep these words to improve the answers. Please leave out names and numbers; we also take out the ones we find.",
    send_reason="Send",
    no_thanks="No, thanks",
    reason_thanks="Thank you.",
    source_title="Source {n}",
    questions="My questions",
    questions_none="Nothing here yet. Tap “Keep for my visit” beside a question in an answer, or add your own.",
    questions_intro="Take these to your next visit. They stay in this tab; nothing is sent to us.",
    add_label="Your own question",
    add="Add",
    remove="Remove",
    removed="Removed.",
    added="Added to My questions.",
    learned="What I learned here",
    learned_note="Choose what goes on the sheet.",
    sheet="My visit sheet",
    sheet_print="Print or save as PDF",
    sheet_save="Save as a file",
    clear_questions="Remove all my questions",
    printed="Printed from {site} on {date}",
    sheet_title="My visit sheet",
    sheet_name="Name:",
    sheet_when="When to call the care team",
    sheet_notes="Notes",
    sheet_more="and {n} more on the page",
    sheet_foot="General education from {site}, an AI. Not medical advice. Please talk it over with your care team.",
    sheet_no_calls="Ask your team: what should make me call, at what hour, and which number?",
    answer_title="Question and answer",
    conversation_title="Conversation",
)

SPANISH = PageWords(
    menu="Menú",
    menu_title="Lectura, idioma y privacidad",
    close="Cerrar",
    leave="Salir ya",
    leave_why="Borra esta página y abre otra neutral",
    display="Lectura",
    text_size="Tamaño de la letra",
    text_normal="Normal",
    text_large="Grande",
    colours="Colores",
    colours_auto="Como mi dispositivo",
    colours_light="Claros",
    colours_dark="Oscuros",
    level="Respuestas",
    level_plain="Cortas y sencillas",
    level_more="Con más detalle",
    level_note="Cortas y sencillas: lo principal de cada parte. Las fuentes y los avisos de seguridad son los mismos.",
    language="Idioma",
    keeping="Esta conversación",
    keep_here="Guardarla en este dispositivo",
    keep_note="Sin esto, se queda solo en esta pestaña y desaparece al cerrarla. Por favor, no lo active si otras personas usan este dispositivo.",
    forget="Borrar todo de este dispositivo",
    forgotten="Se borró todo de este dispositivo.",
    print_conversation="Imprimir o guardar la conversación",
    pinned="Por su mensaje anterior:",
    wait="Por favor, espere esta respuesta o deténgala primero.",
    editing="Está cambiando una pregunta anterior. Su respuesta, y todo lo que vino después, se reemplazará.",
    cancel="Cancelar",
    still_checking="Seguimos revisando las fuentes.",
    lost="No pudimos llegar a nuestro servidor y no hay respuesta. Por favor, revise su conexión y envíe la pregunta otra vez.",
    restoring="Recuperando su conversación…",
    stop_reading="Dejar de leer",
    helpful_question="¿Le sirvió?",
    kept="Guardada para mi cita",
    reasons_helpful="¿Qué le ayudó? No tiene que decirlo.",
    reasons_not="¿Qué estuvo mal? No tiene que decirlo.",
    reason={
        "clear": "Fue clara",
        "answered": "Respondió mi pregunta",
        "calming": "Me dio más calma",
        "wrong": "Algo no es correcto",
        "unclear": "Fue difícil de entender",
        "missing": "Falta algo",
        "off": "No respondió mi pregunta",
        "tone": "El tono no fue amable",
    },
    tell_us="Con sus propias palabras (opcional)",
    consent="Pueden guardar estas palabras para mejorar las respuestas. Por favor, no ponga nombres ni números; también quitamos los que encontramos.",
    send_reason="Enviar",
    no_thanks="No, gracias",
    reason_thanks="Gracias.",
    source_title="Fuente {n}",
    questions="Mis preguntas",
    questions_none="Aún no hay nada. Toque «Guardar para mi cita» junto a una pregunta de una respuesta, o escriba la suya.",
    questions_intro="Llévelas a su próxima cita. Se quedan en esta pestaña; no se nos envía nada.",
    add_label="Su propia pregunta",
    add="Añadir",
    remove="Quitar",
    removed="Se quitó.",
    added="Se añadió a Mis preguntas.",
    learned="Lo que aprendí aquí",
    learned_note="Elija lo que va en la hoja.",
    sheet="Mi hoja para la cita",
    sheet_print="Imprimir o guardar en PDF",
    sheet_save="Guardar como archivo",
    clear_questions="Quitar todas mis preguntas",
    printed="Impreso desde {site} el {date}",
    sheet_title="Mi hoja para la cita",
    sheet_name="Nombre:",
    sheet_when="Cuándo llamar al equipo médico",
    sheet_notes="Notas",
    sheet_more="y {n} más en la página",
    sheet_foot="Educación general de {site}, una inteligencia artificial. No es consejo médico. Por favor, háblelo con su equipo médico.",
    sheet_no_calls="Pregunte a su equipo: ¿por qué síntomas debo llamar, a qué horas y a qué número?",
    answer_title="Pregunta y respuesta",
    conversation_title="Conversación",
)

PAGE_WORDS: dict[Language, PageWords] = {"en": ENGLISH, "es": SPANISH}
