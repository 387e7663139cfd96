// The face network of dlib (29-layer ResNet) as face-api carries it: weights without a graph, so the graph
// is written down here after src/faceRecognitionNet of that package. Input: RGB 150×150, values 0–255.
import {readFileSync} from 'node:fs';
import {FLOAT, Graph} from './onnx.mjs';
import {readWeights} from './weights.mjs';

class Builder {
  constructor(path) {
    this.g = new Graph('dlib_face');
    this.w = readWeights(JSON.parse(readFileSync(path, 'utf8')), path);
  }

  /** conv, bias, scale and shift in one Conv: y = (x * f + b) s + t. */
  layer(x, name, stride, padding, relu) {
    const {data, shape: [h, w, c, m]} = this.w.get(`${name}/conv/filters`);
    const [bias, scale, shift] = ['conv/bias', 'scale/weights', 'scale/biases'].map((k) => this.w.get(`${name}/${k}`).data);
    const filters = new Float32Array(data.length);
    for (let i = 0; i < data.length; ++i) {
      const b = i % m, a = Math.floor(i / m) % c, at = Math.floor(i / (m * c));
      filters[(b * c + a) * h * w + at] = data[i] * scale[b];
    }
    const offset = Float32Array.from(bias, (v, i) => v * scale[i] + shift[i]);
    const out = this.g.node('Conv', [x, this.g.constant(filters, [m, c, h, w]), this.g.constant(offset, [m])],
                            {strides: [stride, stride], kernel_shape: [h, w], auto_pad: padding});
    return relu ? this.g.node('Relu', [out]) : out;
  }

  residual(x, name) {
    const out = this.layer(this.layer(x, `${name}/conv1`, 1, 'SAME_UPPER', true), `${name}/conv2`, 1, 'SAME_UPPER', false);
    return this.g.node('Relu', [this.g.node('Add', [out, x])]);
  }

  /** Halves the size; `grows` when channels double (padded with zeros), `size`: edge lengths [pooled, convolved]. */
  down(x, name, grows, size) {
    let out = this.layer(x, `${name}/conv1`, 2, 'VALID', true);
    out = this.layer(out, `${name}/conv2`, 1, 'SAME_UPPER', false);
    let pooled = this.g.node('AveragePool', [x], {kernel_shape: [2, 2], strides: [2, 2], auto_pad: 'VALID'});
    if (size[0] !== size[1]) out = this.g.node('Pad', [out, this.g.int64([0, 0, 0, 0, 0, 0, 1, 1])]);
    if (grows) pooled = this.g.node('Pad', [pooled, this.g.int64([0, 0, 0, 0, 0, grows, 0, 0])]);
    return this.g.node('Relu', [this.g.node('Add', [pooled, out])]);
  }

  build() {
    const g = this.g;
    g.input('input', FLOAT, [1, 150, 150, 3]);
    const mean = g.constant(Float32Array.of(122.782, 117.001, 104.298), [3]);
    let x = g.node('Div', [g.node('Sub', ['input', mean]), g.constant(Float32Array.of(255), [])]);
    x = g.node('Transpose', [x], {perm: [0, 3, 1, 2]});
    x = this.layer(x, 'conv32_down', 2, 'VALID', true);                                       // 72
    x = g.node('MaxPool', [x], {kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'VALID'});   // 35
    for (const n of ['conv32_1', 'conv32_2', 'conv32_3']) x = this.residual(x, n);
    x = this.down(x, 'conv64_down', 32, [17, 17]);                                            // 17
    for (const n of ['conv64_1', 'conv64_2', 'conv64_3']) x = this.residual(x, n);
    x = this.down(x, 'conv128_down', 64, [8, 8]);                                             // 8
    for (const n of ['conv128_1', 'conv128_2']) x = this.residual(x, n);
    x = this.down(x, 'conv256_down', 128, [4, 3]);                                            // 4
    for (const n of ['conv256_1', 'conv256_2']) x = this.residual(x, n);
    x = this.down(x, 'conv256_down_out', 0, [2, 1]);                                          // 2
    x = g.node('ReduceMean', [x], {axes: [2, 3], keepdims: 0});
    const fc = this.w.get('fc');
    x = g.node('MatMul', [x, g.constant(fc.data, fc.shape)]);
    g.output('print', x, FLOAT, [1, 128]);
    return g.serialize();
  }
}

export const convertDlibFace = (path) => new Builder(path).build();
