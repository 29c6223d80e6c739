"""Other people's events: coded data sets brought into named graphs beside what articles tell."""

from relgraph.imports.cameo import Cameo, CameoCode
from relgraph.imports.formats import FORMATS, CodedEvent
from relgraph.imports.load import ImportReport, import_events

__all__ = ["FORMATS", "Cameo", "CameoCode", "CodedEvent", "ImportReport", "import_events"]
