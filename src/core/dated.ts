import { formatDate, type TradeDate } from './trade-date.ts'

/** What a rule said from a day on, until the next row begins (or until `to`, included, when nothing followed), and who said it. */
export interface Dated<Value> {
  readonly from: TradeDate
  readonly to?: TradeDate
  readonly value: Value
  /** The rule book or announcement the row was read from. */
  readonly source: string
}

/** 交易规则: lists of dated rows, one per case (board, exchange, product). A rule that changes is one more row, never an `if`. */
export interface Rule<Case extends string, Value> {
  readonly name: string
  readonly label: { readonly zh: string; readonly en: string }
  /** One line: what the values mean and their unit. */
  readonly about: string
  /** Rows of each case in ascending order of `from`. */
  readonly rows: Readonly<Record<Case, readonly Dated<Value>[]>>
}

export function defineRule<Case extends string, Value>(rule: Rule<Case, Value>): Rule<Case, Value> {
  return rule
}

/** The value in force on a date. Throws RangeError when no row covers it: the message names the rule and what is covered. */
export function ruleOn<Case extends string, Value>(rule: Rule<Case, Value>, kase: Case, date: TradeDate): Value {
  const rows = rule.rows[kase]
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]!
    if (date < row.from) continue
    if (row.to !== undefined && date > row.to) break
    return row.value
  }
  throw new RangeError(
    `Cannot tell ${rule.name} of "${kase}" on ${formatDate(date)}: a dated row must cover the day, found ${covered(rows)}. Add the row with its source in core/rules`,
  )
}

function covered(rows: readonly Dated<unknown>[]): string {
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return 'no rows'
  return `rows from ${formatDate(first.from)} ${last.to === undefined ? 'on' : `to ${formatDate(last.to)}`}`
}
