/**
 * Rows from JSONEachRow text. Throws RangeError when a whole number lies beyond ±2^53, where JSON.parse would round it in silence; texts that
 * merely look like such numbers are fine.
 */
export function parseRows<Row>(text: string): Row[] {
  const json = `[${text.trimEnd().replaceAll('\n', ',')}]`
  if (!/\d{16}/.test(text)) return JSON.parse(json) as Row[]
  return JSON.parse(json, exact) as Row[]
}

function exact(name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value))
    throw new RangeError(`Cannot read rows: column "${name}" holds the whole number ${source}, beyond ±2^53. Select toString() of it`)
  return value
}
