/** Do a step of work for each item, in order, while the result of the one before is used: at most two results are alive. */
export async function* oneAhead<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): AsyncGenerator<Result> {
  let next = items.length === 0 ? undefined : started(work(items[0]!))
  for (let i = 0; i < items.length; i++) {
    const current = next!
    next = i + 1 < items.length ? started(current.then(() => work(items[i + 1]!))) : undefined
    yield await current
  }
}

/** Nobody may ever ask for the result: its failure is then no news. */
function started<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {})
  return promise
}
