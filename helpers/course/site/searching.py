"""Search in English and Chinese: a small extension of Sphinx.

English words are stemmed, as Sphinx does it. Chinese has no spaces between words, so each pair
of neighbouring characters is indexed as if it were one; a query is split in the same way, and
so finds the pages that hold all of its pairs.
"""

import re
from functools import cache

from sphinx.application import Sphinx
from sphinx.search import languages
from sphinx.search.en import SearchEnglish

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"  # to Python and to JavaScript
_RUN = re.compile(rf"[{_HAN}]+|[^\W{_HAN}]+")
_IS_CHINESE = re.compile(rf"[{_HAN}]")


class SearchEnglishAndChinese(SearchEnglish):
    """Sphinx's English search, and Chinese by pairs of characters."""

    lang = "en-zh"  # the language's name stays English, since that names the stemmer
    # The same as `split` below, for what a reader types. (Sphinx's own script needs a `var`.)
    js_splitter_code = rf"""
var splitQuery = (query) =>
  (query.match(/[{_HAN}]+|(?:(?![{_HAN}])[\p{{L}}\p{{N}}_])+/gu) ?? []).flatMap((run) =>
    /[{_HAN}]/.test(run) && run.length > 2
      ? Array.from(run.slice(1), (after, place) => run[place] + after)
      : [run]);
"""

    def split(self, input: str) -> list[str]:
        """The words and the pairs of Chinese characters; a character alone stays alone.

        >>> SearchEnglishAndChinese({}).split("多目标跟踪 tracks")
        ['多目', '目标', '标跟', '跟踪', 'tracks']
        """
        words = []
        for run in _RUN.findall(input):
            if _IS_CHINESE.match(run) and len(run) > 2:
                words += [run[place : place + 2] for place in range(len(run) - 1)]
            else:
                words.append(run)
        return words

    @cache  # noqa: B019  there is one object a build, and 40,000 words are a tenth as many
    def stem(self, word: str) -> str:
        return word if _IS_CHINESE.match(word) else super().stem(word)


def setup(app: Sphinx) -> dict[str, bool]:
    languages[SearchEnglishAndChinese.lang] = SearchEnglishAndChinese
    return {"parallel_read_safe": True, "parallel_write_safe": True}
