/** What a well-behaved OpenAI-compatible vendor answers: plausible, deterministic, of the right length. */

export interface ChatRequest {
  messages: { role: string; content: string }[];
  response_format?: { json_schema: { schema: JsonSchema } };
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
}

export interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  minItems?: number;
  minimum?: number;
}

const SENTENCES = [
  'Plants turn light into sugar.',
  'The process happens in the chloroplasts.',
  'Oxygen leaves the leaf through its pores.',
  'Water rises from the roots to the top.',
];

export function chatText({ messages, response_format }: ChatRequest): string {
  if (response_format) return JSON.stringify(instanceOf(response_format.json_schema.schema));
  const asked = messages.at(-1)?.content.length ?? 0;
  return SENTENCES.slice(0, 1 + (asked % SENTENCES.length)).join(' ');
}

/** The smallest value that fits the schema's commonest keywords. */
export function instanceOf(schema: JsonSchema): unknown {
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0]) return instanceOf(schema.anyOf[0]);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, property]) => [key, instanceOf(property)]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => instanceOf(schema.items ?? {}));
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return SENTENCES[0];
  }
}

/** As a model writes them: a word at a time, the space before it. */
export const piecesOf = (text: string): string[] => text.match(/\s*\S+/g) ?? [];

const usageOf = (text: string) => ({ prompt_tokens: 40, completion_tokens: Math.ceil(text.length / 4) });

/** Server-sent events, the usage in a last one without a choice where it is asked for. */
export function chatEvents(text: string, model: string, wantsUsage = false): string {
  const chunk = (over: object) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-fixture', object: 'chat.completion.chunk', model, ...over })}\n\n`;
  const choice = (delta: object, finish_reason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, finish_reason }] });
  return [
    choice({ role: 'assistant', content: '' }),
    ...piecesOf(text).map((content) => choice({ content })),
    choice({}, 'stop'),
    ...(wantsUsage ? [chunk({ choices: [], usage: usageOf(text) })] : []),
    'data: [DONE]\n\n',
  ].join('');
}

export function chatAnswer(text: string, model: string) {
  const usage = usageOf(text);
  return {
    id: 'chatcmpl-fixture',
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
}

export const SPEECH_RATE = 24_000;

/** A 220 Hz sine, as long as reading the text at 15 characters a second takes. */
export function speechWav(text: string): Buffer {
  const frames = Math.round(Math.max(0.3, text.length / 15) * SPEECH_RATE);
  const wav = Buffer.alloc(44 + frames * 2);
  wav.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SPEECH_RATE, 24);
  wav.writeUInt32LE(SPEECH_RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(frames * 2, 40);
  for (let frame = 0; frame < frames; frame++) {
    wav.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * 220 * frame) / SPEECH_RATE)), 44 + frame * 2);
  }
  return wav;
}

/** Of 16-bit mono audio behind a 44-byte header, which is what the adapter sends. */
export function wavSeconds(wav: Buffer): number {
  return (wav.length - 44) / 2 / wav.readUInt32LE(24);
}

const WORDS_PER_SECOND = 2.5;

/** As many words as fit into the audio. */
export function lectureText(seconds: number): string {
  const words = SENTENCES.join(' ').split(' ');
  const count = Math.max(1, Math.floor(seconds * WORDS_PER_SECOND));
  return Array.from({ length: count }, (_, index) => words[index % words.length]).join(' ');
}

/** The text spread evenly over the audio, one segment per sentence. */
export function transcriptionAnswer(text: string, seconds: number) {
  const spoken = text.split(/\s+/).filter(Boolean);
  const wordS = seconds / Math.max(1, spoken.length);
  const words = spoken.map((word, index) => ({ word, start: index * wordS, end: (index + 1) * wordS }));
  const sentences = text.match(/[^.!?]+[.!?]*/g) ?? [];
  let from = 0;
  const segments = sentences.map((sentence, id) => {
    const to = from + sentence.trim().split(/\s+/).length;
    const segment = { id, start: from * wordS, end: to * wordS, text: sentence };
    from = to;
    return segment;
  });
  return { task: 'transcribe', language: 'english', duration: seconds, text, words, segments };
}
