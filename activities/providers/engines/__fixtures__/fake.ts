import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../serve';

export type FakeRequest =
  | { readonly kind: 'who' }
  | { readonly kind: 'double'; readonly samples: Float32Array }
  | { readonly kind: 'hold'; readonly ms: number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'crash' };

/** An engine without a model: it says who it is, works for a while, refuses, or dies. */
serve(async ({ label }: { label: string }) => {
  return async (request: FakeRequest) => {
    switch (request.kind) {
      case 'who':
        return { label, pid: process.pid };
      case 'double':
        return request.samples.map((sample) => sample * 2);
      case 'hold': {
        const until = Date.now() + request.ms;
        while (Date.now() < until); // native code does not yield either
        return process.pid;
      }
      case 'refuse':
        throw new Error('not this one');
      case 'crash':
        process.stderr.write('ggml: out of memory\n');
        await sleep(50);
        process.kill(process.pid, 'SIGSEGV');
        return sleep(60_000);
    }
  };
});
