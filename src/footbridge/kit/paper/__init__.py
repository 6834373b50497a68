"""Paper: a document as a tagged PDF. Knows nothing of care: a title, text, facts, tables, pictures.

    paper.pdf(Document(_("Scores"), [Text(…), Table(…), Picture(svg, alt)], language="en"))

What people wrote is data, never markup: it goes to the typesetter as JSON and is only ever shown as text.
"""

from footbridge.kit.paper.document import Block, Document, Facts, Heading, NewPage, Picture, Slot, Table, Text, Week
from footbridge.kit.paper.typeset import pdf

__all__ = ["Block", "Document", "Facts", "Heading", "NewPage", "Picture", "Slot", "Table", "Text", "Week", "pdf"]
