"""Foreign files, read as received: the only room that opens them.

``sniff`` looks at a file and says which tables it holds; ``stage`` copies one of them, as text and with row numbers,
into a Parquet file that ``ingest`` reads.
"""

from vialtrace.model.mapping import Sheet
from vialtrace.sources.sniffing import sniff
from vialtrace.sources.staging import stage
from vialtrace.sources.writing import Follower, Staged

__all__ = ["Follower", "Sheet", "Staged", "sniff", "stage"]
