/**
 * The schema, one entry per version: entry i brings a database from version i to i + 1 (`pragma user_version`). Entries are only ever appended.
 * Instants are UTC epoch milliseconds, dates whole YYYYMMDD, booleans 0/1. Columns named in spec warehouse-ods §4 keep their names.
 */
export const migrations: readonly string[] = [
  `
  create table meta_lock (
    lock_name text primary key,
    owner_run_id text not null,
    fencing_token integer not null,
    lease_until integer not null
  ) strict;

  create table directory_owner (
    id integer primary key check (id = 1),
    pid integer not null,
    host text not null,
    pid_space text not null,
    process_mark text not null,
    since integer not null,
    heartbeat_at integer not null,
    url text,
    socket text,
    port integer
  ) strict;

  create table version_sequence (
    id integer primary key check (id = 1),
    value integer not null
  ) strict;
  insert into version_sequence values (1, 0);

  create table meta_etl_watermark (
    api_name text primary key,
    water_mark integer not null,
    history_start integer not null,
    status text not null check (status in ('OK', 'PARTIAL', 'DENIED', 'DISABLED')),
    last_run_id text,
    last_success_at integer,
    updated_at integer not null,
    note text
  ) strict;

  create table meta_watermark_audit (
    api_name text not null,
    old_wm integer,
    new_wm integer not null,
    reason text not null,
    run_id text,
    at integer not null
  ) strict;
  create index watermark_audit_by_name on meta_watermark_audit (api_name, at);

  create table meta_etl_run_log (
    run_id text primary key,
    parent_run_id text,
    pipeline_id text,
    job_name text not null,
    layer text not null,
    api_name text,
    mode text,
    lenient integer,
    start_date integer,
    end_date integer,
    status text not null check (status in ('PENDING', 'RUNNING', 'SUCCESS', 'SUCCESS_WITH_WARNINGS', 'PARTIAL', 'FAILED', 'CANCELLED')),
    rows_read integer,
    rows_written integer,
    rows_unchanged integer,
    rows_rejected integer,
    api_calls integer,
    retries integer not null default 0,
    bytes_in integer,
    started_at integer,
    ended_at integer,
    heartbeat_at integer,
    duration_ms integer,
    host text not null,
    pid integer not null,
    err_code text,
    err_msg text,
    args_json text,
    calc_version text,
    code_rev text,
    days integer
  ) strict;
  create index run_log_by_parent on meta_etl_run_log (parent_run_id);
  create index run_log_by_job on meta_etl_run_log (job_name, started_at);

  create table run_event (
    seq integer primary key autoincrement,
    run_id text not null,
    at integer not null,
    type text not null,
    task text,
    payload text not null
  ) strict;
  create index run_event_by_run on run_event (run_id, seq);

  create table meta_quality_check_log (
    check_id text not null,
    target text not null,
    trade_date integer not null,
    run_id text not null,
    severity text not null check (severity in ('INFO', 'WARN', 'ERROR', 'CRITICAL')),
    passed integer not null,
    metric real,
    threshold real,
    expected text,
    actual text,
    sample_json text,
    checked_at integer not null,
    primary key (check_id, target, trade_date, run_id)
  ) strict;
  create index quality_check_by_target on meta_quality_check_log (target, trade_date);

  create table partition_state (
    table_name text not null,
    trade_date integer not null,
    ver integer not null,
    rows integer not null,
    input_fingerprint text not null,
    content_digest text,
    built_at integer not null,
    run_id text not null,
    state text not null check (state in ('built', 'invalid')),
    primary key (table_name, trade_date)
  ) strict, without rowid;

  create table import_batch (
    batch_id text primary key,
    path text not null,
    kind text not null,
    file_size integer not null,
    file_mtime integer not null,
    file_sha256 text not null,
    version integer not null,
    tables_json text not null,
    state text not null check (state in ('staging', 'publishing', 'done', 'failed', 'abandoned')),
    rows_read integer not null default 0,
    rows_written integer not null default 0,
    rows_unchanged integer not null default 0,
    rows_duplicate integer not null default 0,
    rows_rejected integer not null default 0,
    reasons_json text not null default '{}',
    detail text,
    started_at integer not null,
    ended_at integer
  ) strict;
  create index import_batch_by_content on import_batch (file_sha256, kind);
  create index import_batch_by_state on import_batch (state);

  create table opportunity_event (
    opp_id text not null,
    seq integer not null,
    ts integer not null,
    trade_date integer not null,
    type text not null,
    from_state text,
    to_state text,
    confidence real,
    price real,
    payload text not null,
    run_id text not null,
    channel_seq integer not null,
    primary key (opp_id, seq),
    unique (run_id, channel_seq)
  ) strict;
  create index opportunity_event_by_date on opportunity_event (trade_date, ts);

  create view opportunity as
  select
    last.opp_id, last.trade_date, last.to_state as state, last.confidence, last.price, last.type as last_type,
    first.ts as opened_at, last.ts as updated_at, last.seq + 1 as events
  from opportunity_event as last
  join opportunity_event as first on first.opp_id = last.opp_id and first.seq = (select min(seq) from opportunity_event where opp_id = last.opp_id)
  where last.seq = (select max(seq) from opportunity_event where opp_id = last.opp_id);
  `,
  `
  create table bt_run (
    run_id text primary key,
    strategy text not null,
    version text not null,
    params_json text not null,
    param_hash text not null,
    mode text not null,
    date_from integer not null,
    date_to integer not null,
    universe text not null,
    grade text not null,
    seed integer not null,
    code_hash text not null,
    data_hash text not null,
    status text not null check (status in ('running', 'done', 'failed', 'cancelled')),
    verdict text,
    metrics_json text,
    dates blob,
    created_at integer not null,
    ended_at integer,
    note text
  ) strict;
  create index bt_run_by_strategy on bt_run (strategy, created_at);

  create table bt_trial (
    strategy text not null,
    version text not null,
    param_hash text not null,
    data_hash text not null,
    run_id text not null,
    params_json text not null,
    turnover real,
    trades integer not null,
    dates blob not null,
    returns blob not null,
    created_at integer not null,
    primary key (strategy, version, param_hash, data_hash)
  ) strict;

  create table bt_trade (
    run_id text not null,
    trade_no integer not null,
    ts_code text not null,
    entry_date integer not null,
    exit_date integer not null,
    shares integer not null,
    entry_price real not null,
    exit_price real not null,
    net_pnl real not null,
    net_return real not null,
    entry_rule text not null,
    exit_reason text not null,
    payload text not null,
    primary key (run_id, trade_no)
  ) strict;

  create table bt_order (
    run_id text not null,
    order_no integer not null,
    ts_code text not null,
    side text not null,
    type text not null,
    created_on integer not null,
    ended_on integer not null,
    state text not null,
    reason text,
    shares integer not null,
    filled_shares integer not null,
    fill_price real,
    rule text not null,
    primary key (run_id, order_no)
  ) strict;

  create table bt_equity (
    run_id text not null,
    trade_date integer not null,
    equity real not null,
    cash real not null,
    exposure real,
    primary key (run_id, trade_date)
  ) strict;

  create table bt_artifact (
    run_id text not null,
    name text not null,
    path text not null,
    bytes integer not null,
    primary key (run_id, name)
  ) strict;
  `,
  `
  create table sim_session (
    id integer primary key check (id = 1),
    world text not null,
    trade_date integer not null,
    slot integer not null,
    market_at integer not null,
    is_virtual integer not null,
    updated_at integer not null
  ) strict;

  create table sim_checkpoint (
    trade_date integer not null,
    symbol text not null,
    world text not null,
    crc integer not null,
    body blob not null,
    primary key (trade_date, symbol)
  ) strict, without rowid;

  create table stock_state (
    symbol text primary key,
    current_price real not null,
    volatility real,
    trend real not null,
    market_state text not null check (market_state in ('bull', 'bear', 'sideways')),
    next_transition_min integer not null,
    last_bar_time integer,
    world text not null,
    version integer not null
  ) strict, without rowid;

  create table stock_realtime_price (
    symbol text primary key,
    price real not null,
    pre_close real,
    change real,
    ret real,
    open real not null,
    high real not null,
    low real not null,
    volume real not null,
    amount real not null,
    bid1 real,
    ask1 real,
    time_ms integer not null,
    updated_at integer not null
  ) strict, without rowid;

  create table market_status (
    market text primary key,
    trade_date integer not null,
    is_trading_day integer not null,
    is_open integer not null,
    phase text not null check (phase in ('pre', 'open_auction', 'morning', 'lunch', 'afternoon', 'close_auction', 'after_hours', 'closed')),
    phase_since integer not null,
    next_phase text not null,
    next_phase_at integer not null,
    halted_count integer not null,
    updated_at integer not null
  ) strict, without rowid;

  create table stock_metadata (
    symbol text primary key,
    name text not null,
    market text not null,
    board text not null,
    industry text not null,
    sector_code text not null,
    base_price real not null,
    base_volatility real not null,
    base_volume real not null,
    tick real not null,
    lot integer not null,
    list_date integer not null,
    delist_date integer,
    status text not null,
    is_active integer not null
  ) strict, without rowid;
  `,
  `
  create table sim_foreign_session (
    market text primary key,
    world text not null,
    trade_date integer not null,
    slot integer not null,
    market_at integer not null,
    is_virtual integer not null,
    updated_at integer not null
  ) strict, without rowid;

  -- Coins trade in parts.
  create table stock_metadata_with_parts (
    symbol text primary key,
    name text not null,
    market text not null,
    board text not null,
    industry text not null,
    sector_code text not null,
    base_price real not null,
    base_volatility real not null,
    base_volume real not null,
    tick real not null,
    lot real not null,
    list_date integer not null,
    delist_date integer,
    status text not null,
    is_active integer not null
  ) strict, without rowid;
  insert into stock_metadata_with_parts select * from stock_metadata;
  drop table stock_metadata;
  alter table stock_metadata_with_parts rename to stock_metadata;
  `,
]
