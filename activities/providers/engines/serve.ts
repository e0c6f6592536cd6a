export type Answer<Result> =
  { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly message: string };

/**
 * A child's side of `engine.ts`: loads the model at the first request, answers one request at a time,
 * and ends with its parent.
 */
export function serve<Settings, Request, Result>(
  load: (settings: Settings) => Promise<(request: Request) => Promise<Result>>,
): void {
  const settings = JSON.parse(process.argv[2] ?? '{}') as Settings;
  let loading: ReturnType<typeof load> | undefined;

  async function answer(request: Request): Promise<Answer<Result>> {
    try {
      const engine = await (loading ??= load(settings));
      return { ok: true, result: await engine(request) };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  process.on('message', (request: Request) => {
    void answer(request).then((answered) => process.send?.(answered));
  });
  process.on('disconnect', () => process.exit());
  // Signals to the whole group are the parent's business: it finishes its work first.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}
