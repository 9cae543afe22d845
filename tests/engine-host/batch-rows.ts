/** Rows of one batch of insert-loop.child.ts: a partial batch shows by its count. */
export const batchRows = 20_000
