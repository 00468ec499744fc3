"""LaTeX in field values to letters: accents, dashes, quotes, braces."""

import re
import unicodedata

_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_WORDS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "textendash": "–",
    "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textbackslash": "\\", "textasciitilde": "~", "textregistered": "®",
    "texttrademark": "™", "textcopyright": "©", "textdegree": "°", "textmu": "µ", "textless": "<",
    "textgreater": ">", "ldots": "…", "dots": "…", "textellipsis": "…", "alpha": "α", "beta": "β", "gamma": "γ",
    "delta": "δ", "kappa": "κ", "mu": "μ", "pm": "±", "times": "×", "leq": "≤", "geq": "≥", "le": "≤", "ge": "≥",
    "approx": "≈", "textpm": "±", "texttimes": "×", "textgreek": "", "emph": "", "textit": "", "textbf": "",
    "textsc": "", "textrm": "", "mathrm": "", "url": "", "textsuperscript": "^", "textsubscript": "_", "it": "",
    "em": "", "bf": "", "newblock": "", "relax": "", "par": " ", "S": "§", "guillemotleft": "«", "guillemotright": "»",
}  # fmt: skip
_ACCENT = re.compile(r"\\(?:([`'^~=.\"])\s*|([urHvdckb])(?=[\s{\\])\s*)(?:\{\s*(\\?[A-Za-z]{0,2})\s*\}|(\\[ij](?![A-Za-z])|[A-Za-z]))")
_SHIFTED = re.compile(r"\$([_^])\s*\{?\s*(?:\\[A-Za-z]{1,20}\s*\{)?([^{}$\\]{1,20})\}{0,2}\s*\$")
_WORD = re.compile(r"\\([A-Za-z]+)(?:\s*\{\}|\s+(?=[A-Za-z])|\s*)")
_ESCAPED = re.compile(r"\\([&%$#_{}~^\-/ ,;])")


def delatex(value: str) -> str:
    """`M{\\"u}ller {\\textendash} {BERT}` to `Müller – BERT`; an unknown command keeps its name."""
    if "$" in value:
        value = _SHIFTED.sub(_shifted, value)
    if "\\" in value:
        value = _ACCENT.sub(_accented, value)
        value = _WORD.sub(_word, value)
        value = _ESCAPED.sub(lambda match: "" if match.group(1) in "-/" else match.group(1), value)
    if "{" in value or "}" in value:
        value = value.replace("{", "").replace("}", "")
    return value


def _shifted(match: re.Match[str]) -> str:
    tag = "sup" if match.group(1) == "^" else "sub"
    return f"<{tag}>{match.group(2)}</{tag}>"


def _accented(match: re.Match[str]) -> str:
    mark = _COMBINING[match.group(1) or match.group(2)]
    letter = (match.group(3) if match.group(3) is not None else match.group(4)).removeprefix("\\")
    return unicodedata.normalize("NFC", letter[:1] + mark + letter[1:])


def _word(match: re.Match[str]) -> str:
    return _WORDS.get(match.group(1), match.group(1) + " ")
