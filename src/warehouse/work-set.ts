import { labelAt, labels } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine } from './engine/engine.ts'

/** The activity rank up to which a stock belongs to the tick-level work set (DECISIONS §4). */
export const WORK_SET_RANK = 800

/**
 * 逐笔工作集 of a day: stocks of the active pool up to rank 800 on the day or on any of the 20 market days before (a stock entering the pool needs its
 * flow history). Absent when no pool was built over those days: then every stock with ticks is worked on.
 */
export async function workSet(engine: Engine, date: TradeDate): Promise<readonly string[] | undefined> {
  const frame = await engine.frame(
    `select distinct ts_code from fupan.stock_active_pool
     where pool_rank <= {rank:UInt32} and trade_date <= {date:UInt32}
       and trade_date >= (select min(cal_date) from fupan.dim_trade_cal where exchange = 'SSE' and is_open = 1
         and day_idx >= (select any(day_idx) from fupan.dim_trade_cal where exchange = 'SSE' and cal_date = {date:UInt32}) - 20)
     order by ts_code`,
    { params: { date, rank: WORK_SET_RANK } },
  )
  if (frame.length === 0) return undefined
  const code = labels(frame, 'ts_code')
  return Array.from({ length: frame.length }, (_, row) => labelAt(code, row)!)
}
