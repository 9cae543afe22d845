import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import type { Grain, Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { Engine } from './engine/engine.ts'

/**
 * A recorded day as the live session delivered it: the ticks of all stocks in event-time order (ties by code, then ordinal), in batches.
 * A stock with several sources is replayed from one of them: single trades before aggregates before snapshot differences, then by name.
 * `seenAt` is not recorded: it equals the event time.
 */
export async function* recordedTicks(engine: Engine, date: TradeDate, codes?: readonly string[], signal?: AbortSignal): AsyncIterable<readonly Tick[]> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const params = { date, ...(codes === undefined ? {} : { codes }) }
  const frames = engine.frames(
    `select t.ts_code as ts_code, grain, at, price, volume, amount, amount_est,
            toFloat64(multiIf(vendor_side = 'B', 1, vendor_side = 'S', -1, vendor_side = 'M', 0, nan)) as vendor_side, trade_count, bid1, ask1,
            row_number() over (partition by ts_code order by seq) - 1 as seq
     from fupan.ods_tick as t
     where trade_date = {date:UInt32}${only}
       and (ts_code, source) in (
         select ts_code, argMin(source, (multiIf(grain = 'TBT', 0, grain = 'AGG3S', 1, grain = 'SNAPDIFF', 2, 3), source))
         from fupan.ods_tick where trade_date = {date:UInt32}${only} group by ts_code)
     order by at, ts_code, seq`,
    { params, ...(signal === undefined ? {} : { signal }) },
  )
  for await (const frame of frames) {
    const [code, grain] = [labels(frame, 'ts_code'), labels(frame, 'grain')]
    const [at, price, volume, amount, estimated, side, count, bid1, ask1, seq] = ['at', 'price', 'volume', 'amount', 'amount_est', 'vendor_side', 'trade_count', 'bid1', 'ask1', 'seq'].map((name) => numbers(frame, name))
    const batch: Tick[] = []
    for (let row = 0; row < frame.length; row++) {
      batch.push({
        code: labelAt(code, row)! as Code,
        date,
        at: at![row]! as EpochMs,
        seenAt: at![row]! as EpochMs,
        seq: seq![row]!,
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
    yield batch
  }
}
