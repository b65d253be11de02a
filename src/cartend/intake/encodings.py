"""Which encoding a text is in: UTF-8 wherever it fits, else the most plausible of the old ones."""

import codecs
import re
from typing import NamedTuple

from cartend.intake.errors import DataError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What a file begins with, and the encoding that it tells."""
OLD = ("gb18030", "cp1252", "shift_jis", "euc-kr", "latin-1")
"""Encodings that are tried where UTF-8 does not fit; of equally plausible ones the first counts."""
LETTERS = re.compile(
    r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ'’.-]*[À-ÖØ-öø-ÿŒœŠšŽžŸ][A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ'’.-]*"
)
SIGNS = re.compile(r"(?<![^\x00-\x7f])[±°µ²³·×–—‘’“”…€®©™«»§½¼ªº ](?![^\x00-\x7f])")
ENOUGH = 0.5
SEEN = 200_000
COMMON_KOREAN = set(
    "이다는에의가을를은한하고지사도대로서기자인정시어아나수일해부리전주상스보원그동장조성제국과"
    "경구여들비라모세신용소미관안공연우계실마병만유방중입것있니김박최강윤임오송황권남북학울산광천"
    "질진행염감망치료반응완전재발환종양림프백혈임상센터국립삼성"
)
COMMON_CHINESE = set(
    "的一是不在人有我他这中大来上国个到说们为子和地出道也时年得就那要下以生会自着去之过家学对可里后"
    "小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三己老从"
    "动两长北京海南市省医院江湖西东广州山安河天津重庆武汉成都杭沈阳疾病感染死亡进展淋巴瘤男女完全部分缓解"
    "张王李赵刘陈杨黄周吴治疗白血细胞输注研究中心第附属肿瘤汉族"
)
COMMON_JAPANESE = re.compile(r"[ぁ-んァ-ヶー々、。・]")


class Decoded(NamedTuple):
    """A text, the encoding that it was read with, and other encodings that fit as well."""

    text: str
    encoding: str
    others: tuple[str, ...] = ()


def decoded(raw: bytes, path: object, encoding: str | None) -> Decoded:
    """Decode bytes by the study's encoding, else by what they begin with, else UTF-8, else OLD.

    Raises
    ------
    DataError
        Where no encoding fits, in one sentence.
    """
    for name in (encoding,) if encoding else (*_told(raw), "utf-8-sig"):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if encoding or "\x00" not in text:
            return Decoded(text, name.replace("-sig", ""))
    if encoding:
        raise DataError(f"{path}: the text is not {encoding}; name its encoding in the study file")
    if b"\x00" in raw:
        raise DataError(f"{path}: is no text file; comma-separated text is needed")
    scores = {name: score for name in OLD if (score := plausibility(raw, name))[0] >= ENOUGH}
    if not scores:
        raise DataError(
            f"{path}: the text is not utf-8 and is plausible in none of {', '.join(OLD)}; name its "
            "encoding in the study file"
        )
    best = max(scores, key=lambda name: scores[name])
    text = raw.decode(best)
    rivals = (n for n, score in scores.items() if n != best and score == scores[best])
    return Decoded(text, best, tuple(n for n in rivals if raw.decode(n) != text))


def _told(raw: bytes) -> list[str]:
    """Return the encodings that the first bytes tell; UTF-16 without a mark by its zeros."""
    marked = [name for mark, name in MARKS if raw.startswith(mark)]
    if marked or len(raw) < 2:
        return marked
    start = raw[:1000]
    if start[1::2].count(0) > len(start) // 4:
        return ["utf-16-le"]
    return ["utf-16-be"] if start[0::2].count(0) > len(start) // 4 else []


def plausibility(raw: bytes, encoding: str) -> tuple[float, float]:
    """Return which share of the characters outside ASCII is likely, and which is frequent."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return 0.0, 0.0
    found = re.findall(r"[^\x00-\x7f]", text)[:SEEN]
    if not found:
        return 0.0, 0.0
    frequent = sum(c in FREQUENT.get(encoding, ()) for c in found) / len(found)
    return JUDGES[encoding](text, found), frequent


def _western(text: str, found: list[str]) -> float:
    """Return the share of letters that stand in a word with plain letters, and of lone signs."""
    good = sum(_accents(word) for word in LETTERS.findall(text)) + len(SIGNS.findall(text))
    return min(1.0, good / max(len(found), 1))


def _accents(word: str) -> int:
    """Return the accented letters of a word that has plain ones too, and more of these."""
    foreign = sum(not c.isascii() for c in word)
    plain = sum(c.isascii() and c.isalpha() for c in word)
    capital = any(c.isupper() and not c.isascii() for c in word[1:]) and not word.isupper()
    return 0 if capital or foreign > plain else foreign


def _chinese(text: str, found: list[str]) -> float:
    """Return the share of characters of the first level of GB 2312, the 3755 in common use."""
    return sum(_first_level(c) for c in found) / len(found)


def _first_level(character: str) -> bool:
    code = character.encode("gb18030")
    if len(code) != 2 or code[1] < 0xA1:
        return False
    return 0xB0 <= code[0] <= 0xD7 or 0xA1 <= code[0] <= 0xA3


def _korean(text: str, found: list[str]) -> float:
    """Return the share of syllables."""
    return sum("가" <= c <= "힣" for c in found) / len(found)


def _japanese(text: str, found: list[str]) -> float:
    """Return the share of kana and of the first level of JIS; half-width kana is unlikely."""
    good = sum(bool(COMMON_JAPANESE.match(c)) or _first_of_jis(c) for c in found)
    return good / len(found)


def _first_of_jis(character: str) -> bool:
    code = character.encode("shift_jis")
    return len(code) == 2 and 0x88 <= code[0] <= 0x98


JUDGES = {
    "gb18030": _chinese,
    "cp1252": _western,
    "latin-1": _western,
    "shift_jis": _japanese,
    "euc-kr": _korean,
}
FREQUENT = {"gb18030": COMMON_CHINESE, "euc-kr": COMMON_KOREAN}
