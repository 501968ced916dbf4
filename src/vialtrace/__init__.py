"""vialtrace: from a folder of records to a case file on the smuggling of human biological samples."""

__version__ = "0.1.0"
