"""Every word the page shows that is not part of an Answer, in English and in Spanish."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import Language, Urgency


@dataclass(frozen=True)
class Strings:
    """The visible words of one language. `{site}` stands for the site's name, `{number}` for whom to call in an emergency, `{person}` for a sentence with a cancer help line."""

    language: Language
    language_name: str
    other_language_name: str
    tagline: str
    skip: str
    # the standing notice over the chat
    short_notice: str
    notice: str
    emergency: str
    privacy: str
    # the composer
    ask_label: str
    placeholder: str
    send: str
    stop: str
    stopped: str
    new_conversation: str
    starters_heading: str
    starters: tuple[str, ...]
    followups_heading: str
    conversation: str
    you_said: str
    # states of a turn
    searching: str
    checking: str
    starting: str
    answer_ready: str
    empty_question: str
    too_long: str
    busy_error: str
    error_body: str
    error_disclaimer: str
    # parts of an answer
    answer_heading: str
    bottom_line: str
    questions_to_ask: str
    keep: str
    when_to_call: str
    sources: str
    source: str
    reviewed: str
    from_our_library: str
    open_source: str
    new_tab: str
    guidelines: str
    guidelines_note: str
    all_guidelines: str
    services: str
    services_note: str
    contacts: str
    call: str
    text: str
    upload_heading: str
    upload_button: str
    # tools under an answer
    copy: str
    copied: str
    read: str
    print: str
    again: str
    shorter: str
    more: str
    edit: str
    helpful: str
    not_helpful: str
    thanks: str
    noscript: str
    to_a_person: str
    urgent: dict[Urgency, str]


ENGLISH = Strings(
    language="en",
    language_name="English",
    other_language_name="Español",
    tagline="Cancer information in plain words",
    skip="Skip to your question",
    short_notice="AI, not a doctor. General education, not medical advice.",
    notice=(
        "{site} is an AI. Its answers are general education, not medical advice or a diagnosis, and they can be wrong or out of date. "
        "Check with your care team, and do not delay, stop or change treatment because of what you read here."
    ),
    emergency="Emergency: call {number}",
    privacy="Please do not type names, phone numbers or record numbers. The conversation stays in this tab and is gone when you close it.",
    ask_label="Your question",
    placeholder="Type here",
    send="Send",
    stop="Stop",
    stopped="You stopped this answer. It may be incomplete.",
    new_conversation="New chat",
    starters_heading="Questions people often start with",
    starters=(
        "What do cancer stages mean?",
        "What is immunotherapy, and how does it work?",
        "My mom was just diagnosed. Where do we start?",
        "What fever is an emergency during chemo?",
        "What can help with feeling sick after treatment?",
        "What should I ask at the first visit?",
    ),
    followups_heading="You could ask next",
    conversation="Conversation",
    you_said="You asked",
    searching="Searching our library…",
    checking="Checking every sentence against its source…",
    starting="Getting ready. The first start takes a moment; your question is kept.",
    answer_ready="Answer ready.",
    empty_question="Please type a question first.",
    too_long="That is more than we can read at once. Please shorten it.",
    busy_error="Something went wrong on our side",
    error_body=(
        "We could not finish this answer, so we are not showing a part of it. You can ask again. "
        "If this is about a new or worse symptom, do not wait for this page: call your care team. If it is an emergency, call {number}."
    ),
    error_disclaimer=("{site} is an AI for general cancer education. It is not medical advice. {person}"),
    answer_heading="Answer",
    bottom_line="The bottom line",
    questions_to_ask="Questions to ask your care team",
    keep="Keep for my visit",
    when_to_call="When to call your care team",
    sources="Sources",
    source="Source",
    reviewed="Reviewed on",
    from_our_library="What our library says:",
    open_source="Open the source",
    new_tab="opens in a new tab",
    guidelines="Guidelines for patients",
    guidelines_note="Named as further reading. Not our text, and no endorsement of us by their owners.",
    all_guidelines="Browse all NCCN Guidelines for Patients",
    services="Services that may help",
    services_note="Related services. We name them because they fit the question; they do not pay us.",
    contacts="Who to call",
    call="Call",
    text="Text",
    upload_heading="For your own case",
    upload_button="Upload your records",
    copy="Copy answer",
    copied="Copied",
    read="Read aloud",
    print="Print or save as PDF",
    again="Ask again",
    shorter="Shorter answer",
    more="More detail",
    edit="Edit question",
    helpful="Helpful",
    not_helpful="Not helpful",
    thanks="Thank you. Only a count is kept.",
    noscript=("This chat needs JavaScript. {person} In an emergency, call {number}."),
    to_a_person="To talk to a person: {name}, {phone}.",
    urgent={
        "emergency_now": "Get emergency help now",
        "team_now": "Call your care team now",
        "crisis": "You do not have to face this alone. Reach a person now",
        "poisoning": "Call Poison Control now",
    },
)

SPANISH = Strings(
    language="es",
    language_name="Español",
    other_language_name="English",
    tagline="Información sobre el cáncer en palabras sencillas",
    skip="Ir a su pregunta",
    short_notice="Es una IA, no un médico. Educación general, no consejo médico.",
    notice=(
        "{site} es una inteligencia artificial. Sus respuestas son educación general, no consejo médico ni diagnóstico, y pueden tener errores "
        "o estar desactualizadas. Consulte con su equipo médico, y no retrase, deje ni cambie un tratamiento por lo que lea aquí."
    ),
    emergency="Emergencia: llame al {number}",
    privacy=("Por favor, no escriba nombres, teléfonos ni números de expediente. La conversación se queda en esta pestaña y desaparece al cerrarla."),
    ask_label="Su pregunta",
    placeholder="Escriba aquí",
    send="Enviar",
    stop="Detener",
    stopped="Usted detuvo esta respuesta. Puede estar incompleta.",
    new_conversation="Nuevo chat",
    starters_heading="Preguntas con las que muchas personas empiezan",
    starters=(
        "¿Qué significan las etapas del cáncer?",
        "¿Qué es la inmunoterapia y cómo funciona?",
        "A mi mamá le acaban de diagnosticar cáncer. ¿Por dónde empezamos?",
        "¿Qué fiebre es una emergencia durante la quimioterapia?",
        "¿Qué ayuda con las náuseas después del tratamiento?",
        "¿Qué debo preguntar en la primera cita?",
    ),
    followups_heading="También puede preguntar",
    conversation="Conversación",
    you_said="Usted preguntó",
    searching="Buscando en nuestra biblioteca…",
    checking="Comparando cada frase con su fuente…",
    starting="Preparando todo. El primer inicio tarda un momento; su pregunta se conserva.",
    answer_ready="La respuesta está lista.",
    empty_question="Por favor, escriba primero una pregunta.",
    too_long="Es más de lo que podemos leer de una vez. Por favor, acórtelo.",
    busy_error="Algo falló de nuestro lado",
    error_body=(
        "No pudimos terminar esta respuesta, así que no mostramos solo una parte. Puede preguntar de nuevo. "
        "Si se trata de un síntoma nuevo o que empeora, no espere a esta página: llame a su equipo médico. Si es una emergencia, llame al {number}."
    ),
    error_disclaimer=("{site} es una inteligencia artificial para la educación general sobre el cáncer. No es consejo médico. {person}"),
    answer_heading="Respuesta",
    bottom_line="En resumen",
    questions_to_ask="Preguntas para su equipo médico",
    keep="Guardar para mi cita",
    when_to_call="Cuándo llamar a su equipo médico",
    sources="Fuentes",
    source="Fuente",
    reviewed="Revisado el",
    from_our_library="Lo que dice nuestra biblioteca:",
    open_source="Abrir la fuente",
    new_tab="se abre en otra pestaña",
    guidelines="Guías para pacientes",
    guidelines_note="Como lectura adicional. El texto no es nuestro y sus dueños no nos respaldan.",
    all_guidelines="Ver todas las guías de NCCN para pacientes",
    services="Servicios que pueden ayudar",
    services_note="Servicios relacionados. Los nombramos porque tienen que ver con la pregunta; no nos pagan.",
    contacts="A quién llamar",
    call="Llamar",
    text="Enviar un texto",
    upload_heading="Para su propio caso",
    upload_button="Subir sus expedientes",
    copy="Copiar la respuesta",
    copied="Copiado",
    read="Leer en voz alta",
    print="Imprimir o guardar en PDF",
    again="Preguntar otra vez",
    shorter="Respuesta más corta",
    more="Más detalle",
    edit="Cambiar la pregunta",
    helpful="Útil",
    not_helpful="No es útil",
    thanks="Gracias. Solo se guarda un recuento.",
    noscript=("Este chat necesita JavaScript. {person} En una emergencia, llame al {number}."),
    to_a_person="Para hablar con una persona: {name}, {phone}.",
    urgent={
        "emergency_now": "Busque ayuda de emergencia ahora",
        "team_now": "Llame a su equipo médico ahora",
        "crisis": "No tiene que pasar por esto a solas. Hable con una persona ahora",
        "poisoning": "Llame ahora al Centro de Toxicología",
    },
)

STRINGS: dict[Language, Strings] = {"en": ENGLISH, "es": SPANISH}
