"""Makes small files of the formats that the readers take, honest and hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

Run = tuple[float, bool, float, str]


def pdf(path: Path, pages: Sequence[Sequence[Run]], *, title: str = "") -> Path:
    """A PDF with a text layer. A page is lines of (size in points, bold, y from the bottom in points, text); no lines: a blank (scanned) page."""
    objects: list[bytes] = [b"", b""]

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    regular = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    bold = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>")
    kids = []
    for lines in pages:
        stream = b"".join(
            f"BT /F{2 if heavy else 1} {size} Tf 72 {y} Td ({text.replace('(', '').replace(')', '')}) Tj ET\n".encode("latin-1")
            for size, heavy, y, text in lines
        )
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(
            add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 %d 0 R /F2 %d 0 R >> >> >>"
                % (content, regular, bold)
            )
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    info = add(b"<< /Title (%s) >>" % title.encode("latin-1"))
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, 2)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places))
    out.write(b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, info, start))
    path.write_bytes(out.getvalue())
    return path


def leaflet(path: Path) -> Path:
    """A two-page leaflet with a title, headings, a running head and page numbers."""
    head = [(8.0, False, 760.0, "Lakeside leaflet")]
    one = [
        (22.0, True, 700.0, "Ports for treatment"), (16.0, True, 660.0, "What is a port?"),
        (11.0, False, 635.0, "A port is a small disc under the skin of the"), (11.0, False, 621.0, "chest. Nurses use it to give treatment."),
        (11.0, False, 590.0, "The port can stay in for months. It is removed when the"), (8.0, False, 30.0, "Page 1 of 2"),
    ]  # fmt: skip
    two = [
        (11.0, False, 700.0, "treatment is over."), (16.0, True, 660.0, "How is a port cared for?"), (11.0, False, 635.0, "A nurse rinses the port with salt water."),
        (8.0, False, 30.0, "Page 2 of 2"),
    ]  # fmt: skip
    return pdf(path, [head + one, head + two])


def zip_bomb(path: Path, megabytes: int = 300) -> Path:
    """A Word file whose text unpacks to far more than it holds."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b" " * 1_000_000)
    return path
