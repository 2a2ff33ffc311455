#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Builds and runs all tests; installs what is missing first. The last line is the sum: N passed, N failed.
#
#   tools/test.sh [PRESET…]    presets of CMakePresets.json; default: gcc clang clang-asan-ubsan
#
# What fails stops nothing that comes after it. Each step's whole output lies in build/log/. Tests of the real model are
# skipped where it cannot be fetched.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1-} in
  -h | --help) sed -n '3,8s/^# \{0,1\}//p' tools/test.sh; exit 0 ;;
esac
presets=("$@")
[ $# -gt 0 ] || presets=(gcc clang clang-asan-ubsan)

tools/setup.sh test
known=$(cmake --list-presets=test | sed -n 's/^ *"\(.*\)".*/\1/p')
for preset in "${presets[@]}"; do
  grep -qxF -- "$preset" <<<"$known" || {
    echo "test: there is no preset '$preset'; there is: ${known//$'\n'/, }" >&2
    exit 1
  }
done

tools/fetch_model.sh >/dev/null 2>&1 ||
  echo "test: the real model is not here and cannot be fetched, so its tests are skipped (tools/fetch_model.sh says why)"

jobs=${JOBS:-$(nproc)}
mkdir -p build/log
passed=0
failed=0

# step NAME COMMAND…: runs it, its output to build/log/PRESET.NAME; says how long it took.
step() {
  local name=$1 start=$SECONDS
  shift
  log=build/log/$preset.$name
  printf '%-18s %-10s' "$preset" "$name"
  if "$@" >"$log" 2>&1; then
    echo "$((SECONDS - start)) s"
  else
    echo "failed after $((SECONDS - start)) s ($log)"
    return 1
  fi
}

for preset in "${presets[@]}"; do
  if ! step configure cmake --preset "$preset"; then
    cat "$log" >&2
    failed=$((failed + 1))
    continue
  fi
  # -k 0: a file that does not compile hides no other one.
  if ! step build cmake --build --preset "$preset" -j "$jobs" -- -k 0; then
    # The files that failed and what the compilers say, without the notes around it.
    grep -E '^FAILED: |error:|Error |undefined reference' "$log" | cut -c 1-400 | uniq | head -n 60 >&2 || true
    failed=$((failed + 1))
  fi
  ok=true
  step ctest ctest --preset "$preset" -j "$jobs" || ok=false
  sum=$(sed -n 's/.*, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$log")
  if [ -z "$sum" ]; then
    echo "test: ctest ran no tests" >&2
    tail -n 5 "$log" >&2
    failed=$((failed + 1))
    continue
  fi
  read -r bad all <<<"$sum"
  passed=$((passed + all - bad))
  failed=$((failed + bad))
  if ! $ok; then sed -n '/^The following tests FAILED/,$p' "$log" >&2; fi
  if ! $ok && [ "$bad" -gt 0 ]; then grep -E 'error: |fatal|ERROR: |runtime error' "$log" | head -n 40 >&2 || true; fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
