// SPDX-License-Identifier: BSL-1.0
// Writes ONNX models, opset 23, as bytes; and finds ONNX Runtime: onnxruntime-node from npm, in a folder node_modules here or
// above, or where NODE_PATH says.
import { createRequire } from 'node:module';

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
const number = (id, value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((id << 3) | 5), bytes]);
};
const integer_attribute = (name, value) => message(field(1, name), field(3, value), field(20, INT));
const float_attribute = (name, value) => message(field(1, name), number(2, value), field(20, FLOAT));
// An operator; its attributes are integers, and then floating-point.
export const node = (type, inputs, outputs, integers = {}, floats = {}) =>
  message(...inputs.map((x) => field(1, x)), ...outputs.map((x) => field(2, x)), field(4, type),
          ...Object.entries(integers).map(([name, value]) => field(5, integer_attribute(name, value))),
          ...Object.entries(floats).map(([name, value]) => field(5, float_attribute(name, value))));
export const constant = (name, dims, data) =>
  message(...dims.map((d) => field(1, d)), field(2, FLOAT), field(8, name),
          field(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
// An input or output of floats.
export const typed = (name, dims) => {
  const shape = message(...dims.map((d) => field(1, field(1, d))));
  return message(field(1, name), field(2, field(1, message(field(1, FLOAT), field(2, shape)))));
};
export const model = (nodes, constants, inputs, outputs) =>
  message(field(1, 10),  // the version of the format
          field(7, message(...nodes.map((n) => field(1, n)), field(2, 'layer'), ...constants.map((c) => field(5, c)),
                           ...inputs.map((i) => field(11, i)), ...outputs.map((o) => field(12, o)))),
          field(8, message(field(1, ''), field(2, 23))));

// { ort, missing: '' }, or why it is missing.
export const runtime = () => {
  try {
    return { ort: createRequire(import.meta.url)('onnxruntime-node'), missing: '' };
  } catch (error) {
    return { missing: `no onnxruntime-node: ${error.code ?? error.message}` };
  }
};
