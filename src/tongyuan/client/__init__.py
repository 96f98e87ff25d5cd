"""A client of the programming interface of an office elsewhere: its operations as calls, tables as frames.

It needs the extra ``tongyuan[client]``.

Examples
--------
>>> with Office("http://127.0.0.1:8466") as office:  # doctest: +SKIP
...     office.enter("lin", "a long password of my own")
...     office.submission_list()
"""

from tongyuan.client.office import File, Office, Refused
from tongyuan.client.signature import signed

__all__ = ["File", "Office", "Refused", "signed"]
