-- dws_intraday_baseline: what was usual in each five minutes over the 20 trading days before a day. The day itself need not have traded yet.
with days as (
  select cal_date, assumeNotNull(day_idx) as day_idx from fupan.dim_trade_cal where exchange = 'SSE' and is_open = 1
),
wanted as (
  select cal_date, day_idx from days where cal_date between {from:UInt32} and {to:UInt32}
),
history as (
  select f.ts_code as ts_code, f.bucket as bucket, arraySort(groupArray((d.day_idx, f.net_ratio, f.big_density))) as seen
  from fupan.dws_flow_bucket as f
  inner join days as d on d.cal_date = f.trade_date
  where f.trade_date < {to:UInt32} and f.trade_date >= (select min(cal_date) from days where day_idx >= (select min(day_idx) from wanted) - 20)
  group by ts_code, bucket
),
samples as (
  select
    w.cal_date as trade_date,
    h.ts_code as ts_code,
    h.bucket as bucket,
    arrayFilter(each -> each.1 < w.day_idx and each.1 >= w.day_idx - 20, h.seen) as days_before,
    arrayMap(each -> each.2, days_before) as net_ratios,
    arrayReduce('quantileExactInclusive(0.5)', net_ratios) as median
  from history as h
  cross join wanted as w
  where length(days_before) >= 5
)
select
  trade_date,
  ts_code,
  bucket,
  arrayAvg(net_ratios) as net_ratio_mean,
  -- 1.4826: the median deviation of a normal sample estimates its standard deviation
  greatest(0.05, 1.4826 * arrayReduce('quantileExactInclusive(0.5)', arrayMap(each -> abs(each - median), net_ratios))) as net_ratio_sigma,
  arrayAvg(each -> each.3, days_before) as big_density_mean,
  toUInt32(length(days_before)) as n_days
from samples
