import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGraph, elementType, type Graph } from './onnx-graph';
import { readSafetensors } from './safetensors';

const WEIGHTS = 'model.safetensors';
const LAYERS = 12;
const WIDTH = 768;
const HEADS = 12;
const HEAD_WIDTH = WIDTH / HEADS;
const EPSILON = 1e-5;
/** Added to the attention of padding; its softmax is then 0. */
const MASKED = -1e4;

/**
 * Writes all-mpnet-base-v2 as an ONNX graph that reads its 32-bit weights from the safetensors file
 * beside it, mean pooling and normalisation included:
 * `input_ids`, `attention_mask`, `position_ids` (B×S) and `rel_bucket` (S×S) → `embedding` (B×768).
 */
export async function convertMpnet(folder: string, into: string): Promise<void> {
  const tensor = await readSafetensors(join(folder, WEIGHTS));
  const graph = createGraph();
  const weight = (name: string) => {
    const { shape, offset, length } = tensor(name);
    return graph.external({ name, dims: shape, location: WEIGHTS, offset, length });
  };
  const parts = createParts(graph, weight);
  pool(graph, encode(graph, parts, weight));
  await writeFile(join(folder, into), modelOf(graph));
}

function modelOf(graph: Graph): Buffer {
  const text = { type: elementType.int64, dims: ['batch', 'sequence'] };
  const inputs = [
    { name: 'input_ids', ...text },
    { name: 'attention_mask', ...text },
    { name: 'position_ids', ...text },
    { name: 'rel_bucket', type: elementType.int64, dims: ['sequence', 'sequence'] },
  ];
  const outputs = [{ name: 'embedding', type: elementType.float, dims: ['batch', WIDTH] }];
  return graph.model('mpnet', inputs, outputs);
}

type Weight = (name: string) => string;
type Parts = ReturnType<typeof createParts>;

/** The two layers everything else is made of. */
function createParts(graph: Graph, weight: Weight) {
  return {
    linear: (input: string, name: string) =>
      graph.node('Gemm', [input, weight(`${name}.weight`), weight(`${name}.bias`)], { transB: { int: 1 } }),
    norm: (input: string, name: string) =>
      graph.node('LayerNormalization', [input, weight(`${name}.weight`), weight(`${name}.bias`)], {
        axis: { int: -1 },
        epsilon: { float: EPSILON },
      }),
  };
}

/** Hidden states as rows, batch × sequence of them: matrix products are fastest on flat input. */
function encode(graph: Graph, parts: Parts, weight: Weight): string {
  const { node, int64s } = graph;
  const words = node('Gather', [weight('embeddings.word_embeddings.weight'), 'input_ids']);
  const places = node('Gather', [weight('embeddings.position_embeddings.weight'), 'position_ids']);
  const embedded = parts.norm(node('Add', [words, places]), 'embeddings.LayerNorm');
  const bias = attentionBias(graph, weight);
  let rows = node('Reshape', [embedded, int64s(-1, WIDTH)]);
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const name = `encoder.layer.${layer}`;
    const attended = parts.linear(attend(graph, parts, rows, bias, name), `${name}.attention.attn.o`);
    rows = parts.norm(node('Add', [attended, rows]), `${name}.attention.LayerNorm`);
    const inner = node('Gelu', [parts.linear(rows, `${name}.intermediate.dense`)]);
    const outer = parts.linear(inner, `${name}.output.dense`);
    rows = parts.norm(node('Add', [outer, rows]), `${name}.output.LayerNorm`);
  }
  return rows;
}

/** Relative positions (a learnt number per head and distance bucket) plus the mask of padding. */
function attentionBias({ node, int64s, float }: Graph, weight: Weight): string {
  const byHead = node('Gather', [weight('encoder.relative_attention_bias.weight'), 'rel_bucket']);
  const relative = node('Unsqueeze', [node('Transpose', [byHead], { perm: { ints: [2, 0, 1] } }), int64s(0)]);
  const padding = node('Sub', [float(1), maskAsFloat({ node })]);
  const masked = node('Unsqueeze', [node('Mul', [padding, float(MASKED)]), int64s(1, 2)]);
  return node('Add', [relative, masked]);
}

function attend(graph: Graph, parts: Parts, rows: string, bias: string, layer: string): string {
  const { node, int64s, float } = graph;
  const size = node('Concat', [node('Shape', ['input_ids']), int64s(HEADS, HEAD_WIDTH)], {
    axis: { int: 0 },
  });
  const heads = (name: string, perm: readonly number[]) => {
    const projected = parts.linear(rows, `${layer}.attention.attn.${name}`);
    return node('Transpose', [node('Reshape', [projected, size])], { perm: { ints: perm } });
  };
  const products = node('MatMul', [heads('q', [0, 2, 1, 3]), heads('k', [0, 2, 3, 1])]);
  const scaled = node('Mul', [products, float(1 / Math.sqrt(HEAD_WIDTH))]);
  const shares = node('Softmax', [node('Add', [scaled, bias])], { axis: { int: -1 } });
  const mixed = node('MatMul', [shares, heads('v', [0, 2, 1, 3])]);
  const joined = node('Transpose', [mixed], { perm: { ints: [0, 2, 1, 3] } });
  return node('Reshape', [joined, int64s(-1, WIDTH)]);
}

/** The mean over real tokens, scaled to unit length. */
function pool({ node, int64s }: Graph, rows: string): void {
  const size = node('Concat', [node('Shape', ['input_ids']), int64s(WIDTH)], { axis: { int: 0 } });
  const states = node('Reshape', [rows, size]);
  const mask = node('Unsqueeze', [maskAsFloat({ node }), int64s(2)]);
  const overTokens = [int64s(1)];
  const drop = { keepdims: { int: 0 } };
  const sum = node('ReduceSum', [node('Mul', [states, mask]), ...overTokens], drop);
  const mean = node('Div', [sum, node('ReduceSum', [mask, ...overTokens], drop)]);
  const length = node('ReduceL2', [mean, int64s(1)], { keepdims: { int: 1 } });
  node('Div', [mean, length], {}, 'embedding');
}

function maskAsFloat({ node }: Pick<Graph, 'node'>): string {
  return node('Cast', ['attention_mask'], { to: { int: elementType.float } });
}
