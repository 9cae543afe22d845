import { frameOf, isLabels, MISSING, type Column, type Frame, type Labels } from '#core/frame.ts'
import type { Decoded } from '#core/import-kind.ts'

/** One decoded piece: every row read is either among the rows used or among the rejected. */
export interface DecodedChunk extends Decoded {
  readonly rowsRead: number
}

/** Decoded pieces of one file on their way to becoming a larger one, in file order. */
export class Gathering {
  #pieces: DecodedChunk[] = []
  #rowsRead = 0

  get rowsRead(): number {
    return this.#rowsRead
  }

  add(piece: DecodedChunk): void {
    this.#pieces.push(piece)
    this.#rowsRead += piece.rowsRead
  }

  /** Everything added since the last time as one piece. */
  take(): DecodedChunk {
    const byTable = new Map<string, Frame[]>()
    for (const { frames } of this.#pieces) for (const { table, frame } of frames) byTable.set(table, [...(byTable.get(table) ?? []), frame])
    const taken = {
      frames: [...byTable].map(([table, frames]) => ({ table, frame: stacked(frames) })),
      rejected: this.#pieces.flatMap((piece) => piece.rejected),
      rowsRead: this.#rowsRead,
    }
    this.#pieces = []
    this.#rowsRead = 0
    return taken
  }
}

/** Frames with the same columns, one below the other. */
function stacked(frames: readonly Frame[]): Frame {
  if (frames.length === 1) return frames[0]!
  return frameOf(Object.fromEntries(Object.keys(frames[0]!.columns).map((name) => [name, stackedColumn(frames.map((frame) => frame.columns[name]!))])))
}

function stackedColumn(parts: readonly Column[]): Column {
  if (isLabels(parts[0]!)) return stackedLabels(parts as readonly Labels[])
  const arrays = parts as readonly Float64Array[]
  const out = new (arrays[0]!.constructor as { new (length: number): Float64Array })(arrays.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of arrays) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function stackedLabels(parts: readonly Labels[]): Labels {
  const index = new Uint32Array(parts.reduce((sum, part) => sum + part.index.length, 0))
  const values: string[] = []
  const places = new Map<string, number>()
  let at = 0
  for (const part of parts) {
    const place = part.values.map((value) => {
      const known = places.get(value) ?? values.push(value) - 1
      places.set(value, known)
      return known
    })
    for (const own of part.index) index[at++] = own === MISSING ? MISSING : place[own]!
  }
  return { index, values }
}
