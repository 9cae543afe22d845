-- dwd_adj_factor: 复权因子 on every own bar. Vendor factors win; without any, the exchange's reference prices imply them.
with vendor_codes as (
  select distinct ts_code from fupan.ods_adj_factor
),
-- vendor: the last factor on or before the day; before the first known one, the first (spec warehouse-dwd §3)
vendor_rows as (
  select
    d.trade_date as trade_date, d.ts_code as ts_code,
    if(f.trade_date = 0, first.adj_factor, f.adj_factor) as adj_factor,
    'vendor' as origin,
    toUInt8(f.trade_date != d.trade_date) as is_filled
  from (select trade_date, ts_code from fupan.dwd_daily where trade_date between {from:UInt32} and {to:UInt32} and ts_code in vendor_codes) as d
  asof left join (select ts_code, trade_date, adj_factor from fupan.ods_adj_factor where trade_date <= {to:UInt32}) as f
    on f.ts_code = d.ts_code and f.trade_date <= d.trade_date
  inner join (select ts_code, argMin(adj_factor, trade_date) as adj_factor from fupan.ods_adj_factor group by ts_code) as first
    on first.ts_code = d.ts_code
),
-- implied: 10.50 yesterday, reference 5.00 today → factor × 2.1; equal prices give exactly 1, so rounding never accumulates
steps as (
  select
    trade_date, ts_code, adjusted_scale,
    lagInFrame(toNullable(close)) over (partition by ts_code order by trade_date rows between 1 preceding and current row) as previous_close,
    pre_close
  from fupan.dwd_daily
  where trade_date <= {to:UInt32} and ts_code not in vendor_codes and is_bar_valid = 1
),
implied_rows as (
  select
    trade_date, ts_code,
    exp(sum(if(adjusted_scale = 1 or previous_close is null or pre_close is null or abs(previous_close - pre_close) < 0.00005, 0, log(previous_close / pre_close)))
      over (partition by ts_code order by trade_date rows between unbounded preceding and current row)) as adj_factor,
    if(adjusted_scale = 1, 'none', 'implied') as origin,
    toUInt8(0) as is_filled
  from steps
)
select trade_date, ts_code, adj_factor, origin, is_filled from vendor_rows
union all
select trade_date, ts_code, assumeNotNull(adj_factor) as adj_factor, origin, is_filled from implied_rows where trade_date >= {from:UInt32}
