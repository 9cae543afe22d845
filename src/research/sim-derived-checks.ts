/** A check as SQL: `rows` gives one row per thing looked at, with `what` to name it and `holds`; a comparison with NULL does not hold. */
export interface SqlCheck {
  readonly name: string
  /** What must hold, with its tolerance. */
  readonly rule: string
  readonly rows: string
}

const stockDay = "concat(toString(ts_code), ' ', toString(trade_date))"

const NO_ROW = 'settings join_use_nulls = 1'

const SIDES = ['buy', 'sell'] as const

/** The sum over the classes of order, each rounded to the whole unit it was made of. */
function sumOf(before: string, after: string, unit = '1e7'): string {
  return ['sm', 'md', 'lg', 'elg'].map((size) => `round(${before}${size}${after} * ${unit})`).join(' + ')
}

/** The first and the last day of a week or a month, as SQL over a date column; months also match a bar's calendar month end. */
const PERIODS = [
  { table: 'ods_weekly', name: 'week', key: (date: string) => `toMonday(YYYYMMDDToDate32(${date}))` },
  { table: 'ods_monthly', name: 'month', key: (date: string) => `toStartOfMonth(YYYYMMDDToDate32(${date}))` },
] as const

/** Limits, names, and bars of weeks and months (spec simulator §9.1.2, §9.5): what follows from the daily rows. */
export const DERIVED_CHECKS: readonly SqlCheck[] = [
  {
    name: 'published limits',
    rule: 'one row per bar with its reference price; low and high inside the limits where there are any',
    rows: `
      select ${stockDay} as what, l.pre_close = d.pre_close and (no_limit = 1 or (down_limit <= d.low and d.high <= up_limit)) as holds
      from (select ts_code, trade_date, pre_close, low, high from fupan.ods_daily) as d
      full outer join (select ts_code, trade_date, pre_close, up_limit, down_limit, no_limit from fupan.ods_stk_limit) as l using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  ...PERIODS.map(({ table, name, key }) => ({
    name: `${name} bar = its days`,
    rule: 'open of the first, highest high, lowest low, close of the last, sums of volume and amount, exact; one bar per stock and finished period with trading',
    rows: `
      select concat(toString(ts_code), ' ', toString(period)) as what,
        p.bars = 1 and p.open = d.open and p.high = d.high and p.low = d.low and p.close = d.close and p.vol = d.vol and p.amount = d.amount
          and p.last_open = d.last_open as holds
      from (
        select ts_code, ${key('trade_date')} as period, toUInt32(1) as bars, open, high, low, close, round(vol * 100) as vol, round(amount * 1000000) as amount,
          period_end_open_day as last_open
        from fupan.${table}
      ) as p
      full outer join (
        select ts_code, ${key('trade_date')} as period, argMin(open, trade_date) as open, max(high) as high, min(low) as low, argMax(close, trade_date) as close,
          sum(round(vol * 100)) as vol, sum(round(amount * 1000000)) as amount, any(last_of.last_open) as last_open
        from fupan.ods_daily as d
        inner join (
          select ${key('trade_date')} as period, max(trade_date) as last_open from fupan.ods_adj_factor group by period
          having period < (select max(${key('trade_date')}) from fupan.ods_adj_factor) or period in (select ${key('trade_date')} from fupan.${table})
        ) as last_of on last_of.period = ${key('d.trade_date')}
        group by ts_code, period
      ) as d using (ts_code, period)
      ${NO_ROW}`,
  })),
  {
    name: 'names and warnings',
    rule: 'each stock-day shows exactly one name, and on a day of the list of risk warnings it is the name on that list',
    rows: `
      select ${stockDay} as what, names = 1 and (warned is null or warned = shown) as holds
      from (
        select f.ts_code as ts_code, f.trade_date as trade_date, countIf(n.start_date <= f.trade_date and (n.end_date is null or n.end_date >= f.trade_date)) as names,
          anyIf(n.name, n.start_date <= f.trade_date and (n.end_date is null or n.end_date >= f.trade_date)) as shown
        from fupan.ods_adj_factor as f left join fupan.ods_namechange as n on n.ts_code = f.ts_code group by ts_code, trade_date
      ) as k
      left join (select ts_code, trade_date, name as warned from fupan.ods_stock_st) as w using (ts_code, trade_date)
      ${NO_ROW}`,
  },
  {
    name: 'money flow of a bar',
    rule: 'one row per bar outside Beijing; the classes of each side add up to the amount and the volume of the bar, exact; the net lies within them',
    rows: `
      select ${stockDay} as what, ${SIDES.map((side) => `round(${sumOf(`${side}_`, '_amount')}) = round(amount * 1e6) and round(${sumOf(`${side}_`, '_vol', '100')}) = round(vol * 100)`).join(' and ')}
        and abs(net_mf_amount) * 10 <= amount as holds
      from (select ts_code, trade_date, vol, amount from fupan.ods_daily where not endsWith(ts_code, '.BJ')) as d
      full outer join (select * from fupan.ods_moneyflow) as m using (ts_code, trade_date)
      ${NO_ROW}`,
  },
]
