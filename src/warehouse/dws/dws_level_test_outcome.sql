-- dws_level_test_outcome: 价位测试次日结果. The tests of a stock's previous own bar, where that lies at most ten calendar days back, against the close of the day.
with bars as (
  select trade_date, ts_code, bar_no, close_hfq, adj_factor, toUInt32(toRelativeDayNum(YYYYMMDDToDate(trade_date))) as day
  from fupan.dwd_stock_daily_standard
  where trade_date <= {to:UInt32} and trade_date >= toYYYYMMDD(YYYYMMDDToDate({from:UInt32}) - 10)
)
select
  n.trade_date as trade_date,
  t.ts_code as ts_code,
  t.trade_date as test_date,
  t.level_id as level_id,
  t.test_id as test_id,
  assumeNotNull(t.p_exit) as p_exit,
  toNullable(n.close_hfq / p.adj_factor / assumeNotNull(t.p_exit) - 1) as future_return_1d
from fupan.stock_level_microstructure as t
inner join bars as p on p.ts_code = t.ts_code and p.trade_date = t.trade_date
inner join bars as n on n.ts_code = t.ts_code and n.bar_no = p.bar_no + 1
where t.trade_date < {to:UInt32} and t.trade_date >= toYYYYMMDD(YYYYMMDDToDate({from:UInt32}) - 10)
  and n.trade_date between {from:UInt32} and {to:UInt32} and n.day - p.day <= 10 and t.p_exit is not null
