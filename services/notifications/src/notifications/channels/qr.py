"""A link as a QR code, for those who read a letter with a telephone in their hand (ISO/IEC 18004)."""

import segno

QUIET = 4
"""Modules that stay white on each side of the code: a reader needs them to find it."""
MASK = 0
"""Always the same one of the eight masks: every reader takes each, and to score all eight takes five times as long."""


def drawing(text: str) -> str:
    """Return the code as SVG, one unit a module and all of it one path, so that no seams show between the modules.

    Error correction M or better: a fold or a stain over an eighth of it does no harm.
    """
    code = _code(text)
    side = code.symbol_size(border=QUIET)[0]
    path = []
    for row, line in enumerate(code.matrix, QUIET):
        begin = None
        for column, dark in enumerate((*line, 0), QUIET):
            if dark and begin is None:
                begin = column
            elif not dark and begin is not None:
                path.append(f"M{begin} {row}h{column - begin}v1H{begin}z")
                begin = None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f'<path d="{"".join(path)}"/></svg>'
    )


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False, mask=MASK)
