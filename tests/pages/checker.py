"""Whether a page is in order: called on every page that any test gets, so it is fast and runs in the process.

``check_page`` wants a whole page, ``check_fragment`` a part that htmx swaps in. Both raise ``AssertionError`` with
every problem on a line of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from tinyhtml5 import inputstream
from tinyhtml5.parser import HTMLParser

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
WITHOUT_LABEL = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "commandfor", "popovertarget", "list")
LANGUAGES = {"en", "fi", "sv"}
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+')


class Patterns(dict):
    """What the parser looks for next, each compiled once: it means to keep them, and keeps them under another key."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, inside = key
        escaped = "".join(f"\\x{ord(character):02x}" for character in characters)
        self[key] = re.compile(f"[{escaped}]+" if inside else f"[^{escaped}]+")
        return self[key]


inputstream.characters_until_regex = Patterns()


class Page:
    """A parsed page, or a part of one, with the questions that the checks ask."""

    def __init__(self, html: str, *, whole: bool) -> None:
        parser = HTMLParser(namespace_html_elements=False)
        self.root: Element = parser.parse(html, scripting=False) if whole else _fragment(parser, html)
        self.errors = [f"{code} at line {position[0]}" for position, code, _ in parser.errors]
        self.elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        self.ids = [element.get("id") for element in self.elements if element.get("id") is not None]

    def all(self, *tags: str) -> Iterator[Element]:
        return (element for element in self.elements if element.tag in tags)

    def within(self, element: Element, tag: str) -> bool:
        return any(above.tag == tag for above in self.above(element))

    def above(self, element: Element) -> Iterator[Element]:
        while element in self.parents:
            element = self.parents[element]
            yield element


def _fragment(parser: HTMLParser, html: str) -> Element:
    parser._parse(html, container="div")
    return parser.tree.get_fragment()


def words(element: Element) -> str:
    """The text of an element with single spaces."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def problems_of(html: str, *, whole: bool = True) -> tuple[str, ...]:
    """Everything that is wrong with a page, in words."""
    return _problems_of(_without_what_is_new_each_time(html), whole=whole)


def _without_what_is_new_each_time(html: str) -> str:
    """Keys get a number in their order and tokens one name: two pages that differ by these alone are checked once."""
    keys: dict[str, str] = {}
    numbered = KEY.sub(lambda found: keys.setdefault(found[0], f"key-{len(keys)}"), html)
    return TOKEN.sub(r"\1a-token", numbered)


@lru_cache(maxsize=2048)
def _problems_of(html: str, *, whole: bool) -> tuple[str, ...]:
    page = Page(html, whole=whole)
    checks = (*PART_CHECKS, *PAGE_CHECKS) if whole else PART_CHECKS
    return tuple(problem for check in checks for problem in check(page))


def check_page(html: str) -> None:
    """Raise when a page is not in order."""
    problems = problems_of(html)
    assert not problems, "The page is not in order:\n" + "\n".join(problems)


def check_fragment(html: str) -> None:
    """Raise when a part of a page is not in order."""
    problems = problems_of(html, whole=False)
    assert not problems, "The part of a page is not in order:\n" + "\n".join(problems)


def _valid(page: Page) -> Iterator[str]:
    yield from (f"not valid HTML: {error}" for error in page.errors)


def _doctype_and_language(page: Page) -> Iterator[str]:
    language = page.root.get("lang", "")
    if language not in LANGUAGES:
        yield f"html has lang={language!r}"


def _one_h1_and_its_title(page: Page) -> Iterator[str]:
    tops = [words(element) for element in page.all("h1")]
    titles = [words(element) for element in page.all("title") if not page.within(element, "svg")]
    if len(tops) != 1:
        yield f"{len(tops)} h1 instead of one: {tops}"
    elif not titles or tops[0] not in titles[0]:
        yield f"the title {titles} does not hold the h1 {tops[0]!r}"


def _one_main(page: Page) -> Iterator[str]:
    mains = len(list(page.all("main")))
    if mains != 1:
        yield f"{mains} main instead of one"


def _unique_ids(page: Page) -> Iterator[str]:
    yield from (f"id {name!r} stands {count} times" for name, count in Counter(page.ids).items() if count > 1)
    yield from (f"id {name!r} is empty or has a space" for name in page.ids if not name or re.search(r"\s", name))


def _references_lead_somewhere(page: Page) -> Iterator[str]:
    known = set(page.ids)
    for element in page.elements:
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in known:
                    yield f"<{element.tag} {attribute}={name!r}> leads nowhere"
        target = element.get("href") or ""
        if element.tag == "a" and target.startswith("#") and target[1:] not in known:
            yield f"the link to {target!r} leads nowhere"


def _fields_have_labels(page: Page) -> Iterator[str]:
    labelled = {element.get("for") for element in page.all("label")}
    for element in page.all("input", "select", "textarea"):
        if element.get("type", "text") in WITHOUT_LABEL:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby")
        if not named and element.get("id") not in labelled and not page.within(element, "label"):
            yield f"the field {element.get('name') or element.get('id')!r} has no label"


def _buttons_and_links_have_names(page: Page) -> Iterator[str]:
    for element in page.all("a", "button", "summary", "label", "legend", "th"):
        named = element.get("aria-label") or element.get("aria-labelledby")
        if not named and not words(element) and not any(image.get("alt") for image in element.iter("img")):
            yield f"a <{element.tag}> says nothing: {element.attrib}"


def _forms_carry_a_token(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if form.get("method", "get").lower() != "post":
            continue
        tokens = [each.get("value") for each in form.iter("input") if each.get("name") == "csrf_token"]
        if len(tokens) != 1 or not tokens[0]:
            yield f"the form to {form.get('action')!r} holds {len(tokens)} csrf tokens"


def _nothing_inline(page: Page) -> Iterator[str]:
    for element in page.elements:
        for attribute in element.attrib:
            if attribute == "style" or attribute.startswith(("on", "hx-on")):
                yield f"<{element.tag}> has {attribute}"
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"an inline <{element.tag}>"
        if (element.get("href") or "").strip().lower().startswith("javascript:"):
            yield "a javascript: address"


def _headings_in_order(page: Page) -> Iterator[str]:
    before = 0
    for element in page.all(*sorted(HEADINGS)):
        level = int(element.tag[1])
        if not words(element):
            yield f"an empty {element.tag}"
        if before and level > before + 1:
            yield f"{element.tag} {words(element)!r} follows h{before}"
        before = level


def _images_say_what_they_are(page: Page) -> Iterator[str]:
    yield from (f"img {element.get('src')!r} has no alt" for element in page.all("img") if element.get("alt") is None)
    for element in page.elements:
        if element.tag.rpartition("}")[2] == "svg" and not _speaks_or_hides(element):
            yield f"an svg neither hides nor says what it is: {element.attrib}"


def _speaks_or_hides(picture: Element) -> bool:
    named = picture.get("aria-label") or picture.get("aria-labelledby")
    return picture.get("aria-hidden") == "true" or bool(picture.get("role") == "img" and named)


def _nothing_left_over(page: Page) -> Iterator[str]:
    text = words(page.root)
    yield from (f"left over: {sign!r}" for sign in ("{{", "{%", "%(", "Undefined", "lazy_gettext") if sign in text)


PART_CHECKS = (
    _valid,
    _unique_ids,
    _fields_have_labels,
    _buttons_and_links_have_names,
    _forms_carry_a_token,
    _nothing_inline,
    _headings_in_order,
    _images_say_what_they_are,
    _nothing_left_over,
)
PAGE_CHECKS = (_doctype_and_language, _one_h1_and_its_title, _one_main, _references_lead_somewhere)
