"""The tags of RIS: which there are, and how a line that opens with one is written, as the standard has it and as it is met."""

import re

_TAGS = (
    "TY ER A1 A2 A3 A4 A5 AB AD AF AI AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CL CN CP CR CT CY DA DB DI DO DP DS ED EP "
    "ET FD H1 H2 ID IS J1 J2 JA JF JO JN K1 KW L1 L2 L3 L4 LA LB LK LL LP M1 M2 M3 N1 N2 NO NV OL OP PA PB PM PP PY RD "
    "RI RN RP RT SE SF SL SN SO SP SR ST T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 UR UT VL VO VN WP WT WV Y1 Y2 YR "
    "PMID PMCID DOI ISSN"
)
KNOWN = frozenset(_TAGS.split())
DASH = "[-\u2010-\u2015\u2212]"
_LONG = "|".join(sorted(tag for tag in KNOWN if len(tag) > 2))
_TAG = re.compile(rf'^\s{{0,3}}("?)([A-Za-z][A-Za-z0-9]|{_LONG})([ \t\xa0]{{0,4}})({DASH})(?:[ \t\xa0](.*)|(.*))$', re.DOTALL)
_USUAL = re.compile(rf'^\s{{0,3}}"?(?:TI|T1|AU|A1|CT|BT)[ \t\xa0]{{1,4}}{DASH}', re.MULTILINE)
_CODE = re.compile(r"[A-Z]{3,7}")
HEAD = 200_000


def is_loose(text: str) -> bool:
    """Whether a file writes no title and no author with capitals and a gap: then tags without either are tags too."""
    return _USUAL.search(text, 0, HEAD) is None


def tag_of(line: str, loose: bool = False) -> tuple[str, str]:
    """(tag, value) of a line that opens a field, else two empty strings.

    Taken too: one space or a tab for two, another dash, a whole line in quotation marks, as a spreadsheet saves those
    with commas. `loose`: known tags in small letters or with no gap (`TY- JOUR`).
    """
    match = _TAG.match(line)
    if match is None:
        return "", ""
    quote, tag, gap, dash, spaced, tight = match.groups()
    value = spaced if spaced is not None else tight
    if quote:
        value = value.rstrip()
        if not value.endswith('"'):
            return "", ""
        value = value[:-1].replace('""', '"')
    known = tag.upper() in KNOWN
    if tag.upper() == "ER" and not value.strip():
        return "ER", ""
    standard = len(gap) >= 2 and "\t" not in gap and tag.isupper() and (known or dash == "-")
    if spaced is None and value.strip():
        return (tag, value) if standard and known else ("", "")
    begins = tag.upper() == "TY"
    if standard or (known and (loose or (gap and (tag.isupper() or begins)))) or (begins and _CODE.fullmatch(value.strip())):
        return tag.upper(), value
    return "", ""
