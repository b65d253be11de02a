"""The error of this border: input data that cannot be used."""


class DataError(Exception):
    """The study's data cannot be read or used; the message is one sentence for its owner."""
