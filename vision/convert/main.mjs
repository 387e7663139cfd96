// node main.mjs NODE_MODULES OUT_FOLDER: converts every graph of graphs.mjs to OUT_FOLDER/NAME.onnx.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {convertDlibFace} from './dlib_face.mjs';
import {GRAPHS} from './graphs.mjs';
import {convert} from './tfjs_to_onnx.mjs';

const [modules, out] = process.argv.slice(2);
if (!out) {
  console.error('usage: node main.mjs NODE_MODULES OUT_FOLDER');
  process.exit(2);
}
mkdirSync(out, {recursive: true});
for (const [name, {from, outputs, dlib}] of Object.entries(GRAPHS)) {
  const path = join(modules, from);
  writeFileSync(join(out, `${name}.onnx`), dlib ? convertDlibFace(path) : convert(path, outputs));
}
