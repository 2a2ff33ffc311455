// SPDX-License-Identifier: BSL-1.0
// ONNX Runtime as a peer of bench/attention: answers the lines that programs.cpp describes. Needs onnxruntime-node from npm, in
// a folder node_modules here or above, or where NODE_PATH says.
//
// Attention is ONNX's operator Attention (opset 23); a layer is that between MatMul and Add, with cached keys as past_key and
// past_value, which the operator copies.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { constant, model, node, runtime, typed } from './onnx_model.mjs';

const resident = (what) => Number(readFileSync('/proc/self/status', 'utf8').match(new RegExp(`${what}:\\s+(\\d+)`))[1]) * 1024;
const median = (x) => x.sort((a, b) => a - b)[x.length >> 1];

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

const { ort, missing } = runtime();
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
