// node reference.mjs NODE_MODULES OUT_FOLDER [NAME …]: runs each graph in tfjs itself (wasm backend) on a
// seeded input and writes OUT_FOLDER/NAME.bin: the input, then the outputs in the order of graphs.mjs, as
// little-endian floats. The test of the converted models reads them.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {GRAPHS} from './graphs.mjs';

const [modules, out, ...only] = process.argv.slice(2);
const require = createRequire(resolve(modules, 'x.js'));
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(resolve(modules, '@tensorflow/tfjs-backend-wasm/dist') + '/');
await tf.setBackend('wasm');
await tf.ready();
mkdirSync(out, {recursive: true});

/** Values from a linear congruential generator: the same on every machine. */
const seeded = (count, top) => {
  const data = new Float32Array(count);
  let state = 12345;
  for (let i = 0; i < count; ++i) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    data[i] = (top === 255 ? state % 256 : (state % 65536) / 65536 * top);
  }
  return data;
};

const fromDisk = (path) => {
  const model = JSON.parse(readFileSync(path, 'utf8'));
  const bytes = Buffer.concat(model.weightsManifest.flatMap((g) => g.paths.map((p) => readFileSync(join(dirname(path), p)))));
  return tf.loadGraphModel({load: async () => ({
    modelTopology: model.modelTopology, format: model.format, signature: model.signature,
    weightSpecs: model.weightsManifest.flatMap((g) => g.weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  })});
};

const runGraph = async (path, names) => {
  const model = await fromDisk(path);
  const {shape, dtype} = model.inputs[0];
  const dims = shape.map((d) => Math.max(1, d));
  const top = dtype === 'int32' ? 255 : 1;
  const data = seeded(dims.reduce((a, b) => a * b, 1), top);
  const results = model.execute(tf.tensor(data, dims, dtype), names);
  const all = Array.isArray(results) ? results : [results];
  return [data, ...await Promise.all(all.map((t) => t.data()))];
};

/** The face network through face-api's own code; it takes a tensor for a picture. */
const runDlib = async (path) => {
  const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
  const net = new faceapi.FaceRecognitionNet();
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const bytes = Buffer.concat(manifest.flatMap((g) => g.paths.map((p) => readFileSync(join(dirname(path), p)))));
  const map = faceapi.tf.io.decodeWeights(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
                                          manifest.flatMap((g) => g.weights));
  net.loadFromWeightMap(map);
  const data = seeded(150 * 150 * 3, 255);
  const picture = faceapi.tf.tensor3d(data, [150, 150, 3]);
  return [data, await net.forwardInput(await faceapi.toNetInput(picture.expandDims(0))).data()];
};

for (const [name, {from, outputs, dlib}] of Object.entries(GRAPHS)) {
  if (only.length && !only.includes(name)) continue;
  const path = join(modules, from);
  const parts = dlib ? await runDlib(path) : await runGraph(path, Object.keys(outputs));
  const bytes = parts.map((p) => Buffer.from(Float32Array.from(p).buffer));
  writeFileSync(join(out, `${name}.bin`), Buffer.concat(bytes));
}
