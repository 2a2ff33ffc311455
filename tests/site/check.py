#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks the site that tools/site.sh builds, page by page.

  check.py SITE [--links] [--screenshots FOLDER]

Links, anchors and pictures lead to something, and nothing is loaded from elsewhere. Then, without --links, in Chromium by its
driver, light and dark: no page is wider than a phone of 375 pixels, text stands out from what it stands on, nothing is logged
as an error, no request leaves the site, the search finds what it must, and the cheat sheet is printed on one sheet. Each
complaint is a line; exit status 1.
"""
import base64
import functools
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

PHONE, DESKTOP = (375, 812), (1280, 900)
CONTRAST = 4.5  # WCAG 2.1, level AA
SEARCHES = {"concat": "reference/concat.html", "C013": "errors/C013.html", "causal": "reference/causal.html"}
PICTURES = {"landing": "index.html", "tutorial": "tutorial/05_views.html", "reference": "reference/concat.html",
            "error": "errors/C011.html", "museum": "museum/index.html", "speed": "speed.html",
            "cheat_sheet": "cheat_sheet.html"}

# What does not stand out: [[selector, text, contrast]]. A color behind is the nearest that is not transparent.
FAINT = """
document.head.insertAdjacentHTML('beforeend', '<style>* { transition: none !important; }</style>');
const parse = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3]));
const light = rgb => rgb.map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const known = new Map();
const behind = node => {
  if (!node) return [255, 255, 255];
  if (!known.has(node)) known.set(node, over(parse(getComputedStyle(node).backgroundColor), behind(node.parentElement)));
  return known.get(node);
};
const faint = {};
for (const node of document.querySelectorAll('.md-content p, .md-content li, .md-content td, .md-content th, .md-content h1,'
    + '.md-content h2, .md-content a:not(.headerlink), .md-content code, .md-content pre span, .md-content summary')) {
  if (![...node.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()) || !node.getClientRects().length) continue;
  const back = behind(node), front = over(parse(getComputedStyle(node).color), back);
  const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
  const contrast = (a + 0.05) / (b + 0.05), what = node.tagName.toLowerCase() + '.' + node.className;
  if (contrast < arguments[0] && !(what in faint)) faint[what] = [what, node.textContent.trim().slice(0, 30), contrast];
}
return [Object.values(faint), getComputedStyle(document.body).backgroundColor];
"""


class Page(HTMLParser):
    """The anchors of a page, where its links lead, and what it loads."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.loads, self.text_of = set(), [], [], ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        self.anchors.update(of[key] for key in ("id", "name") if of.get(key))
        if tag == "a" and of.get("href"):
            self.links.append(of["href"])
        if tag in ("script", "img", "iframe", "source") and of.get("src"):
            self.loads.append(of["src"])
        if tag == "link" and of.get("rel") in ("stylesheet", "icon", "preconnect", "preload", "manifest"):
            self.loads.append(of.get("href", ""))


def check_links(site):
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    broken = []
    for path, page in pages.items():
        name = path.relative_to(site)
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loads and parts.scheme != "data":
                    broken.append(f"{name}: loads {link} from elsewhere")
                continue
            if name.name == "404.html":
                continue  # its links are those of the site's root, wherever it is shown
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                broken.append(f"{name}: {link} leads nowhere")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                broken.append(f"{name}: there is no anchor {link}")
    for style in site.rglob("*.css"):
        if "url(http" in style.read_text(encoding="utf-8"):
            broken.append(f"{style.relative_to(site)}: loads from elsewhere")
    return pages, broken


class Browser:
    """Chromium, as its driver has it."""

    def __init__(self):
        with socket.socket() as any_port:
            any_port.bind(("localhost", 0))
            port = any_port.getsockname()[1]
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.root = f"http://localhost:{port}"
        for _ in range(100):
            try:
                self.call("GET", "/status")
                break
            except OSError:
                time.sleep(0.1)
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"]}
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
        self.root += f"/session/{made['sessionId']}"

    def call(self, method, path, data=None):
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.root + path, body, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def cdp(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def open(self, address):
        self.call("POST", "/url", {"url": address})

    def look(self, size, scheme):
        self.cdp("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=size == PHONE)
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(10)


def check_page(browser, root, name):
    broken, backgrounds = [], []
    for scheme in ("light", "dark"):
        browser.look(PHONE, scheme)
        browser.open(f"{root}/{name}")
        wide = browser.run("return document.documentElement.scrollWidth")
        if wide > PHONE[0]:
            broken.append(f"{name}: {wide} pixels wide on a phone of {PHONE[0]}")
        faint, background = browser.run(FAINT, CONTRAST)
        backgrounds.append(background)
        browser.run("localStorage.clear()")  # the theme keeps what it chose
        broken += [f"{name}: {scheme}: {what} ({text}) has a contrast of {contrast:.2f}" for what, text, contrast in faint]
    if backgrounds[0] == backgrounds[1]:
        broken.append(f"{name}: light and dark are the same, {backgrounds[0]}")
    broken += [f"{name}: {entry['message']}" for entry in browser.log("browser") if entry["level"] == "SEVERE"]
    for entry in browser.log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            address = message["params"]["request"]["url"]
            if not address.startswith((root, "data:", "blob:")):
                broken.append(f"{name}: asks {address}")
    return broken


def check_search(browser, root):
    broken = []
    browser.look(DESKTOP, "light")
    for words, wanted in SEARCHES.items():
        browser.open(f"{root}/index.html")
        browser.run("""const field = document.querySelector('input.md-search__input'); field.focus();
          field.value = arguments[0]; field.dispatchEvent(new Event('input', {bubbles: true}));
          field.dispatchEvent(new KeyboardEvent('keyup', {bubbles: true}));""", words)
        found = []
        for _ in range(60):
            found = browser.run("return [...document.querySelectorAll('a.md-search-result__link')].map(a => a.pathname)")
            if found:
                break
            time.sleep(0.25)
        if not any(path.endswith(wanted) for path in found[:10]):
            broken.append(f"search: {words} does not find {wanted} among the first ten, but {found[:10]}")
    return broken


def check_print(browser, root):
    browser.look(DESKTOP, "light")
    browser.open(f"{root}/cheat_sheet.html")
    paper = base64.b64decode(browser.cdp("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=True)["data"])
    sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
    return [] if sheets == 1 else [f"cheat_sheet.html: {sheets} sheets of paper"]


def take_screenshots(browser, root, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for what, name in PICTURES.items():
        for look, size, scheme in (("light", DESKTOP, "light"), ("dark", DESKTOP, "dark"), ("phone", PHONE, "light")):
            browser.look(size, scheme)
            browser.open(f"{root}/{name}")
            time.sleep(0.3)
            browser.screenshot(folder / f"{what}_{look}.png")
            browser.run("localStorage.clear()")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def main(arguments):
    links_only = "--links" in arguments
    arguments = [argument for argument in arguments if argument != "--links"]
    if len(arguments) not in (1, 3) or len(arguments) == 3 and arguments[1] != "--screenshots":
        print(__doc__.strip())
        return 2
    site = Path(arguments[0]).resolve()
    if not (site / "index.html").is_file():
        print(f"{site} has no site: tools/site.sh builds one")
        return 1
    pages, broken = check_links(site)
    if not links_only:
        if not shutil.which("chromedriver"):
            print("chromedriver is missing. Debian, Ubuntu: apt-get install chromium chromium-driver")
            return 1
        server = ThreadingHTTPServer(("localhost", 0), functools.partial(Quiet, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://localhost:{server.server_port}"
        browser = Browser()
        try:
            for path in pages:
                if path.name != "404.html":
                    broken += check_page(browser, root, path.relative_to(site).as_posix())
            broken += check_search(browser, root)
            broken += check_print(browser, root)
            if len(arguments) == 3:
                take_screenshots(browser, root, Path(arguments[2]))
        finally:
            browser.close()
    for line in broken:
        print(line)
    print(f"{len(pages)} pages: {len(broken)} complaints")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
