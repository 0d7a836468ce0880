"""The tables that can be imported: their columns, what a row of each is read as, and what the rows become.

The same columns are those of the template, of the import and of the export, so that an exported table can be sent back.
"""

from .companies import CompanySheet
from .costs import CostSheet
from .figures import FigureSheet
from .projects import ProjectSheet

SHEETS = {sheet.word: sheet for sheet in (ProjectSheet, FigureSheet, CompanySheet, CostSheet)}
