import { isLabels, labelAt, numbers, toLabels, type Column } from '#core/frame.ts'
import { isUnknown } from '../cells.ts'
import { optionalDate, optionalNumber, optionalText, pastDate, priceField, requiredText, securityCode, vendorTable } from '../vendor-table.ts'
import { cellsOf } from '../header.ts'

/** 外部价位表: price levels from elsewhere, with the columns of `abu_price_levels`; only stock, date, price and type must be there. */
export const priceLevels = vendorTable({
  name: 'price_levels',
  label: { zh: '外部价位表', en: 'Price levels' },
  about: 'ts_code,calc_date,level_price,level_type (support, resistance, flip), optionally level_id,strength (0 to 1),flip_dir,break_date.',
  table: 'ods_price_level',
  fields: {
    trade_date: pastDate('calc_date', 'trade_date'),
    ts_code: securityCode('ts_code', 'code'),
    level_id: optionalText('level_id'),
    level_price: priceField('level_price'),
    level_type: requiredText('level_type'),
    flip_dir: optionalText('flip_dir'),
    break_date: optionalDate('break_date'),
    strength: optionalNumber('strength'),
  },
  marks: [['level_price'], ['level_type']],
  rest: 'remarks',
  check(columns, sieve, table) {
    const [type, strength] = [cellsOf(table, 'level_type') ?? [], columns['strength']]
    for (let row = 0; row < sieve.length; row++) {
      if (!isUnknown(type[row]!) && !/^(?:support|resistance|flip)$/.test(type[row]!.trim())) sieve.reject(row, 'BAD_ROW', `level_type ${type[row]}`)
      if (strength === undefined || isLabels(strength)) continue
      if (strength[row]! < 0 || strength[row]! > 1) sieve.reject(row, 'BAD_NUMBER', `strength ${strength[row]}`)
    }
  },
  derive: (columns) => ({ level_id: named(columns) }),
})

/** A level without an id is known by its price. */
function named(columns: Readonly<Record<string, Column>>): Column {
  const [given, price] = [columns['level_id'], numbers({ length: 0, columns }, 'level_price')]
  return toLabels(Array.from(price, (value, row) => (given !== undefined && isLabels(given) ? labelAt(given, row) : undefined) ?? `price ${value}`))
}
