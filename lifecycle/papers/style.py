"""How a slip looks: half a sheet of A4, ruled like the forms that people know.

Every table has a fixed layout: to measure what people typed, letter by letter, takes minutes when it is long.
"""

from __future__ import annotations

FONTS = (
    '"Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC"'
)
"""Asked for in this order; the system's own font for Chinese when it has none of them."""

STYLE = """
@page { size: A5 landscape; margin: 11mm 12mm 13mm; }
* { box-sizing: border-box; }
body { margin: 0; font: 9pt/1.45 FONTS, sans-serif; color: #111; }
header { position: relative; min-height: 19mm; text-align: center; padding: 0 24mm; }
.organisation { font-size: 8.5pt; color: #444; letter-spacing: .12em; }
h1 { margin: 0; font-size: 17pt; font-weight: bold; letter-spacing: .45em; padding-left: .45em; }
h1.latin { letter-spacing: .04em; padding-left: 0; }
.subtitle { font-size: 7.5pt; color: #555; letter-spacing: .06em; }
.code { position: absolute; left: 0; top: 0; width: 18mm; height: 18mm; }
.code svg { width: 18mm; height: 18mm; }
.number { position: absolute; right: 0; top: 1mm; text-align: right; font-size: 8pt; }
.number strong { display: block; color: #b3121d; font-size: 10.5pt; letter-spacing: .02em; white-space: nowrap; }
.mark { display: inline-block; margin-top: 1mm; border: .35mm solid #b3121d; color: #b3121d; padding: 0 1.6mm;
  font-size: 8pt; font-weight: bold; }
table { width: 100%; border-collapse: collapse; margin: 0 0 -.25mm; table-layout: fixed; }
th, td { border: .25mm solid #333; padding: .9mm 1.6mm; text-align: left; vertical-align: middle;
  overflow-wrap: anywhere; }
th { width: 24mm; background: #f3f1ea; font-weight: normal; color: #333; text-align: center; }
td.pre { white-space: pre-wrap; }
table.head th { width: 15mm; } table.head td.wide { width: 32mm; }
table.head th, table.head td { font-size: 7.5pt; padding: .5mm 1.2mm; }
table.rows th { width: auto; } table.rows th.nr, table.rows td.nr { width: 9mm; text-align: center; }
table.rows caption { caption-side: top; text-align: center; border: .25mm solid #333; border-bottom: 0;
  background: #f3f1ea; padding: .5mm; }
table.rows thead { display: table-header-group; } tr { break-inside: avoid; }
.close { display: flex; border: .25mm solid #333; min-height: 27mm; break-inside: avoid; }
.signatures { flex: 1; display: flex; flex-wrap: wrap; align-content: flex-start; padding: 1mm 2mm; }
.signature { width: 50%; padding: 1mm 3mm 1mm 0; }
.signature b { font-weight: normal; color: #333; }
.line { border-bottom: .25mm solid #333; min-height: 6.5mm; padding-top: 1.6mm; }
.seal { width: 38mm; border-left: .25mm solid #333; text-align: center; color: #999; padding-top: 10mm;
  letter-spacing: .2em; }
.void { position: fixed; top: 38mm; left: 42mm; font-size: 60pt; color: rgba(179, 18, 29, .22); border: 1.2mm solid;
  padding: 0 8mm; transform: rotate(-16deg); }
""".replace("FONTS", FONTS)

MARGIN = """
@page {
  @bottom-left { content: LEFT; font: 6.5pt FONTS, sans-serif; color: #555; white-space: pre; }
  @bottom-right { content: RIGHT; font: 6.5pt FONTS, sans-serif; color: #555; white-space: pre; }
}
""".replace("FONTS", FONTS)


def margins(foot: str, page: tuple[str, str, str]) -> str:
    """Return what stands in the margin of every page. page: what is around its number and the number of all."""
    before, between, after = map(quoted, page)
    numbers = f"{before} counter(page) {between} counter(pages) {after}"
    return MARGIN.replace("RIGHT", numbers).replace("LEFT", quoted(foot))


def quoted(text: str) -> str:
    """Return a text as a string of CSS, in which nothing but letters, digits and spaces stands for itself."""
    return '"' + "".join(one if one.isalnum() or one == " " else f"\\{ord(one):06x}" for one in text) + '"'
