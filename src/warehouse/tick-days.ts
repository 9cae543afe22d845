import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame, type Labels } from '#core/frame.ts'
import type { Grain, TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine } from './engine/engine.ts'

/** A stock's ticks of one day and the source they came from. */
export interface SourcedTicks {
  readonly day: TickDay
  readonly source: string
}

export interface TickDayOptions {
  readonly codes?: readonly string[]
  readonly signal?: AbortSignal
}

/**
 * The ticks of a date stock by stock, in code order, each day in time order; memory holds one stock and one engine block.
 * A stock fed by several sources is read from one of them: single trades before aggregates before snapshot differences, then by name.
 */
export async function* tickDays(engine: Engine, date: TradeDate, { codes, signal }: TickDayOptions = {}): AsyncIterable<SourcedTicks> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const blocks = engine.frames(
    `select ts_code, grain, source, at, price, volume, amount, amount_est,
            toFloat64(multiIf(vendor_side = 'B', 1, vendor_side = 'S', -1, vendor_side = 'M', 0, nan)) as vendor_side, trade_count, bid1, ask1
     from fupan.ods_tick
     where trade_date = {date:UInt32}${only}
     order by ts_code, source, seq`,
    { params: { date, ...(codes === undefined ? {} : { codes }) }, ...(signal === undefined ? {} : { signal }) },
  )
  let open: { code: string; pieces: Piece[] } | undefined
  for await (const frame of blocks) {
    const code = labels(frame, 'ts_code')
    let start = 0
    while (start < frame.length) {
      const here = code.index[start]!
      let end = start + 1
      while (end < frame.length && code.index[end] === here) end++
      const name = code.values[here]!
      if (open !== undefined && open.code !== name) {
        yield joined(open.code as Code, date, open.pieces)
        open = undefined
      }
      open ??= { code: name, pieces: [] }
      open.pieces.push({ frame, start, end })
      start = end
    }
  }
  if (open !== undefined) yield joined(open.code as Code, date, open.pieces)
}

/** A run of rows of one stock within one block. */
interface Piece {
  readonly frame: Frame
  readonly start: number
  readonly end: number
}

const grainOrder: Readonly<Record<Grain, number>> = { TBT: 0, AGG3S: 1, SNAPDIFF: 2, BAR1M: 3 }

function joined(code: Code, date: TradeDate, pieces: readonly Piece[]): SourcedTicks {
  const bySource = Map.groupBy(pieces.flatMap(splitBySource), ({ source, grain }) => `${grainOrder[grain]} ${source}`)
  const [, chosen] = [...bySource].toSorted(([a], [b]) => (a < b ? -1 : 1))[0]!
  const { source, grain } = chosen[0]!
  const float = (name: string) => joinColumn(chosen, name, Float64Array)
  const at = float('at')
  return {
    source,
    day: {
      code,
      date,
      grain,
      length: at.length,
      at,
      price: joinColumn(chosen, 'price', Int32Array),
      volume: float('volume'),
      amount: float('amount'),
      amountEstimated: joinColumn(chosen, 'amount_est', Uint8Array),
      vendorSide: float('vendor_side'),
      tradeCount: float('trade_count'),
      bid1: float('bid1'),
      ask1: float('ask1'),
    },
  }
}

function splitBySource(piece: Piece): (Piece & { readonly source: string; readonly grain: Grain })[] {
  const source: Labels = labels(piece.frame, 'source')
  const grain = labels(piece.frame, 'grain')
  const split: (Piece & { readonly source: string; readonly grain: Grain })[] = []
  for (let start = piece.start; start < piece.end; ) {
    let end = start + 1
    while (end < piece.end && source.index[end] === source.index[start]) end++
    split.push({ frame: piece.frame, start, end, source: labelAt(source, start)!, grain: labelAt(grain, start) as Grain })
    start = end
  }
  return split
}

/** One column of the pieces: a view when there is a single piece of the right type, else a copy. */
function joinColumn<Array extends Float64Array | Int32Array | Uint8Array>(pieces: readonly Piece[], name: string, type: { new (length: number): Array }): Array {
  const [first] = pieces
  const source = numbers(first!.frame, name)
  if (pieces.length === 1 && source instanceof type) return source.subarray(first!.start, first!.end) as Array
  const out = new type(pieces.reduce((sum, { start, end }) => sum + end - start, 0))
  let at = 0
  for (const { frame, start, end } of pieces) {
    out.set(numbers(frame, name).subarray(start, end), at)
    at += end - start
  }
  return out
}
