#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Prints what Conform costs a compiler, against its budget: a named operation 2 ms, the whole library included 0.6 s, a
# translation unit with a multi-head attention 2 s, for the first compiler on one core.
#
#   bench/compile_time/measure.sh [--check] [--compiled] [COMPILER…]    default: g++ clang++-19, those that are there
#   --check     ends with 1 where something is over its budget
#   --compiled  fills the second column for operations as well, which takes several times as long
#   RUNS (3): runs of which the median counts. BLIS_INCLUDE: the folder of blis.h, where it is not a usual one.
#
# An operation's cost is (a file with 40 uses of it, each on other extents) - (the same file with the operands only),
# divided by 40: the operands' own types are not counted, its result is. "checked" is -fsyntax-only, "compiled" -O0 -c.
# User and system time of the compiler are added, so that a busy machine disturbs little. The same attention is compiled in
# Eigen, xtensor and PyTorch's C++ too (Debian: libeigen3-dev, libxtensor-dev, libtorch-dev), where they are.
set -euo pipefail
cd "$(dirname "$0")/../.."

check=false
with_code=false
while true; do
  case ${1-} in
    --check) check=true ;;
    --compiled) with_code=true ;;
    *) break ;;
  esac
  shift
done
case ${1-} in
  -h | --help) sed -n '3,14s/^# \{0,1\}//p' bench/compile_time/measure.sh; exit 0 ;;
  -*) echo "measure: unknown option '$1'" >&2; exit 1 ;;
esac
compilers=("$@")
if [ $# -eq 0 ]; then
  for each in g++ clang++-19; do
    if command -v "$each" >/dev/null; then compilers+=("$each"); fi
  done
fi
[ ${#compilers[@]} -gt 0 ] || { echo "measure: neither g++ nor clang++-19 is there; name a compiler" >&2; exit 1; }

flags=(-std=c++20 -Iinclude)
for dir in "${BLIS_INCLUDE-}" "/usr/include/$(uname -m)-linux-gnu/blis-serial"; do
  if [ -n "$dir" ] && [ -e "$dir/blis.h" ]; then flags+=(-isystem "$dir"); break; fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uses=40
runs=${RUNS:-3}

# Operands (@ stands for a number that differs in each use), and the operation.
operations=(
  '(a tensor)|std::array<int, 1>& x|tensor<float, token<@>, embed<3>>()'
  'split|tensor<float, token<@>, embed<12>>& x|split<embed, head<3>, head_dim<4>>(x)'
  'merge|tensor<float, token<@>, head<3>, head_dim<4>>& x|merge<embed, head, head_dim>(x)'
  'transpose|tensor<float, token<@>, head<3>>& x|transpose<token, head>(x)'
  'permute|tensor<float, batch<2>, token<@>, head<3>, head_dim<4>>& x|permute<batch, head, token, head_dim>(x)'
  'rename|tensor<float, token<@>, embed<3>>& x|rename<token, key>(x)'
  'slice|tensor<float, token<@>, embed<3>>& x|slice<token, 1, 2>(x)'
  'chunk|tensor<float, token<@>, embed<12>>& x|chunk<embed, 3>(x)'
  'contiguous|tensor<float, token<@>, embed<3>>& x|contiguous(x)'
  'concat|tensor<float, token<@>, embed<3>>& x|concat<embed>(x, x)'
  'matmul|tensor<float, token<@>, embed<3>>& x, tensor<float, key<5>, embed<3>>& y|matmul<embed>(x, y)'
  'matmul, batched|tensor<float, batch<2>, head<3>, token<@>, embed<3>>& x, tensor<float, batch<2>, head<3>, key<5>, embed<3>>& y|matmul<embed>(x, y)'
  'matmul, run time|tensor<float, batch<dyn<"B">>, token<@>, embed<3>>& x, tensor<float, batch<dyn<"B">>, key<dyn<"T">>, embed<3>>& y|matmul<embed>(x, y)'
  'scaled|tensor<float, token<@>, embed<3>>& x|scaled(x, 2.f)'
  'add|tensor<float, token<@>, embed<3>>& x, tensor<float, embed<3>>& y|x + y'
  'softmax|tensor<float, token<@>, key<3>>& x|softmax<key>(x)'
  'sum|tensor<float, token<@>, key<3>>& x|sum<key>(x)'
  'layer_norm|tensor<float, token<@>, embed<3>>& x, tensor<float, embed<3>>& y|layer_norm<embed>(x, y, y, 1e-5f)'
  'relu|tensor<float, token<@>, embed<3>>& x|relu(x)'
  'attention|tensor<float, token<@>, head_dim<4>>& x, tensor<float, key<5>, head_dim<4>>& y|attention(x, y, y)'
)

# files OPERANDS EXPRESSION: writes operands.cpp and uses.cpp.
files() {
  local i operands names=x
  [[ $1 != *'& y'* ]] || names='x, y'
  for kind in operands uses; do
    {
      echo '#include <conform/conform.hpp>'
      echo 'using namespace conform;'
      echo 'template <class... X> void touch(X&... each) { ((void)each.data(), ...); }'
      for ((i = 0; i < uses; ++i)); do
        operands=${1//@/$((1000 + i))}
        if [ $kind = uses ]; then
          echo "auto f$i($operands) { touch($names); return ${2//@/$((1000 + i))}; }"
        else
          echo "void f$i($operands) { touch($names); }"
        fi
      done
    } >"$work/$kind.cpp"
  done
}

# milliseconds COMMAND…: the median of its user and system time.
milliseconds() {
  local i TIMEFORMAT='%3U %3S' log=$work/log
  for ((i = 0; i < runs; ++i)); do
    { time "$@" >"$log" 2>&1 || echo failed >"$work/failed"; } 2>"$work/time"
    if [ -e "$work/failed" ]; then
      head -n 12 "$log" >&2
      echo "measure: this does not compile: $*" >&2
      return 1
    fi
    awk '{ printf "%d\n", ($1 + $2) * 1000 + 0.5 }' "$work/time"
  done | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

over=0
# row NAME CHECKED COMPILED BUDGET COUNTED: in milliseconds; COUNTED is what the budget is about.
row() {
  local verdict=''
  if [ -n "$4" ] && awk "BEGIN { exit !($5 > $4) }"; then
    verdict='over'
    over=$((over + 1))
  fi
  printf '  %-22s %9s %9s %9s  %s\n' "$1" "$2" "$3" "$4" "$verdict"
}

budget=yes
for compiler in "${compilers[@]}"; do
  printf '%s\n' "$("$compiler" --version | head -n 1)"
  printf '  %-22s %9s %9s %9s\n' 'milliseconds' checked compiled budget

  echo '#include <conform/conform.hpp>' >"$work/include.cpp"
  cat >"$work/layer.cpp" <<'CPP'
#include <conform/conform.hpp>
using namespace conform;
int main() {
  tensor<float, batch<2>, token<16>, embed<512>> x;
  multi_head_attention<float, embed<512>, head<8>> mha;
  return mha(x, causal).data() == nullptr;
}
CPP
  for file in include layer; do
    checked=$(milliseconds "$compiler" "${flags[@]}" -fsyntax-only "$work/$file.cpp")
    compiled=$(milliseconds "$compiler" "${flags[@]}" -O0 -c -o "$work/out.o" "$work/$file.cpp")
    case $file in
      include) row 'conform.hpp' "$checked" "$compiled" "${budget:+600}" "$checked" ;;
      layer) row 'multi_head_attention' "$checked" "$compiled" "${budget:+2000}" "$compiled" ;;
    esac
  done

  # The same attention written with what others have, where their headers are.
  for peer in eigen xtensor libtorch; do
    source=bench/compile_time/peers/$peer.cpp
    peer_flags=(-std=c++20 -isystem /usr/include/eigen3)
    # Its headers do not compile as C++20 with every compiler.
    [ $peer != libtorch ] || peer_flags=(-std=c++17 -isystem /usr/include/torch/csrc/api/include)
    if ! "$compiler" "${peer_flags[@]}" -fsyntax-only "$source" >"$work/log" 2>&1; then
      printf '  %-22s not measured: %s\n' "in $peer" "$(grep -m 1 'error' "$work/log" | sed 's/.*error: //' | cut -c 1-70)"
      continue
    fi
    checked=$(milliseconds "$compiler" "${peer_flags[@]}" -fsyntax-only "$source")
    compiled=$(milliseconds "$compiler" "${peer_flags[@]}" -O0 -c -o "$work/out.o" "$source")
    row "in $peer" "$checked" "$compiled" '' ''
  done

  for each in "${operations[@]}"; do
    IFS='|' read -r name operands expression <<<"$each"
    files "$operands" "$expression"
    cost() { awk "BEGIN { printf \"%.1f\", ($2 - $1) / $uses }"; }
    without=$(milliseconds "$compiler" "${flags[@]}" -fsyntax-only "$work/operands.cpp")
    with=$(milliseconds "$compiler" "${flags[@]}" -fsyntax-only "$work/uses.cpp")
    checked=$(cost "$without" "$with")
    compiled=''
    if $with_code; then
      without=$(milliseconds "$compiler" "${flags[@]}" -O0 -c -o "$work/out.o" "$work/operands.cpp")
      with=$(milliseconds "$compiler" "${flags[@]}" -O0 -c -o "$work/out.o" "$work/uses.cpp")
      compiled=$(cost "$without" "$with")
    fi
    limit=${budget:+2}
    [[ $name != '('* ]] || limit=  # not an operation: there for comparison
    row "$name" "$checked" "$compiled" "$limit" "$checked"
  done
  budget=  # it is the first compiler's
done

if $check && [ $over -gt 0 ]; then
  echo "measure: $over over budget" >&2
  exit 1
fi
