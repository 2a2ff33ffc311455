// SPDX-License-Identifier: BSL-1.0
// ONNX Runtime as a peer of bench/attention: answers the lines that programs.cpp describes. Needs onnxruntime-node from npm, in
// a folder node_modules here or above, or where NODE_PATH says.
//
// Attention is ONNX's operator Attention (opset 23); a layer is that between MatMul and Add, with cached keys as past_key and
// past_value, which the operator copies.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// Protocol buffers, as far as a model needs them.
const varint = (n) => {
  const bytes = [];
  for (let rest = BigInt(n); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
};
const field = (id, value) => {
  if (typeof value === 'number') return Buffer.concat([varint(id << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((id << 3) | 2), varint(bytes.length), bytes]);
};
const message = (...fields) => Buffer.concat(fields);

// onnx.proto
const FLOAT = 1, INT = 2;
const attribute = (name, value) => message(field(1, name), field(3, value), field(20, INT));
const node = (type, inputs, outputs, attributes = {}) =>
  message(...inputs.map((x) => field(1, x)), ...outputs.map((x) => field(2, x)), field(4, type),
          ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))));
const constant = (name, dims, data) =>
  message(...dims.map((d) => field(1, d)), field(2, FLOAT), field(8, name),
          field(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
const typed = (name, dims) => {
  const shape = message(...dims.map((d) => field(1, field(1, d))));
  return message(field(1, name), field(2, field(1, message(field(1, FLOAT), field(2, shape)))));
};
const model = (nodes, constants, inputs, outputs) =>
  message(field(1, 10),  // the version of the format
          field(7, message(...nodes.map((n) => field(1, n)), field(2, 'layer'), ...constants.map((c) => field(5, c)),
                           ...inputs.map((i) => field(11, i)), ...outputs.map((o) => field(12, o)))),
          field(8, message(field(1, ''), field(2, 23))));

const resident = (what) => Number(readFileSync('/proc/self/status', 'utf8').match(new RegExp(`${what}:\\s+(\\d+)`))[1]) * 1024;
const median = (x) => x.sort((a, b) => a - b)[x.length >> 1];

let ort;
class Problem {
  async prepare(kind, ...rest) {
    const [batch, tokens, keys, heads, depth, causal, threads] = rest.slice(0, 7).map(Number);
    const width = heads * depth, cached = keys - tokens;
    if (causal && cached !== 0) throw new Error('its causal aligns the first query with the first key');
    this.threads = threads;
    const read = (name) => {
      const bytes = readFileSync(`${rest[7]}/${name}`);
      return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    };
    this.expected = read('expected');
    const causally = { is_causal: causal };
    const input = (name, dims, data) => [name, dims, data];
    let nodes, constants = [], inputs, outputs;
    const of_keys = [batch, heads, keys, depth];
    if (kind === 'attention') {
      const of_queries = [batch, heads, tokens, depth];
      nodes = [node('Attention', ['q', 'k', 'v'], ['y'], causally)];
      inputs = [input('q', of_queries, read('q')), input('k', of_keys, read('k')), input('v', of_keys, read('v'))];
      outputs = [typed('y', of_queries)];
    } else {
      const of_tokens = [batch, tokens, width];
      for (let i = 0; i < 4; ++i)
        constants.push(constant(`w${i}`, [width, width], read(`weights${i}`)), constant(`b${i}`, [width], read(`biases${i}`)));
      const project = (x, i, y) => [node('MatMul', [x, `w${i}`], [`m${i}`]), node('Add', [`m${i}`, `b${i}`], [y])];
      const past = cached === 0 ? [] : ['', 'past_k', 'past_v'], present = cached === 0 ? [] : ['all_k', 'all_v'];
      nodes = [...project('x', 0, 'q'), ...project('x', 1, 'k'), ...project('x', 2, 'v'),
               node('Attention', ['q', 'k', 'v', ...past], ['context', ...present],
                    { ...causally, q_num_heads: heads, kv_num_heads: heads }),
               ...project('context', 3, 'y')];
      inputs = [input('x', of_tokens, read('x'))];
      outputs = [typed('y', of_tokens)];
      if (cached !== 0) {
        const before = (name) => {  // without the rows of the new tokens
          const all = read(name), some = new Float32Array(batch * heads * cached * depth);
          for (let g = 0; g < batch * heads; ++g)
            some.set(all.subarray(g * keys * depth, (g * keys + cached) * depth), g * cached * depth);
          return some;
        };
        for (const name of ['k', 'v']) inputs.push(input(`past_${name}`, [batch, heads, cached, depth], before(name)));
        outputs.push(typed('all_k', of_keys), typed('all_v', of_keys));
      }
    }
    const bytes = model(nodes, constants, inputs.map(([name, dims]) => typed(name, dims)), outputs);
    writeFileSync('/proc/self/clear_refs', '5');
    const before = resident('VmRSS');
    this.session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: threads, interOpNumThreads: 1 });
    this.feeds = Object.fromEntries(inputs.map(([name, dims, data]) => [name, new ort.Tensor('float32', data, dims)]));
    await this.call();
    this.memory = Math.max(1, resident('VmHWM') - before);
  }
  async call() { this.result = (await this.session.run(this.feeds)).y.data; }
  async run(calls) {
    // It computes on another thread than this one, so that the whole process is counted.
    const processor = () => { const { user, system } = process.cpuUsage(); return (user + system) * 1e-6; };
    const now = this.threads === 1 ? processor : () => performance.now() * 1e-3;
    const times = [];
    if (this.threads === 1) {
      // The count of processor time is coarse.
      const start = now();
      for (let i = 0; i < calls; ++i) await this.call();
      return (now() - start) / calls;
    }
    for (let i = 0; i < calls; ++i) {
      const start = now();
      await this.call();
      times.push(now() - start);
    }
    return median(times);
  }
  difference() {
    let most = 0;
    for (let i = 0; i < this.expected.length; ++i) {
      const d = Math.abs(this.result[i] - this.expected[i]);
      if (!(d <= most)) most = Number.isNaN(d) ? Infinity : d;
    }
    return most;
  }
}

let missing = '';
try {
  ort = createRequire(import.meta.url)('onnxruntime-node');
} catch (error) {
  missing = `no onnxruntime-node: ${error.code ?? error.message}`;
}
let problem;
for await (const line of createInterface({ input: process.stdin })) {
  const [question, ...rest] = line.split(' ');
  let answer;
  try {
    if (question === 'prepare') {
      if (missing) throw new Error(missing);
      problem = new Problem();
      await problem.prepare(...rest);
      answer = 'ok';
    } else if (question === 'run') {
      answer = await problem.run(Number(rest[0]));
    } else {
      answer = question === 'difference' ? problem.difference() : problem.memory;
    }
  } catch (error) {
    answer = `no ${error.message.replace(/\s+/g, ' ').slice(0, 200)}`;
  }
  console.log(String(answer));
}
