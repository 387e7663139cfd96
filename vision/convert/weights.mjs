// Reads the weights of a tfjs manifest: plain, half precision, or quantized to 8/16 bits.
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

const halfToFloat = (h) => {
  const sign = h & 0x8000 ? -1 : 1, exponent = (h >> 10) & 31, fraction = h & 1023;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
};

const decode = (bytes, weight) => {
  const count = weight.shape.reduce((a, b) => a * b, 1);
  const q = weight.quantization;
  const read = (Type, width) => {
    const copy = new Uint8Array(bytes.subarray(0, count * width));
    return [new Type(copy.buffer, 0, count), count * width];
  };
  if (q?.dtype === 'float16') {
    const [raw, size] = read(Uint16Array, 2);
    return [Float32Array.from(raw, halfToFloat), size];
  }
  if (q) {
    const [raw, size] = q.dtype === 'uint8' ? read(Uint8Array, 1) : read(Uint16Array, 2);
    return [Float32Array.from(raw, (v) => v * q.scale + q.min), size];
  }
  if (weight.dtype === 'float32') return read(Float32Array, 4);
  if (weight.dtype === 'int32') return read(Int32Array, 4);
  throw new Error(`weight ${weight.name} has a type that is not known: ${weight.dtype}`);
};

/** Map name → {data, shape} of a manifest (the array of groups) whose files lie beside `manifestPath`. */
export const readWeights = (groups, manifestPath) => {
  const out = new Map();
  for (const group of groups) {
    const bytes = Buffer.concat(group.paths.map((p) => readFileSync(join(dirname(manifestPath), p))));
    let at = 0;
    for (const weight of group.weights) {
      const [data, size] = decode(bytes.subarray(at), weight);
      out.set(weight.name, {data, shape: weight.shape});
      at += size;
    }
    if (at !== bytes.length) throw new Error(`${manifestPath}: ${bytes.length - at} bytes are left over`);
  }
  return out;
};
