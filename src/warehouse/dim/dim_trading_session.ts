import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import { tradingSessions } from '#core/rules/trading-sessions.ts'
import { formatClock } from '#core/shanghai-time.ts'
import { dateOfDayNumber, dayNumber } from '#core/trade-date.ts'
import { category, date, nullable, text } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 交易时段表: the dated timetables of core/rules as rows, so that SQL and pages read the same rules as the code. */
export const dimTradingSession = defineTable({
  name: 'dim_trading_session',
  layer: 'dim',
  label: { zh: '交易时段', en: 'Trading sessions' },
  about: 'One row per timetable (exchange and board), validity and segment. Times are Shanghai wall-clock times; the start is included, the end is not.',
  grain: ['exchange', 'board', 'valid_from', 'segment'],
  partition: 'none',
  columns: {
    exchange: category('交易所', 'Exchange', { about: 'SH, SZ or BJ' }),
    board: category('板', 'Board', { about: 'main, chinext, star, bse or fund' }),
    valid_from: date('生效日', 'Valid from'),
    valid_to: nullable(date('失效日', 'Valid to', { about: 'Included; NULL = still in force.' })),
    segment: category('时段', 'Segment'),
    start_time: category('开始', 'Start', { unit: 'HH:MM:SS' }),
    end_time: category('结束', 'End', { unit: 'HH:MM:SS' }),
    records_until: category('记录截止', 'Records until', {
      unit: 'HH:MM:SS',
      about: 'Feeds stamp the last records late: until here they still belong to the segment.',
    }),
    source: text('依据', 'Source'),
  },
  inputs: [],
  build: { by: 'rules', rows: sessionRows },
  audits: [unique('exchange', 'board', 'valid_from', 'segment'), holds('ends_after_start', 'records_until >= start_time', 'exchange, board, segment')],
  readyAt: '00:00',
})

function sessionRows(): Frame {
  const rows = Object.entries(tradingSessions.rows).flatMap(([kase, dated]) =>
    dated.flatMap((row, i) => {
      const next = dated[i + 1]?.from
      const to = row.to ?? (next === undefined ? NaN : dateOfDayNumber(dayNumber(next) - 1))
      return row.value.map((span) => ({ exchange: kase.slice(0, 2), board: kase.slice(3), from: row.from, to, span, source: row.source }))
    }),
  )
  return frameOf({
    exchange: toLabels(rows.map((row) => row.exchange)),
    board: toLabels(rows.map((row) => row.board)),
    valid_from: Uint32Array.from(rows, (row) => row.from),
    valid_to: Float64Array.from(rows, (row) => row.to),
    segment: toLabels(rows.map((row) => row.span.segment)),
    start_time: toLabels(rows.map((row) => formatClock(row.span.start))),
    end_time: toLabels(rows.map((row) => formatClock(row.span.end))),
    records_until: toLabels(rows.map((row) => formatClock(row.span.recordsUntil))),
    source: toLabels(rows.map((row) => row.source)),
  })
}
