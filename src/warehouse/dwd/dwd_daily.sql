-- dwd_daily: 日频行情. One row per stock per vendor bar. From here on: 股 and 元, never 手 and 千元.
with bars as (
  select trade_date, ts_code, open, high, low, close, pre_close, pct_chg, vol, amount, 0 as adjusted_scale
  from fupan.ods_daily
  where trade_date <= {to:UInt32}
  union all
  -- forward-adjusted bars count until the stock's unadjusted ones begin
  select q.trade_date as trade_date, q.ts_code as ts_code, q.open as open, q.high as high, q.low as low, q.close as close,
         q.pre_close as pre_close, q.pct_chg as pct_chg, q.vol as vol, q.amount as amount, 1 as adjusted_scale
  from fupan.ods_daily_qfq as q
  left join (select ts_code, min(trade_date) as first_date from fupan.ods_daily where trade_date <= {to:UInt32} group by ts_code) as r on r.ts_code = q.ts_code
  where q.trade_date <= {to:UInt32} and (r.first_date = 0 or q.trade_date < r.first_date)
),
wanted as (
  select * from bars where trade_date >= {from:UInt32}
),
-- the previous own close, looked up only for rows whose vendor gave no reference price
imputed as (
  select w.trade_date as trade_date, w.ts_code as ts_code, argMax(b.close, b.trade_date) as previous_close
  from wanted as w inner join bars as b on b.ts_code = w.ts_code
  where w.pre_close is null and b.trade_date < w.trade_date and b.adjusted_scale = w.adjusted_scale
    -- an own bar is one that traded at prices that can be
    and b.vol > 0 and b.low > 0 and b.low <= least(b.open, b.close) + 1e-6 and b.high >= greatest(b.open, b.close) - 1e-6
  group by w.trade_date, w.ts_code
),
settled as (
  select
    w.trade_date as trade_date, w.ts_code as ts_code, w.open as open, w.high as high, w.low as low, w.close as close,
    w.pct_chg as pct_chg, w.adjusted_scale as adjusted_scale,
    coalesce(w.pre_close, i.previous_close) as pre_close,
    w.pre_close is null and i.previous_close is not null as is_imputed,
    coalesce(w.vol, 0) * 100 as vol_shares,                                                 -- 手 → 股
    coalesce(w.amount * 1000, if(w.vol > 0, w.close * w.vol * 100, 0)) as amount_cny,      -- 千元 → 元
    w.amount is null and w.vol > 0 as is_amount_estimated
  from wanted as w
  left join (select trade_date, ts_code, toNullable(previous_close) as previous_close from imputed) as i
    on i.trade_date = w.trade_date and i.ts_code = w.ts_code
  where w.open > 0 and w.high > 0 and w.low > 0 and w.close > 0
)
select
  trade_date, ts_code, open, high, low, close,
  if(pre_close > 0, pre_close, null) as pre_close,
  if(pre_close > 0, close / pre_close - 1, null) as ret_1d,
  vol_shares,
  amount_cny,
  if(vol_shares > 0, amount_cny / vol_shares, null) as vwap,
  toFloat64(adjusted_scale) as adjusted_scale,
  toUInt8(low <= least(open, close) + 1e-6 and high >= greatest(open, close) - 1e-6 and vol_shares > 0) as is_bar_valid,
  toUInt32(
    1 * ifNull(is_imputed, 0)
    + 2 * ifNull(abs(pct_chg - 100 * (close / pre_close - 1)) > 0.02, 0)
    + 4 * ifNull(is_amount_estimated or (adjusted_scale = 0 and vol_shares > 0 and (amount_cny / vol_shares < low * 0.995 or amount_cny / vol_shares > high * 1.005)), 0)
    + 16 * (low > least(open, close) + 1e-6 or high < greatest(open, close) - 1e-6)
    + 32 * (vol_shares <= 0)
    + 256 * adjusted_scale
  ) as fix_flags
from settled
