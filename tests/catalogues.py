"""Brings the catalogues of all languages up to date: `python -m tests.catalogues`, with the extra `languages`.

In each .po file texts that are gone are removed, and new ones get an entry without a translation. A new language is a
new .po file; the .mo file, which the program reads, is made of it.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.marked_texts import ROOT, marked_texts

_A_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Update the .po files and make the .mo files."""
    for path in sorted((ROOT / "resources" / "languages").glob("*/LC_MESSAGES/bpviz.po")):
        catalogue = updated(path)
        missing = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{path.parts[-3]}: {len(catalogue)} texts, {missing} of them not translated")


def updated(path: Path) -> Catalog:
    """Bring one language's files up to date; return its catalogue."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3], domain="bpviz")
    catalogue.creation_date = catalogue.revision_date = _A_DATE  # the same texts make the same file
    catalogue.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
    text = io.BytesIO()
    write_po(text, catalogue, width=120, omit_header=True, ignore_obsolete=True, include_lineno=False)
    head, *_rest = path.read_text(encoding="utf-8").partition("\n\n")  # Babel would add names and dates to it
    path.write_text(f"{head}\n\n{text.getvalue().decode()}".rstrip() + "\n", encoding="utf-8")
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    return catalogue


def collected() -> Catalog:
    """Return a catalogue of all texts, without translations."""
    found = Catalog(domain="bpviz")
    for text, files in marked_texts().items():
        found.add(text, locations=[(name, 0) for name in files])
    return found


def is_translated(message: Message) -> bool:
    """Return whether a text has all forms of its translation."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


if __name__ == "__main__":
    main()
