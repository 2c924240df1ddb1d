"""What /team says in Spanish, by what it says in English; whatever stands in no list here is somebody's own words and stays."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.conversation import Language

ES = {
    "Care team": "Equipo médico",
    "Skip to the content": "Ir al contenido",
    "care team": "equipo médico",
    "Queue": "Pendientes",
    "Audit trail": "Registro de accesos",
    "Sign out": "Salir",
    "Signed in as": "Ha entrado como",
    "What you open is kept in the audit trail. You are signed out after 30 minutes without a click.": "Lo que abre queda en el registro de accesos. La sesión se cierra tras 30 minutos sin uso.",
    "Who opened, wrote, took out or deleted what, and when. Lines are only ever added.": "Quién abrió, escribió, descargó o borró qué, y cuándo. Solo se añaden líneas; nunca se quitan.",
    "These are the newest {n} lines. For all of them:": "Estas son las {n} líneas más nuevas. Para verlas todas:",
    "Sign in": "Entrar",
    "This page is for the care team. Somebody with records to send goes to": "Esta página es para el equipo médico. Para enviar expedientes está",
    "the upload page": "la página de envío",
    "You followed a link.": "Llegó por un enlace.",
    "Go on, if you are signed in already": "Continuar, si ya había entrado",
    "What you wrote": "Lo que escribió",
    "Your token": "Su clave de acceso",
    "It begins with onco_. Whoever runs this service made it for you.": "Empieza con onco_. La creó para usted quien administra este servicio.",
    "To the queue": "A los pendientes",
    "Which submissions": "Qué envíos",
    "All": "Todos",
    "Oldest first.": "Primero los más antiguos.",
    "Submissions, oldest first": "Envíos, primero los más antiguos",
    "Reference": "Código",
    "Received": "Recibido",
    "Files": "Archivos",
    "Status": "Estado",
    "First opened": "Abierto por primera vez",
    "Kept until": "Se guarda hasta",
    "not yet": "todavía no",
    "Pages": "Páginas",
    "Older ones": "Más antiguos",
    "Newer ones": "Más nuevos",
    "Page {page} of {pages}": "Página {page} de {pages}",
    "Nothing has come in yet.": "Todavía no ha llegado nada.",
    "Nothing new. Everything that came in has been looked at.": "Nada nuevo. Todo lo que llegó ya se ha visto.",
    "There is none of these.": "No hay ninguno.",
    "Language": "Idioma",
    "Agreed to": "Aceptó",
    "our words of {version}": "nuestro texto de {version}",
    "Where does this stand? The person sees it.": "¿En qué estado está? La persona lo ve.",
    "Set the status": "Cambiar el estado",
    "What the person wrote": "Lo que escribió la persona",
    "Question": "Pregunta",
    "Note": "Nota",
    "How to reach them": "Cómo contactarla",
    "They left no way to reach them. They see your reply with reference code and PIN.": "No dejó forma de contactarla. Verá su respuesta con el código y el PIN.",
    "Nothing, and no way to reach them. They see your reply with reference code and PIN.": "Nada, ni una forma de contactarla. Verá su respuesta con el código y el PIN.",
    "They came from a stranger: open them with care, on a machine that is up to date. Each download stands in the audit trail.": "Vienen de una persona desconocida: ábralos con cuidado, en un equipo actualizado. Cada descarga queda en el registro de accesos.",
    "Files of this submission": "Archivos de este envío",
    "Name": "Nombre",
    "Kind": "Tipo",
    "Size": "Tamaño",
    "Sent": "Enviado",
    "Download": "Descargar",
    "file": "archivo",
    "Download everything": "Descargar todo",
    "Replies to the person": "Respuestas a la persona",
    "None yet.": "Ninguna todavía.",
    "Write a reply": "Escriba una respuesta",
    "The person reads it with reference code and PIN, perhaps days from now, as coming from the care team. For anything that cannot wait, call them.": "La persona la lee con el código y el PIN, quizá dentro de días, como escrita por el equipo médico. Si algo no puede esperar, llámela.",
    "Send the reply": "Enviar la respuesta",
    "Notes for the team": "Notas para el equipo",
    "Write a note": "Escriba una nota",
    "The person never sees it. It is deleted together with the files.": "La persona nunca la ve. Se borra junto con los archivos.",
    "Keep the note": "Guardar la nota",
    "Who did what": "Quién hizo qué",
    "Audit trail, newest first": "Registro de accesos, primero lo más nuevo",
    "When": "Cuándo",
    "Who": "Quién",
    "What": "Qué",
    "new": "nuevo",
    "in review": "en revisión",
    "answered": "respondido",
    "sent": "envió",
    "added files": "añadió archivos",
    "opened": "abrió",
    "took out everything": "descargó todo",
    "deleted": "borró",
    "signed in": "entró",
    "signed out": "salió",
    "changed the master key": "cambió la clave maestra",
    "wrote a note": "escribió una nota",
    "replied": "respondió",
    "the person": "la persona",
    "the service": "el servicio",
    "text": "texto",
    "Your note is kept.": "Su nota está guardada.",
    "Your reply is kept. The person sees it with reference code and PIN.": "Su respuesta está guardada. La persona la ve con el código y el PIN.",
    "The status is changed.": "El estado ha cambiado.",
    "This page needs a safe line": "Esta página necesita una conexión segura",
    "Open it by https. Ask whoever runs this service when that does not work.": "Ábrala con https. Si no funciona, pregunte a quien administra este servicio.",
    "Too many requests": "Demasiadas solicitudes",
    "Wait a quarter of an hour, then try again.": "Espere quince minutos y pruebe otra vez.",
    "You were signed out, so nothing was kept yet. Sign in to go on with it.": "La sesión se cerró y todavía no se guardó nada. Entre otra vez para continuar.",
    "Nothing was changed": "No se cambió nada",
    "This form did not come from your own page. Go back, load the page again, and try once more.": "Este formulario no venía de su propia página. Vuelva atrás, cargue la página y pruebe otra vez.",
    "Not found": "No se encontró",
    "This cannot be opened": "No se puede abrir",
    "What is stored here is damaged or missing. Tell whoever runs this service.": "Lo guardado está dañado o falta. Avise a quien administra este servicio.",
    "This did not work": "Esto no funcionó",
    "Something on our side failed. Nothing is lost; try again, or tell whoever runs this service.": "Algo falló de nuestro lado. No se perdió nada: pruebe otra vez o avise a quien administra este servicio.",
    "This token is not known, or was revoked. Check it, or ask for a new one.": "Esta clave no existe o fue anulada. Revísela o pida una nueva.",
    "Signed in. What you wrote is below and not kept yet: read it once more, then send it.": "Ha entrado. Lo que escribió está abajo y todavía no se guardó: léalo otra vez y envíelo.",
    "This form could not be read. Load the page again.": "No se pudo leer el formulario. Cargue la página otra vez.",
    "There is nothing to keep: write something first.": "No hay nada que guardar: escriba algo primero.",
    "Somebody else replied meanwhile, and this was not sent: read theirs first, then send yours again or leave it.": "Otra persona respondió mientras tanto, y esto no se envió. Lea primero esa respuesta; después envíe la suya otra vez o déjela.",
}
# What has a name, a code or a number in it.
_PARTS = [
    (r"took out file (\d+)", r"descargó el archivo \1"),
    (r"token for (.+)", r"clave de acceso para \1"),
    (r"revoked (.+)", r"anuló la clave de \1"),
    (r"(\w+) gave up", r"\1 dejó de intentarlo"),
    (r"(.+) \(command line\)", r"\1 (línea de comandos)"),
    (r"That is ([\d,]+) characters long; up to ([\d,]+) fit\.", r"Tiene \1 caracteres; caben hasta \2."),
    (r"There is no submission (.+)\. It may have been deleted\.", r"No hay ningún envío \1. Puede que se haya borrado."),
    (r"There is no such file in (\S+)\. It may have been deleted\.", r"No hay tal archivo en \1. Puede que se haya borrado."),
    (r"There is no submission (\S+)\. What you wrote: (.*)", r"No hay ningún envío \1. Lo que escribió: \2"),
    (r"(.+) is not a reference code: ten letters and digits, such as ABCDE-12345\. It may have been deleted\.",
     r"\1 no es un código: son diez letras y cifras, como ABCDE-12345."),
    (r"(.+) is no status: it is one of (.+)\.", r"\1 no es un estado."),
]  # fmt: skip


def speaker(language: Language) -> Callable[[str], str]:
    """Says an English text of /team in a language."""
    return _spanish if language == "es" else str


def _spanish(text: str) -> str:
    if text in ES:
        return ES[text]
    if text.startswith("set to "):
        return f"cambió a {_spanish(text.removeprefix('set to '))}"
    for pattern, said in _PARTS:
        if match := re.fullmatch(pattern, text, re.DOTALL):
            return match.expand(said)
    return text
