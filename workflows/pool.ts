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
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
