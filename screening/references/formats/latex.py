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
    "textquotedblright": "”", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textdollar": "$",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "textdegree": "°", "textmu": "µ", "textless": "<",
    "textgreater": ">", "ldots": "…", "dots": "…", "textellipsis": "…", "alpha": "α", "beta": "β", "gamma": "γ",
    "delta": "δ", "kappa": "κ", "mu": "μ", "pm": "±", "times": "×", "leq": "≤", "geq": "≥", "le": "≤", "ge": "≥",
    "approx": "≈", "textpm": "±", "texttimes": "×", "textgreek": "", "emph": "", "textit": "", "textbf": "",
    "textsc": "", "textrm": "", "mathrm": "", "url": "", "textsuperscript": "^", "textsubscript": "_", "it": "",
    "em": "", "bf": "", "newblock": "", "relax": "", "par": " ", "text": "", "rm": "",
    "langle": "⟨", "rangle": "⟩", "epsilon": "ε", "lambda": "λ", "sigma": "σ",
    "chi": "χ", "tau": "τ", "theta": "θ", "omega": "ω", "pi": "π", "rho": "ρ", "phi": "φ", "Delta": "Δ", "Omega": "Ω", "geqslant": "≥",
    "leqslant": "≤", "cdot": "·", "sim": "~", "rightarrow": "→", "infty": "∞",
    "neq": "≠", "S": "§", "guillemotleft": "«", "guillemotright": "»",
}  # fmt: skip
_ACCENT = re.compile(r"\\(?:([`'^~=.\"])\s*|([urHvdckb])(?=[\s{\\])\s*)(?:\{\s*(\\?[A-Za-z]{0,2})\s*\}|(\\[ij](?![A-Za-z])|[A-Za-z]))")
_MATH = re.compile(r"(?<!\\)\$((?:\\.|[^$\\\n]){1,200})\$")  # \$ is money
_IS_MATH = re.compile(r"[\\^_{]")  # so that "$5 and $10" stays money
_SHIFTED = re.compile(r"([_^])\s{0,5}(?:\{((?:[^{}]|\{[^{}]{0,40}\}){0,60})\}|(\\[A-Za-z]{1,20}|[^\s\\{}]))")
_NAMED = r"\\([A-Za-z]+)(?:\s*\{\}|\s+(?=[A-Za-z])|\s*)"
_WORD = re.compile(_NAMED)
_DASHES = re.compile(r"(?<!-)-{2,3}(?!-)")
# In one go, so that a backslash that was spelled out does not escape what follows it.
_COMMAND = re.compile(rf"{_NAMED}|\\([&%$#_{{}}~^\-/ ,;])")


def delatex(value: str) -> str:
    """`M{\\"u}ller {\\textendash} {BERT}` to `Müller – BERT`; an unknown command keeps its name."""
    if "$" in value:
        value = _MATH.sub(_math, value)
    if "\\" in value:
        value = _ACCENT.sub(_accented, value)
        value = _COMMAND.sub(_command, value)
    if "{" in value or "}" in value:
        value = value.replace("{", "").replace("}", "")
    return value


def ligatures(value: str) -> str:
    """What LaTeX prints of `--`, `---` and its quotation marks. Only for texts: in a note or an address they mean themselves."""
    if "--" in value:
        value = _DASHES.sub(lambda match: "–" if len(match.group()) == 2 else "—", value)
    if "``" in value:
        value = value.replace("``", "“").replace("''", "”")
    return value


def _math(match: re.Match[str]) -> str:
    inner = match.group(1)
    # Its words become letters here, so that they do not take the space behind the formula with them.
    return _WORD.sub(_word, _SHIFTED.sub(_shifted, inner)) if _IS_MATH.search(inner) else match.group()


def _shifted(match: re.Match[str]) -> str:
    tag = "sup" if match.group(1) == "^" else "sub"
    return f"<{tag}>{match.group(2) if match.group(2) is not None else match.group(3)}</{tag}>"


def _accented(match: re.Match[str]) -> str:
    mark = _COMBINING[match.group(1) or match.group(2)]
    letter = (match.group(3) if match.group(3) is not None else match.group(4)).removeprefix("\\")
    return unicodedata.normalize("NFC", letter[:1] + mark + letter[1:])


def _command(match: re.Match[str]) -> str:
    sign = match.group(2)
    return _word(match) if sign is None else "" if sign in "-/" else sign


def _word(match: re.Match[str]) -> str:
    return _WORDS.get(match.group(1), match.group(1) + " ")
