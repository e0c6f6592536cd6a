/**
 * Like `Promise.all`, but nothing that was started is left alone: a failure, or a cancel, comes out when all have
 * ended. Or the job would be over while parts of it still work.
 */
export async function together<Work extends readonly unknown[] | []>(
  work: Work,
): Promise<{ -readonly [Part in keyof Work]: Awaited<Work[Part]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/**
 * Does `work` for each item in order of start, at most `width` at a time, and keeps the items' order.
 * After a failure nothing more is started: a lost part must not go on costing. Where `goesOn` says no, nothing more
 * is started either: what was started is awaited, and its results are the first ones.
 */
export async function inPool<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Result>,
  goesOn: () => boolean = () => true,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < items.length && goesOn()) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index] as Item, index);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  }
  await together(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
