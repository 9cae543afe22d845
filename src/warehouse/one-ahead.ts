/** Do a step of work for each item, in order, while the result of the one before is used: at most two results are alive, and nothing runs on afterwards. */
export async function* oneAhead<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): AsyncGenerator<Result> {
  let next: Promise<Result> | undefined
  try {
    for (const [i, item] of items.entries()) {
      const result = await (next ?? work(item))
      next = i + 1 < items.length ? work(items[i + 1]!) : undefined
      // Met at the next await, which may come after other work.
      next?.catch(() => {})
      yield result
    }
  } finally {
    await next?.catch(() => {})
  }
}
