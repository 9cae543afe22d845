import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import { priceLimits } from '#core/rules/price-limits.ts'
import { dateOfDayNumber, dayNumber } from '#core/trade-date.ts'
import { category, date, nullable, ratio, text } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 涨跌幅规则表: the dated price limits of core/rules as rows. Days without a row have no limit; first days of a listing are not in here. */
export const dimPriceLimitRule = defineTable({
  name: 'dim_price_limit_rule',
  layer: 'dim',
  label: { zh: '涨跌幅规则', en: 'Price-limit rules' },
  about: 'One row per class of stock and validity: the limit as a fraction of the previous close, up and down.',
  grain: ['limit_class', 'valid_from'],
  partition: 'none',
  columns: {
    limit_class: category('类别', 'Class', { about: 'Board and, on the main board, the status: main, main_st, main_s_share, chinext, star, bse, fund, …' }),
    valid_from: date('生效日', 'Valid from'),
    valid_to: nullable(date('失效日', 'Valid to', { about: 'Included; NULL = still in force.' })),
    limit_pct: ratio('涨跌幅限制', 'Price limit'),
    source: text('依据', 'Source'),
  },
  inputs: [],
  build: { by: 'rules', rows: limitRows },
  audits: [unique('limit_class', 'valid_from'), holds('limit_plausible', 'limit_pct between 0.01 and 1', 'limit_class, valid_from, limit_pct')],
  readyAt: '00:00',
})

function limitRows(): Frame {
  const rows = Object.entries(priceLimits.rows).flatMap(([limitClass, dated]) =>
    dated.map((row, i) => {
      const next = dated[i + 1]?.from
      return {
        limitClass,
        from: row.from,
        to: row.to ?? (next === undefined ? NaN : dateOfDayNumber(dayNumber(next) - 1)),
        percent: row.value,
        source: row.source,
      }
    }),
  )
  return frameOf({
    limit_class: toLabels(rows.map((row) => row.limitClass)),
    valid_from: Uint32Array.from(rows, (row) => row.from),
    valid_to: Float64Array.from(rows, (row) => row.to),
    limit_pct: Float64Array.from(rows, (row) => row.percent / 100),
    source: toLabels(rows.map((row) => row.source)),
  })
}
