"""Orders the invitations, as a view or a management command would."""

import time
import uuid

from tasks import WAY, invite, people

if __name__ == "__main__":
    numbers = range(len(people()))
    print(time.time(), flush=True)
    for number in numbers:
        invite.delay(number, "" if WAY == "docs" else str(uuid.uuid4()))
    print(time.process_time(), flush=True)
