import { confidenceOn } from '#core/market-day.ts'
import { MARKET_PHASES, marketPhaseAt } from '#core/market-phase.ts'
import { MARKETS, PROFILES } from '#core/market-profile.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { z } from 'zod'
import { defineRoute } from '../route.ts'

/** 市场状态 (spec simulator §16, `market_status`): the phase of the day by the exchange's timetable, since when, and what comes next. */
export const marketStatus = defineRoute({
  path: 'GET /api/market/status',
  summary: 'Phase of the trading day',
  query: z.object({ market: z.enum(MARKETS).default('cn') }),
  reply: z.object({
    market: z.enum(MARKETS),
    timezone: z.string(),
    trade_date: z.number(),
    is_trading_day: z.boolean(),
    is_open: z.boolean(),
    phase: z.enum(MARKET_PHASES),
    phase_since: z.number(),
    next_phase: z.enum(MARKET_PHASES),
    next_phase_at: z.number(),
    /** 'provisional' on days beyond the closures that are known: there every weekday counts as a market day. */
    calendar_confidence: z.enum(['settled', 'provisional']),
    /** Stocks suspended on the trade date; null while nobody has said, and where nobody does. */
    halted_count: z.number().nullable(),
    updated_at: z.number(),
  }),
  maxAge: 1,
  async handle({ market }, { engine, clock }) {
    const now = clock.now()
    const moment = marketPhaseAt(now, market)
    return {
      market,
      timezone: PROFILES[market].zone,
      trade_date: moment.tradeDate,
      is_trading_day: moment.isTradingDay,
      is_open: moment.isOpen,
      phase: moment.phase,
      phase_since: moment.since,
      next_phase: moment.next,
      next_phase_at: moment.nextAt,
      calendar_confidence: confidenceOn(market, moment.tradeDate),
      halted_count: market === 'cn' ? await haltedOn(engine, moment.tradeDate) : null,
      updated_at: now,
    }
  },
})

async function haltedOn(engine: Engine, date: TradeDate): Promise<number | null> {
  const [labels] = await engine.rows<{ stocks: number; halted: number }>(
    'select toUInt32(count()) as stocks, toUInt32(countIf(is_suspended = 1)) as halted from fupan.dwd_stock_label_daily where trade_date = {date:UInt32}',
    { params: { date } },
  )
  return labels!.stocks === 0 ? null : labels!.halted
}
