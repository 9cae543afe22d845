import { isLabels, labelAt, toLabels } from '#core/frame.ts'
import { optionalText, pastDate, requiredText, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 停复牌: an empty window is the whole day. */
export const tushareSuspendD = vendorTable({
  name: 'tushare_suspend_d',
  label: { zh: 'TuShare 停复牌', en: 'TuShare suspensions' },
  about: 'TuShare suspend_d: ts_code,trade_date,suspend_type (S or R),suspend_timing (empty = whole day).',
  table: 'ods_suspend_d',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: securityCode('ts_code'),
    suspend_type: requiredText('suspend_type'),
    suspend_timing: optionalText('suspend_timing'),
  },
  derive({ suspend_timing }, table) {
    const timing = suspend_timing !== undefined && isLabels(suspend_timing) ? suspend_timing : undefined
    return { suspend_timing_key: toLabels(table.line.map((_, row) => (timing === undefined ? '' : (labelAt(timing, row) ?? '')))) }
  },
  check({ suspend_type }, sieve) {
    if (suspend_type === undefined || !isLabels(suspend_type)) return
    for (let row = 0; row < sieve.length; row++) {
      const type = labelAt(suspend_type, row)
      if (type !== 'S' && type !== 'R') sieve.reject(row, 'BAD_ROW', type ?? '')
    }
  },
})
