-- dwd_stock_label_daily: the facts behind the labels; the price limits are computed from them by core/price-limit.ts.
with days as (
  select cal_date, day_idx from fupan.dim_trade_cal where exchange = 'SSE' and is_open = 1
),
bars as (
  select trade_date, ts_code, close, pre_close, adjusted_scale from fupan.dwd_daily where trade_date <= {to:UInt32} and is_bar_valid = 1
),
stocks as (
  select b.ts_code as ts_code, min(b.trade_date) as first_date, any(s.list_date) as list_date
  from (select ts_code, trade_date from bars) as b
  left join (select ts_code, list_date from fupan.dim_stock) as s on s.ts_code = b.ts_code
  group by b.ts_code
),
grid as (
  select c.cal_date as trade_date, c.day_idx as day_idx, s.ts_code as ts_code, coalesce(s.list_date, s.first_date) as since
  from (select cal_date, day_idx from days where cal_date between {from:UInt32} and {to:UInt32}) as c
  cross join stocks as s
  where c.cal_date >= s.first_date
),
placed as (
  select g.trade_date as trade_date, g.day_idx as day_idx, g.ts_code as ts_code, g.since as since,
         b.trade_date as bar_date, b.close as close, b.pre_close as pre_close, b.adjusted_scale as adjusted_scale
  from grid as g
  asof inner join bars as b on b.ts_code = g.ts_code and b.trade_date <= g.trade_date
)
select
  p.trade_date as trade_date,
  p.ts_code as ts_code,
  p.close as close,
  if(p.bar_date = p.trade_date and p.adjusted_scale = 0, p.pre_close, null) as pre_close,
  toUInt32(p.day_idx - coalesce(listed.day_idx, 1) + 1) as list_days,
  toUInt32(p.since) as list_date,
  toUInt32(p.day_idx - barred.day_idx) as suspend_days,
  if(st_days.st_date is null, null, toUInt8(st.ts_code is not null)) as is_st
from placed as p
inner join days as barred on barred.cal_date = p.bar_date
left join (select cal_date, toNullable(day_idx) as day_idx from days) as listed on listed.cal_date = p.since
left join (select distinct trade_date, toNullable(trade_date) as st_date from fupan.ods_stock_st where trade_date between {from:UInt32} and {to:UInt32}) as st_days
  on st_days.trade_date = p.trade_date
left join (select trade_date, toNullable(toString(ts_code)) as ts_code from fupan.ods_stock_st where trade_date between {from:UInt32} and {to:UInt32}) as st
  on st.trade_date = p.trade_date and st.ts_code = p.ts_code
where p.day_idx - barred.day_idx <= 250
order by trade_date, ts_code
