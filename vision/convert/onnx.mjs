// A writer of ONNX files: just the fields of onnx.proto that a converted graph needs (opset 17, IR 8).
// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

export const FLOAT = 1, INT32 = 6, INT64 = 7;

const varint = (n) => {
  const out = [];
  let v = BigInt.asUintN(64, BigInt(n));
  do {
    const low = Number(v & 0x7fn);
    v >>= 7n;
    out.push(v ? low | 0x80 : low);
  } while (v);
  return Buffer.from(out);
};
const key = (field, wire) => varint((field << 3) | wire);
const number = (field, n) => Buffer.concat([key(field, 0), varint(n)]);
const bytes = (field, b) => Buffer.concat([key(field, 2), varint(b.length), b]);
const text = (field, s) => bytes(field, Buffer.from(s, 'utf8'));
const real = (field, x) => {
  const b = Buffer.alloc(4);
  b.writeFloatLE(x);
  return Buffer.concat([key(field, 5), b]);
};

const attribute = (name, value) => {
  const parts = [text(1, name)];
  if (typeof value === 'string') parts.push(text(4, value), number(20, 3));
  else if (Array.isArray(value)) parts.push(...value.map((v) => number(8, v)), number(20, 7));
  else if (typeof value === 'object') parts.push(real(2, value.float), number(20, 1));
  else parts.push(number(3, value), number(20, 2));
  return Buffer.concat(parts);
};

const valueInfo = (name, type, shape) => {
  const dims = shape.map((d) => bytes(1, number(1, d)));
  const tensor = Buffer.concat([number(1, type), bytes(2, Buffer.concat(dims))]);
  return Buffer.concat([text(1, name), bytes(2, bytes(1, tensor))]);
};

/** A graph under construction. Values are named by strings; `node` returns the names of its outputs. */
export class Graph {
  constructor(name) {
    this.name = name;
    this.nodes = [];
    this.initializers = [];
    this.inputs = [];
    this.outputs = [];
    this.count = 0;
  }

  node(op, inputs, attributes = {}, outputs = 1) {
    const names = Array.from({length: outputs}, () => `${op}_${this.count++}`);
    this.named(op, inputs, attributes, names);
    return outputs === 1 ? names[0] : names;
  }

  named(op, inputs, attributes, outputs) {
    this.nodes.push(Buffer.concat([
      ...inputs.map((i) => text(1, i)), ...outputs.map((o) => text(2, o)), text(3, outputs[0]), text(4, op),
      ...Object.entries(attributes).map(([k, v]) => bytes(5, attribute(k, v))),
    ]));
  }

  /** `data`: Float32Array, Int32Array or BigInt64Array. */
  constant(data, shape) {
    const name = `const_${this.count++}`;
    const type = data instanceof Float32Array ? FLOAT : data instanceof Int32Array ? INT32 : INT64;
    const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.push(Buffer.concat([...shape.map((d) => number(1, d)), number(2, type), text(8, name),
                                          bytes(9, raw)]));
    return name;
  }

  int64(values) { return this.constant(BigInt64Array.from(values.map(BigInt)), [values.length]); }
  input(name, type, shape) { this.inputs.push(valueInfo(name, type, shape)); }
  output(name, from, type, shape) {
    this.named('Identity', [from], {}, [name]);
    this.outputs.push(valueInfo(name, type, shape));
  }

  serialize() {
    const graph = Buffer.concat([
      ...this.nodes.map((n) => bytes(1, n)), text(2, this.name), ...this.initializers.map((t) => bytes(5, t)),
      ...this.inputs.map((i) => bytes(11, i)), ...this.outputs.map((o) => bytes(12, o)),
    ]);
    const opset = Buffer.concat([text(1, ''), number(2, 17)]);
    return Buffer.concat([number(1, 8), text(2, 'lifang'), bytes(7, graph), bytes(8, opset)]);
  }
}
