"""Log lines for machines."""

import json
import logging
import re
from datetime import UTC, datetime

#: The part of an address that is a secret: who has it stops a follow, reads an inquiry, opens an account.
SECRET = re.compile(r"(/(?:follow|inquiry|invitations|reset)/)[\w:-]{12,}")


class JsonLines(logging.Formatter):
    """One JSON object a line, UTC: what happened and where, never who (no address, query, cookie or form value)."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": SECRET.sub(r"\1…", record.getMessage()),
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
