import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { Grain, Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { Engine } from './engine/engine.ts'

/** About how many ticks one statement reads. A session may last hours, and no statement stays open that long. */
const TICKS_PER_READ = 250_000

const TICKS_PER_BATCH = 10_000

/**
 * A recorded day as the live session delivered it: the ticks of all stocks in event-time order (ties by code, then ordinal), in batches, each
 * stock's numbered from 0 without holes. A stock with several sources is replayed from one of them: single trades before aggregates before snapshot
 * differences, then by name. `seenAt` is not recorded: it equals the event time.
 */
export async function* recordedTicks(
  engine: Engine,
  date: TradeDate,
  codes?: readonly string[],
  signal?: AbortSignal,
  ticksPerRead = TICKS_PER_READ,
): AsyncIterable<readonly Tick[]> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const of = `from fupan.ods_tick
     where trade_date = {date:UInt32}${only}
       and (ts_code, source) in (
         select ts_code, argMin(source, (multiIf(grain = 'TBT', 0, grain = 'AGG3S', 1, grain = 'SNAPDIFF', 2, 3), source))
         from fupan.ods_tick where trade_date = {date:UInt32}${only} group by ts_code)`
  const params = { date, ...(codes === undefined ? {} : { codes }) }
  const options = signal === undefined ? {} : { signal }
  const extent = await engine.frame(`select toFloat64(count()) as ticks, toFloat64(min(at)) as first, toFloat64(max(at)) as last ${of}`, { params, ...options })
  const [ticks, first, last] = ['ticks', 'first', 'last'].map((name) => numbers(extent, name)[0]!) as [number, number, number]
  if (ticks === 0) return
  const width = Math.ceil((last - first + 1) / Math.ceil(ticks / ticksPerRead))
  const counted = new Map<string, number>()
  if (ticks === 0) return
  for (let from = first; from <= last; from += width) {
    const frame = await engine.frame(
      `select ts_code, grain, at, price, volume, amount, amount_est,
              toFloat64(multiIf(vendor_side = 'B', 1, vendor_side = 'S', -1, vendor_side = 'M', 0, nan)) as vendor_side, trade_count, bid1, ask1
       ${of} and at >= {from:Int64} and at < {until:Int64}
       order by at, ts_code, seq`,
      { params: { ...params, from, until: from + width }, ...options },
    )
    for (let row = 0; row < frame.length; row += TICKS_PER_BATCH) yield batchOf(frame, date, row, Math.min(frame.length, row + TICKS_PER_BATCH), counted)
  }
}

function batchOf(frame: Frame, date: TradeDate, start: number, end: number, counted: Map<string, number>): readonly Tick[] {
  const [code, grain] = [labels(frame, 'ts_code'), labels(frame, 'grain')]
  const [at, price, volume, amount, estimated, side, count, bid1, ask1] = [
    'at',
    'price',
    'volume',
    'amount',
    'amount_est',
    'vendor_side',
    'trade_count',
    'bid1',
    'ask1',
  ].map((name) => numbers(frame, name))
  const batch: Tick[] = []
  for (let row = start; row < end; row++) {
    const name = labelAt(code, row)!
    const seq = counted.get(name) ?? 0
    counted.set(name, seq + 1)
    batch.push({
      code: name as Code,
      date,
      at: at![row]! as EpochMs,
      seenAt: at![row]! as EpochMs,
      seq,
      grain: labelAt(grain, row)! as Grain,
      price: price![row]!,
      volume: volume![row]!,
      amount: amount![row]!,
      amountEstimated: estimated![row] === 1,
      vendorSide: side![row]!,
      tradeCount: count![row]!,
      bid1: bid1![row]!,
      ask1: ask1![row]!,
    })
  }
  return batch
}
