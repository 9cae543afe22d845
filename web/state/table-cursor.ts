/**
 * Where the cursor goes when it is moved by some rows over the keys as they are shown. It stops at both ends.
 * From nowhere, forward means the first row and backward the last. Undefined only when there are no rows.
 */
export function moveCursor(keys: readonly string[], current: string | undefined, by: number): string | undefined {
  if (keys.length === 0) return undefined
  const at = current === undefined ? -1 : keys.indexOf(current)
  if (at === -1) return by > 0 ? keys[0] : keys.at(-1)
  return keys[Math.min(keys.length - 1, Math.max(0, at + by))]
}

/** The cursor after the rows changed: the same key if it is still there, else what took its place, else the last row. */
export function keepCursor(before: readonly string[], after: readonly string[], current: string | undefined): string | undefined {
  if (current === undefined || after.includes(current)) return current
  const place = before.indexOf(current)
  return after[Math.min(Math.max(0, place), after.length - 1)]
}
