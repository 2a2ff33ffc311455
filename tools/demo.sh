#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Builds the examples, fetches the real model and runs both of its examples; installs what is missing first.
# Without the model (offline) it says so and runs the walk-throughs of multi-head attention instead.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1-} in
  '') ;;
  -h | --help) sed -n '3,4s/^# \{0,1\}//p' tools/demo.sh; exit 0 ;;
  *) echo "demo: there is nothing to choose; got '$1'" >&2; exit 1 ;;
esac

tools/setup.sh demo
mkdir -p build/log

quietly() {
  "$@" >build/log/demo 2>&1 || {
    tail -n 40 build/log/demo >&2
    echo "demo: this failed: $*" >&2
    exit 1
  }
}
echo "demo: building"
quietly cmake --preset release
quietly cmake --build --preset release -j "${JOBS:-$(nproc)}"
bin=build/release/examples

# show PROGRAM ARGUMENT…: the command as one would type it, then what it prints.
show() {
  local word
  printf '\n$'
  for word in "$@"; do
    [[ $word =~ ^[A-Za-z0-9_./-]+$ ]] || word=${word@Q}
    printf ' %s' "$word"
  done
  printf '\n'
  "$@"
}

if tools/fetch_model.sh; then
  show $bin/sentence_similarity 'How do I reset my password?' 'I forgot my login and cannot get in.' \
    'The cat sat on the mat.' 'A kitten is sitting on a rug.'
  show $bin/attention_map 'The cat sat on the mat.' --svg build/attention_map.svg
  echo
  echo "demo: the picture is build/attention_map.svg"
else
  echo "demo: the model is not here and could not be fetched, so here are the walk-throughs, which need none."
  found=false
  for source in examples/*.cpp; do
    [ -e "$source" ] || continue
    found=true
    show "$bin/$(basename "$source" .cpp)"
  done
  $found || { echo "demo: there are no walk-throughs in examples/" >&2; exit 1; }
fi
