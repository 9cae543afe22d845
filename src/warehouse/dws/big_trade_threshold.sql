-- big_trade_threshold: the sample behind the thresholds of one day, some stocks at a time: continuous-trading records of the 60 trading days before it.
with days as (
  select cal_date, day_idx from fupan.dim_trade_cal where exchange = 'SSE' and is_open = 1
),
today as (
  select min(day_idx) as day_idx from days where cal_date = {from:UInt32}
),
-- both classes in one row a stock, taken apart below: grouping by the class as well costs half as much again
classes as (
  select
    ts_code,
    [('TBT', uniqExactIf(trade_date, grain = 'TBT'), countIf(grain = 'TBT'), quantilesExactInclusiveIf(0.9, 0.95)(amount / 1000, grain = 'TBT')),    -- 厘 → 元
     ('AGG', uniqExactIf(trade_date, grain != 'TBT'), countIf(grain != 'TBT'), quantilesExactInclusiveIf(0.9, 0.95)(amount / 1000, grain != 'TBT'))] as pair
  from fupan.ods_tick
  where trade_date >= (select min(cal_date) from days where day_idx >= (select day_idx from today) - 60) and trade_date < {from:UInt32}
    and ts_code between {first:String} and {last:String}
    -- AM and PM by the dated session rules; Shanghai traded continuously to 15:00 until its closing call began
    and (
      (at + 28800000) % 86400000 between {am_start:UInt32} and {am_end:UInt32}
      or (at + 28800000) % 86400000 between {pm_start:UInt32}
        and if(trade_date < {sh_call_from:UInt32} and endsWith(ts_code, '.SH'), {sh_pm_end:UInt32}, {pm_end:UInt32})
    )
  group by ts_code
),
sample as (
  select ts_code, class.1 as grain_class, class.2 as n_days, class.3 as n_trades, class.4 as values
  from classes array join pair as class
  where class.3 > 0
),
-- who needs a threshold: whoever has ticks in the sample or on the day itself. A name for the sample used twice would be computed twice.
present as (
  select e.ts_code as ts_code, e.grain_class as grain_class, max(e.n_days) as n_days, max(e.n_trades) as n_trades, argMax(e.values, e.n_days) as values
  from (
    select ts_code, grain_class, n_days, n_trades, values from sample
    union all
    select ts_code, if(grain = 'TBT', 'TBT', 'AGG') as grain_class, 0 as n_days, 0 as n_trades, emptyArrayFloat64() as values
    from fupan.ods_tick where trade_date = {from:UInt32} and ts_code between {first:String} and {last:String} group by ts_code, grain_class
  ) as e
  group by e.ts_code, e.grain_class
),
turnover as (
  -- summed as decimals: the order in which threads finish must not show
  select ts_code, toFloat64(sum(toDecimal64(amount_cny, 4))) / count() as mean_amount, count() as n_bars
  from fupan.dwd_daily
  where is_bar_valid = 1 and trade_date < {from:UInt32} and ts_code between {first:String} and {last:String}
    and trade_date >= (select min(cal_date) from days where day_idx >= (select day_idx from today) - 20)
  group by ts_code
)
select
  p.ts_code as ts_code,
  p.grain_class as grain_class,
  toUInt32(p.n_days) as n_days,
  toUInt32(p.n_trades) as n_trades,
  if(p.n_days = 0, null, p.values[1]) as p90,
  if(p.n_days = 0, null, p.values[2]) as p95,
  if(ifNull(t.n_bars, 0) = 0, null, t.mean_amount) as mean_amount,
  toUInt32(ifNull(t.n_bars, 0)) as n_bars
from present as p
left join turnover as t on t.ts_code = p.ts_code
order by ts_code, grain_class
