"""Every table, column and kind of value, declared once.

The store, the recipes, the mappings, the cleaners, the simulator, the exports and the reference page all read
these declarations; none of them types a column name's kind, label or help a second time.
"""

from vialtrace.model.kinds import KINDS, Kind, kind
from vialtrace.model.records import RECORDS, record
from vialtrace.model.spec import Column, Table
from vialtrace.model.tables import TABLES, table

__all__ = ["KINDS", "RECORDS", "TABLES", "Column", "Kind", "Table", "kind", "record", "table"]
