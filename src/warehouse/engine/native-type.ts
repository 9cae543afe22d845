/** A ClickHouse type as the codec sees it: the plain name, and the wrappers around it. */
export interface NativeType {
  /** `Float64`, `String`, `DateTime64`, …, without its arguments. */
  readonly name: string
  /** `3`, `'Asia/Shanghai'` of `DateTime64(3, 'Asia/Shanghai')`. */
  readonly arguments: readonly string[]
  readonly nullable: boolean
  readonly lowCardinality: boolean
}

/** Read a type such as `LowCardinality(Nullable(String))`. Unknown names are kept: the codec says which it cannot read. */
export function readNativeType(text: string): NativeType {
  let inner = text.trim()
  let nullable = false
  let lowCardinality = false
  for (;;) {
    const wrapped = /^(Nullable|LowCardinality|SimpleAggregateFunction)\((.*)\)$/s.exec(inner)
    if (wrapped === null) break
    if (wrapped[1] === 'Nullable') nullable = true
    if (wrapped[1] === 'LowCardinality') lowCardinality = true
    inner = wrapped[1] === 'SimpleAggregateFunction' ? wrapped[2]!.slice(wrapped[2]!.indexOf(',') + 1).trim() : wrapped[2]!
  }
  const call = /^(\w+)\((.*)\)$/s.exec(inner)
  if (call === null) return { name: inner, arguments: [], nullable, lowCardinality }
  return { name: call[1]!, arguments: call[2]!.split(',').map((part) => part.trim()), nullable, lowCardinality }
}

/** Whole numbers beyond this cannot be told apart in a double. */
export const MAX_WHOLE = Number.MAX_SAFE_INTEGER
