"""What sessions holds about one person, for registration to tell them (GDPR, article 15): nothing.

People's ids are dropped at the door (`subscribers.py`), and of who was present a digest is kept
(`use_cases/holding.py`). It answers all the same, so that whoever asks hears it from each service itself.
"""

from contracts.subject_access import Held, WhatIsHeld


async def what_is_held(_: WhatIsHeld) -> Held:
    """Return that nothing is."""
    return Held()
