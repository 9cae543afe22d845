import { frameOf, isLabels, MISSING, type Column, type Frame, type Labels } from '#core/frame.ts'

/** One frame from blocks of the same columns, in order; dictionaries are merged, values in order of first appearance. No blocks: no columns. */
export function concatFrames(blocks: readonly Frame[]): Frame {
  if (blocks.length <= 1) return blocks[0] ?? { length: 0, columns: {} }
  const length = blocks.reduce((rows, block) => rows + block.length, 0)
  const columns = Object.keys(blocks[0]!.columns).map((name) => {
    const parts = blocks.map((block) => block.columns[name]!)
    return [name, isLabels(parts[0]!) ? concatLabels(parts as readonly Labels[], length) : concatNumbers(parts as readonly Float64Array[], length)] as const
  })
  return frameOf(Object.fromEntries<Column>(columns))
}

/** The parts are of one numeric kind, whichever it is: the engine gives a column one type. */
function concatNumbers(parts: readonly Float64Array[], length: number): Float64Array {
  const out = new (parts[0]!.constructor as new (length: number) => Float64Array)(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function concatLabels(parts: readonly Labels[], length: number): Labels {
  const index = new Uint32Array(length)
  const values: string[] = []
  const seen = new Map<string, number>()
  let at = 0
  for (const part of parts) {
    const renumbered = Uint32Array.from(part.values, (text) => {
      const known = seen.get(text)
      if (known !== undefined) return known
      seen.set(text, values.length)
      return values.push(text) - 1
    })
    for (let row = 0; row < part.index.length; row++) index[at + row] = part.index[row] === MISSING ? MISSING : renumbered[part.index[row]!]!
    at += part.index.length
  }
  return { index, values }
}
