import { setImmediate as breathe } from 'node:timers/promises'
import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { Grain, TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine } from './engine/engine.ts'
import { ONE_THREAD } from './gather-stocks.ts'
import { oneAhead } from './one-ahead.ts'

/** A stock's ticks of one day and the source they came from. */
export interface SourcedTicks {
  readonly day: TickDay
  readonly source: string
}

export interface TickDayOptions {
  readonly codes?: readonly string[]
  readonly signal?: AbortSignal
}

/** Ticks read at a time: 45 MB, twice while the next are read. */
const TICKS = 500_000

/** Ticks handed on before other work, the reading of the next ones above all, gets a turn. */
const TURN = 25_000

/**
 * The ticks of a date stock by stock, in code order, each day in time order; memory holds the ticks of some stocks, those of the next being read meanwhile.
 * A stock fed by several sources is read from one of them: single trades before aggregates before snapshot differences, then by name.
 */
export async function* tickDays(engine: Engine, date: TradeDate, options: TickDayOptions = {}): AsyncIterable<SourcedTicks> {
  let turn = 0
  for await (const stocks of oneAhead(await batchesOf(engine, date, options), (batch) => readBatch(engine, date, batch, options))) {
    for (const stock of stocks) {
      yield stock
      turn += stock.day.length
      if (turn < TURN) continue
      turn = 0
      await breathe()
    }
  }
}

/** Neighbours in code order. */
interface Batch {
  readonly first: string
  readonly last: string
}

async function batchesOf(engine: Engine, date: TradeDate, { codes, signal }: TickDayOptions): Promise<readonly Batch[]> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const stocks = await engine.rows<{ ts_code: string; ticks: number }>(
    `select ts_code, toUInt32(count()) as ticks from fupan.ods_tick where trade_date = {date:UInt32}${only} group by ts_code order by ts_code`,
    {
      params: { date, ...(codes === undefined ? {} : { codes }) },
      ...(signal === undefined ? {} : { signal }),
    },
  )
  const batches: Batch[] = []
  let room = 0
  for (const { ts_code: name, ticks } of stocks) {
    if (room <= 0) room = TICKS
    else batches.push({ first: batches.pop()!.first, last: name })
    if (room === TICKS) batches.push({ first: name, last: name })
    room -= ticks
  }
  return batches
}

/** The engine gives the rows as they lie on disk, sorted piece by piece; putting the pieces together here costs a third of having it sort. */
async function readBatch(engine: Engine, date: TradeDate, { first, last }: Batch, { codes, signal }: TickDayOptions): Promise<readonly SourcedTicks[]> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const blocks = engine.frames(
    `select ts_code, grain, source, seq, at, price, volume, amount, amount_est,
            toFloat64(multiIf(vendor_side = 'B', 1, vendor_side = 'S', -1, vendor_side = 'M', 0, nan)) as vendor_side, trade_count, bid1, ask1
     from fupan.ods_tick
     where trade_date = {date:UInt32} and ts_code between {first:String} and {last:String}${only}`,
    { params: { date, first, last, ...(codes === undefined ? {} : { codes }) }, settings: ONE_THREAD, ...(signal === undefined ? {} : { signal }) },
  )
  const stocks = new Map<string, Piece[]>()
  for await (const block of blocks) for (const piece of piecesOf(block)) stocks.getOrInsertComputed(piece.code, () => []).push(piece)
  return [...stocks].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([code, pieces]) => joined(code as Code, date, pieces))
}

/** Rows of one stock and source that lie together in a block, their ordinals ascending. */
interface Piece {
  readonly frame: Frame
  readonly code: string
  readonly source: string
  readonly grain: Grain
  readonly start: number
  readonly end: number
  readonly seq: number
  readonly lastSeq: number
}

function* piecesOf(frame: Frame): Iterable<Piece> {
  const [code, source, grain] = [labels(frame, 'ts_code'), labels(frame, 'source'), labels(frame, 'grain')]
  const seq = numbers(frame, 'seq')
  for (let start = 0; start < frame.length;) {
    const [ownCode, ownSource] = [code.index[start], source.index[start]]
    let end = start + 1
    while (end < frame.length && code.index[end] === ownCode && source.index[end] === ownSource && seq[end]! > seq[end - 1]!) end++
    yield {
      frame,
      code: labelAt(code, start)!,
      source: labelAt(source, start)!,
      grain: labelAt(grain, start) as Grain,
      start,
      end,
      seq: seq[start]!,
      lastSeq: seq[end - 1]!,
    }
    start = end
  }
}

const grainOrder: Readonly<Record<Grain, number>> = { TBT: 0, AGG3S: 1, SNAPDIFF: 2, BAR1M: 3 }

function joined(code: Code, date: TradeDate, pieces: readonly Piece[]): SourcedTicks {
  const bySource = Map.groupBy(pieces, ({ source, grain }) => `${grainOrder[grain]} ${source}`)
  const [, own] = [...bySource].toSorted(([a], [b]) => (a < b ? -1 : 1))[0]!
  const chosen = own.toSorted((a, b) => a.seq - b.seq)
  const { source, grain } = chosen[0]!
  if (chosen.some(({ seq }, i) => i > 0 && seq <= chosen[i - 1]!.lastSeq))
    throw new RangeError(`Cannot put the ticks of ${code} on ${date} in order: pieces from ${source} overlap`)
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

/** One column of the pieces: a view when there is a single piece of the right type, else a copy. */
function joinColumn<Array extends Float64Array | Int32Array | Uint8Array>(
  pieces: readonly Piece[],
  name: string,
  type: { new (length: number): Array },
): Array {
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
