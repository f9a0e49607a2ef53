"""Names for people and streets who are nobody and lie nowhere: put together from parts, so that none is looked up."""

OLDEST = 100
"""Whole years; synthetic people are not older."""

GIVEN = {
    "female": (
        *("Agnete", "Birgit", "Clara", "Dorthe", "Ellen", "Freja", "Gerda", "Hanne", "Ida", "Jytte", "Karen", "Laura"),
        *("Mette", "Nanna", "Olga", "Pernille", "Ragnhild", "Signe", "Tove", "Ulla", "Vibeke", "Yrsa", "Åse", "Sofie"),
    ),
    "male": (
        *("Anders", "Bent", "Carl", "Ditlev", "Erik", "Frode", "Gunnar", "Henrik", "Ib", "Jørgen", "Knud", "Lars"),
        *("Mads", "Niels", "Ove", "Poul", "Rasmus", "Søren", "Thorkild", "Uffe", "Viggo", "William", "Åge", "Oskar"),
    ),
}

_SURNAME_HEADS = (
    *("Bølge", "Tang", "Strandhjelm", "Lyng", "Måge", "Klit", "Siv", "Hyldebær", "Muslinge", "Ravsten", "Tjørne"),
    *("Vindmølle", "Saltvands", "Ederfugle", "Brise", "Sandorme", "Ålegræs", "Porse", "Havtorne", "Skarve"),
)
_SURNAME_TAILS = ("ager", "bro", "dal", "holt", "kær", "lund", "mark", "næs", "rup", "skov", "toft", "vang", "ø")
SURNAMES = tuple(head + tail for head in _SURNAME_HEADS for tail in _SURNAME_TAILS)

STREET_HEADS = (
    *("Fyrtårns", "Tangsanger", "Ravklump", "Månelys", "Sildestime", "Bølgetop", "Havfrue", "Stenbider", "Kompas"),
    *("Sekstant", "Ankerkæde", "Storsejls", "Vindjævner", "Strandkrabbe", "Søstjerne", "Ålekiste", "Tidevands"),
    *("Rullesten", "Klitrose", "Havgus", "Morild", "Pejlemærke", "Dønnings", "Flaskepost", "Søhest", "Kattegatter"),
    *("Vadefugle", "Rejefisker", "Krydsholt", "Lanterne"),
)
STREET_TAILS = ("vej", "alle", "stræde", "vænget", "gangen", "stien", "bakken", "haven", "parken", "krogen")

POSTCODES = {"dragoer": "2791", "greve": "2670"}
"""By the municipality's id; another municipality's synthetic residents live at 9999 until it is added here."""
UNKNOWN_POSTCODE = "9999"
