"""What htmx is told, in the layout of every page: what `chassis.live` needs, and nothing the content policy forbids."""

import json

SETTINGS = json.dumps(
    {
        "extensions": "sse",
        "metaCharacter": "-",  # data-hx-sse-connect: HTML has no colons in the names of data attributes
        "history": False,  # the browser's own back button is right: we only ever change parts of a page
        "includeIndicatorCSS": False,
        "noSwap": [204, 304, "4xx", "5xx"],  # what stands on the page is better than an error in its place
        "morphIgnore": ["data-htmx-powered", "open"],  # a table that someone has unfolded stays unfolded
        "sse": {"reconnectDelay": 2000},
    }
)
"""Read by htmx from `<meta name="htmx-config">`."""
