"""How one written name is found again under its other spellings: terms for search, never a judgement of identity.

Pure (no table, no I/O): text in, terms out. Characters are folded with NFKC, traditional to simplified, and case;
Chinese characters also give their pinyin syllables without tones, with every reading of each character; a Latin word
that can be read as pinyin gives its syllables, so that order, joining and spacing do not matter.

LV, LU and LYU are one syllable here: GB/T 28039-2011 writes ü as YU in capital letters, exit documents before 2012
printed V, and the passport's machine-readable zone knows only U.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{HAN}]")
_PIECES = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´·•")
LONGEST_TERM = 64

# The syllables of Hanyu Pinyin (Scheme for the Chinese Phonetic Alphabet, 1958), ü written v. A test compares
# them with pypinyin's table.
_TABLE = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biang biao bie bin bing bo bong bu ca cai can cang cao ce cei
cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou
cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die din ding diu dong dou du duan dui dun duo
e ei en eng er fa fan fang fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan
guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang
jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui
kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve
ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni
nia nian niang niao nie nin ning niu nong nou nu nuan nun nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian
piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri
rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou
shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te tei teng ti tian
tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wong wu xi xia xian xiang xiao xie xin xing
xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen
zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong
zou zu zuan zui zun zuo
"""
_ONE = {"lv": "lu", "lyu": "lu", "nv": "nu", "nyu": "nu"}
_ONE |= {"lve": "lue", "lyue": "lue", "nve": "nue", "nyue": "nue", "lue": "lue", "nue": "nue"}
SYLLABLES = frozenset(_TABLE.split()) | frozenset(_ONE)
_LONGEST = max(map(len, SYLLABLES))
_LONGEST_WORD = 24


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """One spelling of a text: NFKC, simplified characters, no case, no accents on letters."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    if _HAN.search(text):
        text = _simplifier().convert(text)
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


@lru_cache(maxsize=32768)
def readings(character: str) -> tuple[str, ...]:
    """Every toneless reading of one Chinese character, folded; () for a character pypinyin does not know."""
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    return tuple(dict.fromkeys(syllable(each) for each in found[0])) if found else ()


def syllable(written: str) -> str:
    """A pinyin syllable in the one spelling used here: lü, lv and lyu are all "lu"."""
    return _ONE.get(written, written)


@lru_cache(maxsize=65536)
def syllables(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read a folded Latin word as pinyin ("xian": xian, or xi an), at most four; () where there is none."""
    if len(word) > _LONGEST_WORD or not (word.isascii() and word.isalpha()):
        return ()
    ways: list[list[tuple[str, ...]]] = [[] for _ in range(len(word) + 1)]
    ways[0] = [()]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end):
            if ways[start] and word[start:end] in SYLLABLES:
                ways[end] += [(*way, syllable(word[start:end])) for way in ways[start]]
        ways[end] = sorted(ways[end], key=len)[:4]
    return tuple(dict.fromkeys(ways[-1]))


def pieces(text: str) -> Iterator[str]:
    """The runs of Chinese characters and the words of a folded text, in order."""
    for found in _PIECES.finditer(text.translate(_APOSTROPHES)):
        yield found.group()[:LONGEST_TERM]


def is_han(piece: str) -> bool:
    return _HAN.match(piece) is not None


def grams(run: str) -> list[str]:
    """What a run of Chinese characters is found by: each character, and each pair of neighbours."""
    return [*run, *(run[i : i + 2] for i in range(len(run) - 1))]


def joined(text: str) -> str:
    """An identifier without its spaces and hyphens ("us-2026-7kq2-md4t" -> "us20267kq2md4t"), "" if it is not one.

    An identifier here is a folded text of at most 40 letters, digits, spaces, hyphens, dots and slashes, with a digit.
    """
    if len(text) > 40 or not text.isascii() or not any(c.isdigit() for c in text):
        return ""
    bare = re.sub(r"[\s./-]", "", text)
    return bare if bare.isalnum() else ""


def terms(text: str) -> set[str]:
    """Everything one text is found by, except what depends on the whole case."""
    folded = fold(text)
    found: set[str] = set()
    if identifier := joined(folded):
        found.add(identifier)
    for piece in pieces(folded):
        if is_han(piece):
            found.update(grams(piece))
            for character in piece:
                found.update(readings(character))
        else:
            found.add(piece)
            for way in syllables(piece):
                found.update(way)
    return found
