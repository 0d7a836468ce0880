"""Chinese as it sounds, in pinyin: how names are typed in Latin letters, and how input methods get them wrong."""

from itertools import pairwise

from pypinyin import lazy_pinyin

from .asking import MARK

ALL = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng
cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu
cuan cui cun cuo da dai dan dang dao de dei den deng di dian diao die ding diu dong dou du duan dui dun duo e ei
en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang
gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao
jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo
la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve ma mai
man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian
niang niao nie nin ning niu nong nou nu nuan nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin
ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou
ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu
shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao
tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong
xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng
zha zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu
zuan zui zun zuo
"""
SYLLABLES = {*ALL.split()}
BEGINNINGS = {syllable[:size] for syllable in SYLLABLES for size in range(1, len(syllable))}
#: In the index, before a syllable and before the first letters of a name. No other mark begins so: names are begun.
SOUND, INITIALS = MARK + "y", MARK + "x"
MOST_WORDS = 12  # syllables of one word
MOST_SPELLINGS = 3  # "xian" is xian and xi'an


def sounds_of(characters: str) -> list[str]:
    return [sound for sound in lazy_pinyin(characters) if sound.isascii() and sound.isalpha()]


def heard(sounds: list[str]) -> list[str]:
    """Sounds as words of the index: by twos, as characters are.

    >>> heard(["li", "dian", "chi"])
    ['ƿyli0dian', 'ƿydian0chi']
    """
    return [f"{SOUND}{one}0{other}" for one, other in pairwise(sounds)]


def spelt_out(word: str, *, unfinished: bool = False) -> list[list[str]]:
    """The ways to read a Latin word as pinyin; the last syllable may be `unfinished`.

    >>> spelt_out("xian"), spelt_out("zaozhu", unfinished=True), spelt_out("battery")
    ([['xian'], ['xi', 'an']], [['zao', 'zhu']], [])
    """
    found: list[list[str]] = []

    def read(rest: str, said: list[str]) -> None:
        if len(found) > MOST_SPELLINGS or len(said) > MOST_WORDS:
            return
        if not rest:
            found.append(said)
        elif said and unfinished and rest in BEGINNINGS - SYLLABLES:
            found.append([*said, rest])
        for size in range(min(6, len(rest)), 1 if said else 0, -1):  # within a word nobody means a lone vowel
            if rest[:size] in SYLLABLES:
                read(rest[size:], [*said, rest[:size]])

    if word.isascii() and word.isalpha():
        read(word, [])
    return sorted(found, key=len)[:MOST_SPELLINGS]
