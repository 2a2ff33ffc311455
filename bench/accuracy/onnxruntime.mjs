// SPDX-License-Identifier: BSL-1.0
// Computes the cases of accuracy.cpp with ONNX Runtime: its operator Attention (opset 23) in float.
//
//   node onnxruntime.mjs FOLDER    reads FOLDER/cases and NUMBER.WHAT, writes NUMBER.onnxruntime; prints the version
//
// Exits with 1 where there is no onnxruntime-node. What the operator does not have is left out: sinks, and softcap beside a mask,
// whose order opset 23 leaves open. Everything that hides a key, alibi and biases go into its mask of float.
import { readFileSync, writeFileSync } from 'node:fs';
import { model, node, runtime, typed } from '../attention/peers/onnx_model.mjs';

const HEADS = 2, WIDTH = 64;
const folder = process.argv[2];
const { ort, missing } = runtime();
if (missing) {
  console.error(missing);
  process.exit(1);
}

// What is added to each score, or null.
const mask_of = (words, read, tokens, keys) => {
  if (!['causal', 'window', 'visible', 'keys', 'alibi', 'bias'].some((word) => word in words)) return null;
  const mask = 'bias' in words ? read('bias', Float32Array) : new Float32Array(HEADS * tokens * keys);
  const slopes = 'alibi' in words ? read('slopes', Float32Array) : null;
  const visible = 'visible' in words ? read('visible', Uint8Array) : null;
  const length = 'keys' in words ? Math.floor((2 * keys + 2) / 3) : keys;
  for (let h = 0, i = 0; h < HEADS; ++h)
    for (let t = 0; t < tokens; ++t)
      for (let s = 0; s < keys; ++s, ++i) {
        const behind = s - (t + keys - tokens);
        if (slopes) mask[i] -= slopes[h] * Math.abs(behind);
        if (('causal' in words && behind > 0) || ('window' in words && behind < -Number(words.window)) || s >= length ||
            (visible && !visible[t * keys + s]))
          mask[i] = -Infinity;
      }
  return mask;
};

for (const line of readFileSync(`${folder}/cases`, 'utf8').split('\n')) {
  if (line === '') continue;
  const [number, , , , tokens_of_it, keys_of_it, text = ''] = line.split('\t');
  const tokens = Number(tokens_of_it), keys = Number(keys_of_it);
  const words = Object.fromEntries(text.split(' ').filter((x) => x).map((x) => x.split('=')));
  const read = (what, Type) => {
    const bytes = readFileSync(`${folder}/${number}.${what}`);
    return new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  };
  const mask = mask_of(words, read, tokens, keys);
  if ('sinks' in words || ('softcap' in words && mask)) continue;
  const shared = 'shared' in words ? 1 : HEADS;
  const of_keys = [1, shared, keys, WIDTH];
  const some = (what) => read(what, Float32Array).subarray(0, shared * keys * WIDTH);
  const inputs = [['q', [1, HEADS, tokens, WIDTH], read('q', Float32Array)], ['k', of_keys, some('k')], ['v', of_keys, some('v')]];
  if (mask) inputs.push(['mask', [1, HEADS, tokens, keys], mask]);
  const floats = Object.fromEntries(['scale', 'softcap'].filter((x) => x in words).map((x) => [x, Number(words[x])]));
  const attention = node('Attention', inputs.map(([name]) => name), ['y'], {}, floats);
  const bytes = model([attention], [], inputs.map(([name, dims]) => typed(name, dims)), [typed('y', inputs[0][1])]);
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const feeds = Object.fromEntries(inputs.map(([name, dims, data]) => [name, new ort.Tensor('float32', data, dims)]));
  writeFileSync(`${folder}/${number}.onnxruntime`, (await session.run(feeds)).y.data);
  await session.release();
}
console.log(ort.env.versions.node);
