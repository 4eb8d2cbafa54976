"""Invented names: plain words that no famous place is called by, all of them in GB2312."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

_COMMUNITIES = "云桥 青禾 映塘 松照 锦渡 兰汀 朝岭 和畅"

_GRIDS = (
    "书院 荷塘 竹里 梧桐 石坊 槐荫 听雨 东篱 麦园 桂香 柳堤 渔歌 粮仓 新市 菱角 桑园 茶亭 瓦舍 碧波 银杏 "
    "芳草 星河 汇锦 悦来 同乐 百合 海棠 丁香 杏林 枣园 苇岸 鹭影 晓月 归帆 染坊 磨坊 船埠 水车 古井 花圃 "
    "棋盘 墨香 画屏 彩虹 朝霞 晨曦 旭日 秋实 冬青 康乐 如意 丰登 嘉木 明德 尚礼 知行 乐群 睦邻 德馨 仁里 "
    "勤耕 雅集 暖阳 清音 微澜 向荣"
)

_FIRST = (
    "云青映松锦兰朝和书荷竹梧石槐听东麦桂柳渔新菱桑茶瓦碧银芳星汇悦同百海丁杏枣苇鹭晓归染船水古花棋墨画彩晨旭秋冬"
    "康如丰嘉明尚知乐睦德仁勤雅暖清微向安祥瑞玉金福春文"
)
_SECOND = (
    "桥禾塘照渡汀岭畅院里桐坊荫雨篱园香堤歌仓市角亭舍波杏草河锦来合棠林岸影月帆埠车井圃盘屏虹霞阳实青意登木礼行邻"
    "馨耕集音澜荣湾洲溪泉苑庭台门巷田丘峰浦滨"
)
_SIDES = "东西南北中"


def community_and_grid_words(communities: int, grids: int) -> tuple[list[str], list[str]]:
    """Short names, all different, for the communities and for the grids."""
    spare = _spare_words()
    return _fill(_COMMUNITIES.split(), communities, spare), _fill(_GRIDS.split(), grids, spare)


def _fill(words: list[str], count: int, spare: Iterator[str]) -> list[str]:
    return [*words[:count], *islice(spare, max(0, count - len(words)))]


def _spare_words() -> Iterator[str]:
    """Two characters joined by rule; when all pairs are used up, three."""
    taken = {*_COMMUNITIES.split(), *_GRIDS.split()}
    pairs = [
        _FIRST[i] + _SECOND[(i + shift) % len(_SECOND)] for shift in range(len(_SECOND)) for i in range(len(_FIRST))
    ]
    pairs = [pair for pair in pairs if pair not in taken and pair[0] != pair[1]]
    yield from pairs
    for side in _SIDES:
        yield from (pair + side for pair in pairs)
