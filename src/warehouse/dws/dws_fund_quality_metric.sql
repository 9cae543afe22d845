-- dws_fund_quality_metric: the own bars behind the rise windows of a range: its days and the 20 own bars before, with the day's flow where ticks exist.
with wanted as (
  select ts_code, min(bar_no) as first_bar
  from fupan.dwd_stock_daily_standard
  where trade_date between {from:UInt32} and {to:UInt32}
  group by ts_code
),
-- only stocks with any flow can have a row worth computing
flowing as (
  select distinct ts_code from fupan.stock_microstructure_daily where trade_date <= {to:UInt32} and trade_date >= {since:UInt32}
)
select
  s.ts_code as ts_code, s.trade_date as trade_date, s.close as close, s.close_hfq as close_hfq, s.adj_factor as adj_factor,
  m.big_net_value as big_net_value, m.total_value as total_value, m.big_buy_value as big_buy_value, m.big_buy_volume as big_buy_volume,
  b.free_share * 10000 as free_shares,       -- 万股 → 股
  b.float_share * 10000 as float_shares
from (
  select ts_code, trade_date, close, close_hfq, adj_factor, bar_no
  from fupan.dwd_stock_daily_standard
  where trade_date between {since:UInt32} and {to:UInt32} and ts_code in flowing
) as s
inner join wanted as w on w.ts_code = s.ts_code
left join (
  select trade_date, ts_code, big_net_value, toNullable(total_value) as total_value, big_buy_value, big_buy_volume
  from fupan.stock_microstructure_daily
  where trade_date between {since:UInt32} and {to:UInt32}
) as m on m.ts_code = s.ts_code and m.trade_date = s.trade_date
left join (
  select trade_date, ts_code, free_share, float_share from fupan.ods_daily_basic where trade_date between {from:UInt32} and {to:UInt32}
) as b on b.ts_code = s.ts_code and b.trade_date = s.trade_date
where s.bar_no + 20 >= w.first_bar
order by ts_code, trade_date
