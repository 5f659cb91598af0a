import pytest

from tests.pages.checker import check_fragment, check_page, problems_of

GOOD = """<!doctype html>
<html lang="en"><head><title>People · Kamu</title></head>
<body><main id="main"><h1>People</h1><h2>Files</h2>
<form method="post" action="/people"><input type="hidden" name="csrf_token" value="x">
<label for="name">Name</label><input id="name" name="name"><button>Save</button></form>
<svg aria-hidden="true"><use href="/icons.svg#check"></use></svg></main></body></html>"""


def test_a_page_in_order_passes():
    check_page(GOOD)


@pytest.mark.parametrize(
    ("part", "worse", "problem"),
    [
        ("</h2>", "</h2></div>", "not valid HTML"),
        ('lang="en"', "", "lang"),
        ("<h2>Files</h2>", "<h1>Files</h1>", "2 h1"),
        ("<title>People", "<title>Start", "does not hold the h1"),
        ("<h2>Files</h2>", "<h4>Files</h4>", "follows h1"),
        ('id="name"', 'id="main"', "stands 2 times"),
        ('for="name"', 'for="nobody"', "has no label"),
        ('value="x"', 'value=""', "csrf tokens"),
        ("<button>", '<button style="color: red">', "has style"),
        ("<button>", '<button onclick="x()">', "has onclick"),
        ("<button>Save", "<script>1</script><button>Save", "inline <script>"),
        ("<button>Save", "<button>", "says nothing"),
        (' aria-hidden="true"', "", "neither hides"),
        ("</main>", '<img src="/a.png"></main>', "no alt"),
        ("</main>", '<a href="#gone">There</a></main>', "leads nowhere"),
        ("Files", "%(files)s", "left over"),
        ("<main", "<div", "0 main"),
    ],
)
def test_a_fault_is_named(part, worse, problem):
    broken = GOOD.replace(part, worse, 1)
    if part == "<main":
        broken = broken.replace("</main>", "</div>")
    assert any(problem in found for found in problems_of(broken))


def test_a_part_of_a_page_needs_no_title_but_valid_html():
    check_fragment("<p>Taken in.</p>")
    with pytest.raises(AssertionError, match="not valid HTML"):
        check_fragment("<p>Taken in.</div>")


def test_a_key_that_stands_twice_is_seen_whichever_key_it_is():
    key = "01a200b1-87d8-705a-9645-5c6d8c141313"
    twice = f'<p id="{key}">One</p><p id="{key}">Two</p>'
    assert problems_of(twice, whole=False)
    assert not problems_of(twice.replace(key, "01a200b1-880c-7563-8460-cbedaa1bd06b", 1), whole=False)
