#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Runs cases that others wrote through Conform: a line a case, then N passed, M failed, K unsupported.
#
#   tools/conformance.sh [--allow-unsupported] [--jobs N] [--keep DIR] DIR…
#   DIR                  a case, or a folder with cases at any depth: docs/conformance.md says what a case is
#   --allow-unsupported  ends with 0 although some cases are not supported
#   --jobs N             how many compilers run at a time (default: JOBS, or one a processor)
#   --keep DIR           where the generated programs stay
#   CXX (g++), CXXFLAGS, BLIS_ROOT: the compiler, more flags for it, and where BLIS is installed
#
# Ends with 0 where all cases passed, with 1 otherwise. Needs Python 3.9, no packages.
set -euo pipefail
here=$(dirname "$0")

case ${1-} in
  -h | --help) sed -n '3,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
  '') echo "conformance: name a folder of cases (--help says more)" >&2; exit 1 ;;
esac
exec python3 "$here/conformance/run.py" "$@"
