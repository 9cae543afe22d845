import { aShareCalendar } from '#core/a-share-calendar.ts'
import { MARKET_PHASES, marketPhaseAt } from '#core/market-phase.ts'
import { z } from 'zod'
import { defineRoute } from '../route.ts'

/** 市场状态 (spec simulator §16, `market_status`): the phase of the day by the exchange's timetable, since when, and what comes next. */
export const marketStatus = defineRoute({
  path: 'GET /api/market/status',
  summary: 'Phase of the trading day',
  query: z.object({ market: z.enum(['cn']).default('cn') }),
  reply: z.object({
    market: z.literal('cn'),
    trade_date: z.number(),
    is_trading_day: z.boolean(),
    is_open: z.boolean(),
    phase: z.enum(MARKET_PHASES),
    phase_since: z.number(),
    next_phase: z.enum(MARKET_PHASES),
    next_phase_at: z.number(),
    /** Stocks suspended on the trade date; null while nobody has said. */
    halted_count: z.number().nullable(),
    updated_at: z.number(),
  }),
  maxAge: 1,
  async handle({ market }, { engine, clock }) {
    const now = clock.now()
    const moment = marketPhaseAt(now, aShareCalendar)
    const [labels] = await engine.rows<{ stocks: number; halted: number }>(
      'select toUInt32(count()) as stocks, toUInt32(countIf(is_suspended = 1)) as halted from fupan.dwd_stock_label_daily where trade_date = {date:UInt32}',
      { params: { date: moment.tradeDate } },
    )
    return {
      market,
      trade_date: moment.tradeDate,
      is_trading_day: moment.isTradingDay,
      is_open: moment.isOpen,
      phase: moment.phase,
      phase_since: moment.since,
      next_phase: moment.next,
      next_phase_at: moment.nextAt,
      halted_count: labels!.stocks === 0 ? null : labels!.halted,
      updated_at: now,
    }
  },
})
