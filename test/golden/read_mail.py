"""Reads messages, one a line in base64, and says what Python's own mail library finds in each: one line of JSON."""

import base64
import json
import sys
from email import message_from_bytes, policy

for line in sys.stdin:
    mail = message_from_bytes(base64.b64decode(line), policy=policy.default)
    to = mail["to"].addresses[0]
    print(
        json.dumps(
            {
                "headers": [name.lower() for name in mail.keys()],
                "subject": mail["subject"],
                "from": mail["from"].addresses[0].addr_spec,
                "toName": to.display_name,
                "to": to.addr_spec,
                "parts": [part.get_content_type() for part in mail.iter_parts()],
                "text": mail.get_body(("plain",)).get_content(),
                "html": mail.get_body(("html",)).get_content(),
                "defects": [type(defect).__name__ for part in mail.walk() for defect in part.defects],
            }
        )
    )
