// SPDX-License-Identifier: BSL-1.0
// Reads the recogniser of PaddleOCR from ONNX, by onnx-proto, and writes two files for examples/models/ocr_encoder.cpp:
//   encoder.safetensors   the weights of its two transformer blocks, under the names that PaddleOCR's source gives them
//   taps.safetensors      what goes in and comes out of these blocks, and their attention weights, while ONNX Runtime reads a
//                         line of text that is drawn here
//
//   node taps.cjs MODEL.onnx KEYS.txt DIRECTORY     needs onnx-proto and onnxruntime-node, where NODE_PATH says
'use strict';
const fs = require('fs');
const path = require('path');
const { onnx } = require('onnx-proto');
const ort = require('onnxruntime-node');

const { FLOAT } = onnx.TensorProto.DataType;

const text = 'HELLO READER';
const glyphs = {  // 5 x 7 points
  'H': '10001 10001 10001 11111 10001 10001 10001',
  'E': '11111 10000 10000 11110 10000 10000 11111',
  'L': '10000 10000 10000 10000 10000 10000 11111',
  'O': '01110 10001 10001 10001 10001 10001 01110',
  'A': '01110 10001 10001 11111 10001 10001 10001',
  'R': '11110 10001 10001 11110 10100 10010 10001',
  'D': '11110 10001 10001 10001 10001 10001 11110',
  ' ': '00000 00000 00000 00000 00000 00000 00000',
};

// Dark points on light ground, from -1 to 1, 3 equal channels: [1, 3, 48, width].
function drawn() {
  const height = 48, point = 5, left = 10, top = 6, step = 6 * point;
  const width = 2 * left + text.length * step;
  const pixels = new Float32Array(3 * height * width).fill(1);
  [...text].forEach((letter, place) => glyphs[letter].split(' ').forEach((line, i) => [...line].forEach((dot, j) => {
    if (dot !== '1') return;
    for (let c = 0; c < 3; ++c)
      for (let y = 0; y < point; ++y)
        pixels.fill(-1, (c * height + top + i * point + y) * width + left + place * step + j * point,
                    (c * height + top + i * point + y) * width + left + place * step + (j + 1) * point);
  })));
  return new ort.Tensor('float32', pixels, [1, 3, height, width]);
}

// arrays: name -> { dims, data: Float32Array }
function writeSafetensors(file, arrays) {
  const header = {}, data = [];
  let next = 0;
  for (const [name, array] of Object.entries(arrays)) {
    const bytes = Buffer.from(array.data.buffer, array.data.byteOffset, array.data.byteLength);
    header[name] = { dtype: 'F32', shape: array.dims, data_offsets: [next, next + bytes.length] };
    data.push(bytes);
    next += bytes.length;
  }
  let json = JSON.stringify(header);
  json = json.padEnd(Math.ceil(json.length / 8) * 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  fs.writeFileSync(file, Buffer.concat([length, Buffer.from(json), ...data]));
}

// ONNX's name of each part, and PaddleOCR's.
function parts() {
  const names = { 'layer_norm_47': 'norm' };
  [[43, 77], [45, 81]].forEach(([norm, linear], block) => {
    const at = `svtr_block.${block}.`;
    names[`layer_norm_${norm}`] = at + 'norm1';
    names[`linear_${linear}`] = at + 'mixer.qkv';
    names[`linear_${linear + 1}`] = at + 'mixer.proj';
    names[`layer_norm_${norm + 1}`] = at + 'norm2';
    names[`linear_${linear + 2}`] = at + 'mlp.fc1';
    names[`linear_${linear + 3}`] = at + 'mlp.fc2';
  });
  return names;
}
const taps = {
  'transpose_43.tmp_0': 'x', 'p2o.Add.251': 'block0', 'p2o.Add.271': 'block1', 'p2o.Add.275': 'y',
  'softmax_9.tmp_0': 'weights0', 'softmax_10.tmp_0': 'weights1',
};

async function main() {
  const [file, keys, folder] = process.argv.slice(2);
  const model = onnx.ModelProto.decode(fs.readFileSync(file));

  const constants = new Map(
      model.graph.node.filter((n) => n.opType === 'Constant').map((n) => [n.output[0], n.attribute[0].t]));
  const weights = {};
  for (const [there, here] of Object.entries(parts()))
    for (const [suffix, name] of [['w_0', 'weight'], ['b_0', 'bias']]) {
      const t = constants.get(`${there}.${suffix}`);
      if (!t || t.dataType !== FLOAT) throw new Error(`no floats ${there}.${suffix} in ${file}`);
      const bytes = Buffer.from(t.rawData);  // a copy, aligned as its floats
      weights[`${here}.${name}`] = { dims: t.dims.map(Number), data: new Float32Array(new Uint8Array(bytes).buffer) };
    }
  writeSafetensors(path.join(folder, 'encoder.safetensors'), weights);

  for (const name of Object.keys(taps))
    model.graph.output.push(onnx.ValueInfoProto.create({ name, type: { tensorType: { elemType: FLOAT } } }));
  const session = await ort.InferenceSession.create(onnx.ModelProto.encode(model).finish());
  const results = await session.run({ [session.inputNames[0]]: drawn() });
  writeSafetensors(path.join(folder, 'taps.safetensors'),
                   Object.fromEntries(Object.entries(taps).map(([there, here]) => [here, results[there]])));

  // What it reads: the likeliest sign at each place, repeated ones and blanks left out.
  const signs = ['', ...fs.readFileSync(keys, 'utf8').trimEnd().split('\n'), ' '];
  const { dims: [, places, count], data } = results[session.outputNames[0]];
  let read = '', before = 0;
  for (let t = 0; t < places; ++t) {
    const of = data.subarray(t * count, (t + 1) * count);
    const best = of.indexOf(Math.max(...of));
    if (best !== before) read += signs[best];
    before = best;
  }
  console.log(`ONNX Runtime reads '${read}' at ${places} places of the drawn '${text}'`);
  if (read !== text) throw new Error('that is not what was drawn');
}

main().catch((error) => {
  console.error(`taps: ${error.message}`);
  process.exit(1);
});
