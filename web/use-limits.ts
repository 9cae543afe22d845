import { useMemo } from 'react'
import type { StockReply } from './api.ts'
import type { Quote } from './state/headline.ts'
import { limitLines } from './state/limit-lines.ts'
import type { Adjust } from './state/page-search.ts'

interface LimitsFrom {
  readonly code: string
  readonly adjust: Adjust
  readonly stock: StockReply | undefined
  readonly quote: Quote | undefined
  readonly listDays: number | undefined
}

/** 涨跌停价 of the day of the last price; none under 后复权, where today's prices are not the chart's. */
export function useLimits({ code, adjust, stock, quote, listDays }: LimitsFrom) {
  const { trade_date: date, pre_close: previousClose } = quote ?? {}
  const { name, board } = stock ?? {}
  return useMemo(
    () =>
      date === undefined || previousClose === undefined || name === undefined || board === undefined || adjust === 'hfq'
        ? undefined
        : limitLines({ code, name, board, date, previousClose }, listDays),
    [code, name, board, date, previousClose, adjust, listDays],
  )
}
