-- dwd_adj_factor: 复权因子 on every own bar. Vendor factors win from the day they begin; what lies before is chained on by the exchange's reference
-- prices. A row reads nothing later than its day, so building one day equals building all.
with factors as (
  select ts_code, trade_date, adj_factor from fupan.ods_adj_factor where trade_date <= {to:UInt32}
),
-- from when on a stock's bars are traded prices with a vendor factor: never, for stocks without any
stocks as (
  select
    b.ts_code as ts_code, b.first_bar as first_bar,
    if(f.since = 0 or b.first_traded = 0, 99999999, greatest(f.since, b.first_traded)) as vendor_from
  from (
    select ts_code, min(trade_date) as first_bar, minIf(trade_date, adjusted_scale = 0) as first_traded
    from fupan.dwd_daily
    where trade_date <= {to:UInt32} and is_bar_valid = 1
    group by ts_code
  ) as b
  left join (select ts_code, min(trade_date) as since from factors group by ts_code) as f on f.ts_code = b.ts_code
),
-- implied: 10.50 yesterday, reference 5.00 today → factor × 2.1; equal prices give exactly 1, so rounding never accumulates
steps as (
  select
    trade_date, ts_code, adjusted_scale,
    lagInFrame(toNullable(close)) over (partition by ts_code order by trade_date rows between 1 preceding and current row) as previous_close,
    pre_close
  from fupan.dwd_daily
  where trade_date <= {to:UInt32} and is_bar_valid = 1 and ts_code in (select ts_code from stocks where first_bar < vendor_from)
),
chain as (
  select
    trade_date, ts_code, adjusted_scale,
    exp(sum(if(adjusted_scale = 1 or previous_close is null or pre_close is null or abs(previous_close - pre_close) < 0.00005, 0, log(previous_close / pre_close)))
      over (partition by ts_code order by trade_date rows between unbounded preceding and current row)) as factor
  from steps
),
-- a vendor who begins in the middle goes on from where the chain stands: no step where none was
scales as (
  select c.ts_code as ts_code, argMin(assumeNotNull(c.factor) / f.adj_factor, c.trade_date) as scale
  from (select c.ts_code as ts_code, c.trade_date as trade_date, c.factor as factor from chain as c inner join stocks as s on s.ts_code = c.ts_code where c.trade_date >= s.vendor_from) as c
  asof inner join factors as f on f.ts_code = c.ts_code and f.trade_date <= c.trade_date
  group by c.ts_code
)
select
  d.trade_date as trade_date,
  d.ts_code as ts_code,
  f.adj_factor * if(s.scale > 0, s.scale, 1) as adj_factor,
  'vendor' as origin,
  toUInt8(f.trade_date != d.trade_date) as is_filled
from (
  select d.trade_date as trade_date, d.ts_code as ts_code
  from (select trade_date, ts_code from fupan.dwd_daily where trade_date between {from:UInt32} and {to:UInt32}) as d
  inner join stocks as s on s.ts_code = d.ts_code
  where d.trade_date >= s.vendor_from
) as d
asof inner join factors as f on f.ts_code = d.ts_code and f.trade_date <= d.trade_date
left join scales as s on s.ts_code = d.ts_code
union all
select
  c.trade_date as trade_date,
  c.ts_code as ts_code,
  assumeNotNull(c.factor) as adj_factor,
  if(c.adjusted_scale = 1, 'none', 'implied') as origin,
  toUInt8(0) as is_filled
from chain as c
inner join stocks as s on s.ts_code = c.ts_code
where c.trade_date >= {from:UInt32} and c.trade_date < s.vendor_from
