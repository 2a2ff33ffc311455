#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Builds the documentation as a site of its own: build/site/index.html. It needs no network, neither does who reads it.
#
#   tools/site.sh              builds it
#   tools/site.sh --links      builds it, and follows each link
#   tools/site.sh --check      builds it, follows each link, and looks at each page in a browser (Chromium)
#   tools/site.sh --serve      builds it, and serves it at http://localhost:8000, as search wants it
#
# Needs MkDocs and its theme Material, --check Chromium too: tools/setup.sh docs installs them (Debian, Ubuntu).
# CONFORM_SITE_BUILD: another folder than build.
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-}
case $what in
  "" | --links | --check | --serve) ;;
  -h | --help) sed -n '3,11s/^# \{0,1\}//p' tools/site.sh; exit 0 ;;
  *) echo "site: '$what' is none of --links, --check, --serve" >&2; exit 1 ;;
esac

# Debian's MkDocs belongs to Debian's Python, whatever python3 is first in the path.
python=
for each in python3 /usr/bin/python3; do
  if "$each" -c 'from mkdocs.theme import Theme; Theme("material")' 2>/dev/null; then python=$each; break; fi
done
if [ -z "$python" ]; then
  echo "site: MkDocs or its theme Material is missing. Debian, Ubuntu: tools/setup.sh docs. Elsewhere: MkDocs 1.4, mkdocs-material 8 or 9." >&2
  exit 1
fi

build=${CONFORM_SITE_BUILD:-$PWD/build}
"$python" tools/site.py "$build/site_source"
"$python" -m mkdocs --quiet build --strict --clean --config-file "$build/site_source/mkdocs.yml" --site-dir "$build/site"
"$python" tools/site.py --trim-search "$build/site"
echo "site: $build/site/index.html"
case $what in
  --links) "$python" tests/site/check.py "$build/site" --links ;;
  --check) "$python" tests/site/check.py "$build/site" ;;
  --serve) exec "$python" -m http.server --bind localhost --directory "$build/site" 8000 ;;
esac
