import { createHash } from 'node:crypto'

/** 参数集编号: first 12 hex digits of the SHA-256 of the canonical JSON (keys sorted) of the parameters (spec microstructure §0). */
export function paramSetId(params: object): string {
  return createHash('sha256').update(canonical(params)).digest('hex').slice(0, 12)
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .join(',')}}`
}
