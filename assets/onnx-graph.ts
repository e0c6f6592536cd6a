import { bytesField, floatField, integerField } from './protobuf';

/** Field and type numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export const elementType = { float: 1, int64: 7 } as const;
type ElementType = (typeof elementType)[keyof typeof elementType];

const IR_VERSION = 9;
const OPSET = 20;

/** A tensor that lies in another file, beside the graph. */
export interface ExternalTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

export type Attributes = Readonly<
  Record<string, { readonly int: number } | { readonly float: number } | { readonly ints: readonly number[] }>
>;

export interface GraphValue {
  readonly name: string;
  readonly type: ElementType;
  /** A number, or the name of a size known only at run time. */
  readonly dims: readonly (number | string)[];
}

/** Collects nodes and constants; every method answers with the name of the value it makes. */
export function createGraph() {
  const nodes: Buffer[] = [];
  const initializers: Buffer[] = [];
  let made = 0;
  const freshName = () => `v${(made += 1)}`;

  function constant(type: ElementType, dims: readonly number[], raw: ArrayBufferLike): string {
    const name = freshName();
    const content = bytesField(9, Buffer.from(raw));
    initializers.push(Buffer.concat([...tensorHead(name, type, dims), content]));
    return name;
  }

  return {
    external(tensor: ExternalTensor): string {
      initializers.push(externalTensor(tensor));
      return tensor.name;
    },
    int64s(...values: readonly number[]): string {
      return constant(elementType.int64, [values.length], BigInt64Array.from(values, BigInt).buffer);
    },
    float(value: number): string {
      return constant(elementType.float, [], Float32Array.of(value).buffer);
    },
    node(
      operator: string,
      inputs: readonly string[],
      attributes: Attributes = {},
      output = freshName(),
    ): string {
      nodes.push(nodeProto(operator, inputs, output, attributes));
      return output;
    },
    /** The whole model, ready to be written. */
    model(name: string, inputs: readonly GraphValue[], outputs: readonly GraphValue[]): Buffer {
      const graph = [
        ...nodes.map((node) => bytesField(1, node)),
        bytesField(2, name),
        ...initializers.map((initializer) => bytesField(5, initializer)),
        ...inputs.map((input) => bytesField(11, valueInfo(input))),
        ...outputs.map((output) => bytesField(12, valueInfo(output))),
      ];
      const opset = [bytesField(1, ''), integerField(2, OPSET)];
      return Buffer.concat([integerField(1, IR_VERSION), bytesField(7, graph), bytesField(8, opset)]);
    },
  };
}

export type Graph = ReturnType<typeof createGraph>;

function tensorHead(name: string, type: ElementType, dims: readonly number[]): Buffer[] {
  return [...dims.map((size) => integerField(1, size)), integerField(2, type), bytesField(8, name)];
}

function externalTensor({ name, dims, location, offset, length }: ExternalTensor): Buffer {
  const place = Object.entries({ location, offset, length }).map(([key, value]) =>
    bytesField(13, [bytesField(1, key), bytesField(2, String(value))]),
  );
  const isExternal = integerField(14, 1);
  return Buffer.concat([...tensorHead(name, elementType.float, dims), ...place, isExternal]);
}

function nodeProto(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Attributes,
): Buffer {
  return Buffer.concat([
    ...inputs.map((input) => bytesField(1, input)),
    bytesField(2, output),
    bytesField(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      bytesField(5, [bytesField(1, name), ...attributeValue(value)]),
    ),
  ]);
}

function attributeValue(value: Attributes[string]): Buffer[] {
  if ('float' in value) return [floatField(2, value.float), integerField(20, 1)];
  if ('int' in value) return [integerField(3, value.int), integerField(20, 2)];
  return [...value.ints.map((item) => integerField(8, item)), integerField(20, 7)];
}

function valueInfo({ name, type, dims }: GraphValue): Buffer {
  const shape = dims.map((size) =>
    bytesField(1, [typeof size === 'number' ? integerField(1, size) : bytesField(2, size)]),
  );
  const tensor = bytesField(1, [integerField(1, type), bytesField(2, shape)]);
  return Buffer.concat([bytesField(1, name), bytesField(2, tensor)]);
}
