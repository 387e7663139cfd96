// Turns a tfjs graph model into ONNX. Values keep the layout of TensorFlow (NHWC); around an operator
// that ONNX defines in NCHW stand two transposes, which ONNX Runtime cancels against their neighbours.
import {readFileSync} from 'node:fs';
import {FLOAT, Graph, INT32, INT64} from './onnx.mjs';
import {readWeights} from './weights.mjs';

const TO_NCHW = [0, 3, 1, 2], TO_NHWC = [0, 2, 3, 1];
const unbase = (s) => Buffer.from(s, 'base64').toString();
const ints = (attr) => (attr?.list?.i ?? []).map(Number);
const product = (a) => a.reduce((x, y) => x * y, 1);

const BINARY = {Add: 'Add', AddV2: 'Add', Sub: 'Sub', Mul: 'Mul', RealDiv: 'Div', FloorDiv: 'Div', Minimum: 'Min',
                Maximum: 'Max'};
const UNARY = {Relu: 'Relu', Sigmoid: 'Sigmoid', Sqrt: 'Sqrt', Abs: 'Abs', Identity: 'Identity', Exp: 'Exp'};

class Conversion {
  constructor(model, path) {
    this.graph = new Graph('tfjs');
    this.weights = readWeights(model.weightsManifest, path);
    this.names = new Map();  // tfjs value → ONNX value
    this.known = new Map();  // tfjs value → {data, shape}, where it is constant
    this.model = model;
  }

  value(ref) {
    const name = ref.replace(/:0$/, '');
    if (!this.names.has(name)) {
      const c = this.constant(name);
      this.names.set(name, this.graph.constant(c.data, c.shape));
    }
    return this.names.get(name);
  }

  constant(ref) {
    const name = ref.replace(/:0$/, '');
    const c = this.known.get(name) ?? this.weights.get(name);
    if (!c) throw new Error(`${name} is not a constant`);
    return c;
  }
  list(ref) { return Array.from(this.constant(ref).data, Number); }
  isConstant(ref) { return this.known.has(ref) || this.weights.has(ref); }
  transpose(x, perm) { return this.graph.node('Transpose', [x], {perm}); }

  spatial(x, build) { return this.transpose(build(this.transpose(x, TO_NCHW)), TO_NHWC); }

  padding(node) {
    const kind = unbase(node.attr.padding.s);
    if (kind !== 'SAME' && kind !== 'VALID') throw new Error(`${node.name}: padding ${kind}`);
    return {auto_pad: kind === 'SAME' ? 'SAME_UPPER' : 'VALID'};
  }

  convolution(node, depthwise) {
    const [h, w, c, m] = this.constant(node.inputs[1]).shape;
    const from = this.constant(node.inputs[1]).data;
    const to = new Float32Array(from.length);
    // TensorFlow: [h, w, in, out] ([h, w, in, times] depthwise); ONNX: [out, in / groups, h, w].
    for (let y = 0, i = 0; y < h; ++y)
      for (let x = 0; x < w; ++x)
        for (let a = 0; a < c; ++a)
          for (let b = 0; b < m; ++b, ++i)
            to[depthwise ? ((a * m + b) * h + y) * w + x : ((b * c + a) * h + y) * w + x] = from[i];
    const shape = depthwise ? [c * m, 1, h, w] : [m, c, h, w];
    const inputs = [this.graph.constant(to, shape)];
    const fused = (node.attr.fused_ops?.list?.s ?? []).map(unbase);
    if (fused[0] === 'BiasAdd') inputs.push(this.value(node.inputs[2]));
    const strides = ints(node.attr.strides).slice(1, 3), dilations = ints(node.attr.dilations).slice(1, 3);
    const attributes = {strides, dilations, group: depthwise ? c : 1, kernel_shape: [h, w], ...this.padding(node)};
    return this.spatial(this.value(node.inputs[0]), (x) =>
      this.activation(node, fused.slice(fused[0] === 'BiasAdd' ? 1 : 0),
                      this.graph.node('Conv', [x, ...inputs], attributes)));
  }

  activation(node, fused, x) {
    if (fused.length === 0) return x;
    if (fused[0] === 'Relu') return this.graph.node('Relu', [x]);
    if (fused[0] === 'Relu6') return this.clip(x, 0, 6);
    throw new Error(`${node.name}: fused ${fused}`);
  }

  clip(x, low, high) {
    const bound = (v) => this.graph.constant(Float32Array.of(v), []);
    return this.graph.node('Clip', [x, bound(low), bound(high)]);
  }

  matmul(node) {
    const fused = (node.attr.fused_ops?.list?.s ?? []).map(unbase);
    let x = this.graph.node('MatMul', [this.value(node.inputs[0]), this.value(node.inputs[1])]);
    if (fused[0] === 'BiasAdd') x = this.graph.node('Add', [x, this.value(node.inputs[2])]);
    return this.activation(node, fused.slice(1), x);
  }

  /** Shape arithmetic that later becomes a constant input of Reshape. */
  fold(node) {
    if (node.op === 'SparseToDense' && this.constant(node.inputs[0]).shape[0] === 0) {
      const shape = this.list(node.inputs[1]);
      const fill = this.list(node.inputs[3])[0];
      this.known.set(node.name, {data: new Int32Array(product(shape)).fill(fill), shape});
      return true;
    }
    if ((node.op === 'AddV2' || node.op === 'Add') && node.inputs.every((i) => this.isConstant(i))) {
      const [a, b] = node.inputs.map((i) => this.constant(i));
      if (a.data.length !== b.data.length) return false;
      this.known.set(node.name, {data: a.data.map((v, i) => v + b.data[i]), shape: a.shape});
      return true;
    }
    return false;
  }

  shaped(node) {
    const g = this.graph, x = () => this.value(node.inputs[0]);
    switch (node.op) {
      case 'Reshape': return g.node('Reshape', [x(), g.int64(this.list(node.inputs[1]))]);
      case 'Transpose': return this.transpose(x(), this.list(node.inputs[1]));
      case 'ExpandDims': return g.node('Unsqueeze', [x(), g.int64(this.list(node.inputs[1]))]);
      case 'Squeeze': return g.node('Squeeze', [x(), g.int64(ints(node.attr.squeeze_dims))]);
      case 'ConcatV2': {
        const parts = node.inputs.slice(0, -1).map((i) => this.value(i));
        return g.node('Concat', parts, {axis: this.list(node.inputs.at(-1))[0]});
      }
      case 'Pack': {
        const axis = Number(node.attr.axis?.i ?? 0);
        const parts = node.inputs.map((i) => g.node('Unsqueeze', [this.value(i), g.int64([axis])]));
        return g.node('Concat', parts, {axis});
      }
      case 'Unpack': {
        const axis = Number(node.attr.axis?.i ?? 0), num = Number(node.attr.num.i);
        const parts = num === 1 ? [x()] : g.node('Split', [x()], {axis}, num);
        parts.map((p) => g.node('Squeeze', [p, g.int64([axis])]))
             .forEach((p, i) => this.names.set(i ? `${node.name}:${i}` : node.name, p));
        return null;
      }
      case 'SplitV': {
        const sizes = this.list(node.inputs[1]), axis = this.list(node.inputs[2])[0];
        g.node('Split', [x(), g.int64(sizes)], {axis}, sizes.length)
         .forEach((p, i) => this.names.set(i ? `${node.name}:${i}` : node.name, p));
        return null;
      }
      case 'Pad': case 'PadV2': {
        const pairs = this.list(node.inputs[1]);
        const pads = [...pairs.filter((_, i) => i % 2 === 0), ...pairs.filter((_, i) => i % 2 === 1)];
        const fill = node.op === 'PadV2' ? [this.value(node.inputs[2])] : [];
        return g.node('Pad', [x(), g.int64(pads), ...fill]);
      }
      default: return undefined;
    }
  }

  computed(node) {
    const g = this.graph, x = () => this.value(node.inputs[0]);
    switch (node.op) {
      case 'Conv2D': case '_FusedConv2D': return this.convolution(node, false);
      case 'DepthwiseConv2dNative': case 'FusedDepthwiseConv2dNative': return this.convolution(node, true);
      case 'MatMul': case '_FusedMatMul': return this.matmul(node);
      case 'LeakyRelu': return g.node('LeakyRelu', [x()], {alpha: {float: node.attr.alpha.f}});
      case 'Relu6': return this.clip(x(), 0, 6);
      case 'Softmax': return g.node('Softmax', [x()], {axis: -1});
      case 'Square': return g.node('Mul', [x(), x()]);
      case 'Rsqrt': return g.node('Reciprocal', [g.node('Sqrt', [x()])]);
      case 'SquaredDifference': {
        const d = g.node('Sub', [x(), this.value(node.inputs[1])]);
        return g.node('Mul', [d, d]);
      }
      case 'Cast': return g.node('Cast', [x()], {to: node.attr.DstT.type === 'DT_INT32' ? INT32 : FLOAT});
      case 'MaxPool': {
        const size = ints(node.attr.ksize).slice(1, 3), strides = ints(node.attr.strides).slice(1, 3);
        return this.spatial(x(), (v) => g.node('MaxPool', [v], {kernel_shape: size, strides, ...this.padding(node)}));
      }
      case 'ResizeBilinear': {
        if (!node.attr.half_pixel_centers?.b) throw new Error(`${node.name}: only half-pixel centres are known`);
        const size = this.list(node.inputs[1]);
        return this.spatial(x(), (v) => {
          const channels = g.node('Slice', [g.node('Shape', [v]), g.int64([0]), g.int64([2])]);
          const sizes = g.node('Concat', [channels, g.int64(size)], {axis: 0});
          return g.node('Resize', [v, '', '', sizes], {mode: 'linear', coordinate_transformation_mode: 'half_pixel'});
        });
      }
      case 'Mean': return g.node('ReduceMean', [x()], {axes: this.list(node.inputs[1]),
                                                       keepdims: node.attr.keep_dims?.b ? 1 : 0});
      case 'Sum': return g.node('ReduceSum', [x(), g.int64(this.list(node.inputs[1]))],
                                {keepdims: node.attr.keep_dims?.b ? 1 : 0});
      case 'ArgMax': {
        const best = g.node('ArgMax', [x()], {axis: this.list(node.inputs[1])[0], keepdims: 0});
        return g.node('Cast', [best], {to: INT32});
      }
      case 'GatherNd': {
        const where = g.node('Cast', [this.value(node.inputs[1])], {to: INT64});
        return g.node('GatherND', [x(), where]);
      }
      default: return undefined;
    }
  }

  step(node) {
    node.inputs = (node.input ?? []).filter((i) => !i.startsWith('^')).map((i) => i.replace(/:0$/, ''));
    if (node.op === 'Const' || this.fold(node)) return;
    if (node.op === 'Placeholder') {
      const shape = node.attr.shape.shape.dim.map((d) => Math.max(1, Number(d.size)));
      // Pictures come as real numbers whatever the graph asks for; a cast to real is then a no-op.
      this.graph.input(node.name, FLOAT, shape);
      this.names.set(node.name, node.name);
      return;
    }
    let made;
    if (BINARY[node.op]) made = this.graph.node(BINARY[node.op], node.inputs.map((i) => this.value(i)));
    else if (UNARY[node.op]) made = this.graph.node(UNARY[node.op], [this.value(node.inputs[0])]);
    else made = this.shaped(node);
    if (made === undefined) made = this.computed(node);
    if (made === undefined) throw new Error(`operator ${node.op} (${node.name}) is not known`);
    if (made !== null) this.names.set(node.name, made);
  }
}

const inOrder = (nodes) => {
  const byName = new Map(nodes.map((n) => [n.name, n]));
  const done = new Set(), out = [];
  const visit = (node) => {
    if (done.has(node.name)) return;
    done.add(node.name);
    for (const i of node.input ?? []) {
      const source = byName.get(i.replace(/^\^/, '').replace(/:\d+$/, ''));
      if (source) visit(source);
    }
    out.push(node);
  };
  nodes.forEach(visit);
  return out;
};

/** Bytes of the ONNX file for the graph model at `path`; `outputs`: {tfjs node: [ONNX name, shape]}. */
export const convert = (path, outputs) => {
  const model = JSON.parse(readFileSync(path, 'utf8'));
  const c = new Conversion(model, path);
  inOrder(model.modelTopology.node).forEach((node) => c.step(node));
  for (const [node, [name, shape]] of Object.entries(outputs)) c.graph.output(name, c.value(node), FLOAT, shape);
  return c.graph.serialize();
};
