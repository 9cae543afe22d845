import { z } from 'zod'
import { knownDate, limitParam, tradeDateParam } from '../fields.ts'
import { defineRoute } from '../route.ts'

const row = z.object({
  code: z.string(),
  name: z.string(),
  board: z.string(),
  rank: z.number(),
  activity: z.number().describe('0..1'),
  maxVolumePosition: z.number().describe('highest volume position of the window, 0-100 nominal scale'),
  maxPricePosition: z.number().describe('highest price position of the window, 0-100 nominal scale'),
  lastVolumeDate: z.number().describe('YYYYMMDD'),
  lastPriceDate: z.number().describe('YYYYMMDD'),
  jointDays: z.number(),
  avgAmount: z.number().describe('CNY per day'),
  rowsInWindow: z.number(),
})

/** 活跃池: the stocks a day's tape is read of, by rank. `date` absent = the latest built; a day without a pool answers no rows. */
export const microPool = defineRoute({
  path: 'GET /api/micro/pool',
  summary: 'Active pool of a day, most active first',
  query: z.object({ date: tradeDateParam.optional(), limit: limitParam(6000, 800) }),
  reply: z.object({ date: knownDate, count: z.number().describe('stocks in the pool, also those beyond the limit'), rows: z.array(row) }),
  maxAge: 0,
  async handle({ date, limit }, { engine }) {
    const [pool] = await engine.rows<{ trade_date: number; stocks: number }>(
      `select trade_date, toUInt32(count()) as stocks from fupan.stock_active_pool
       where trade_date = ${date === undefined ? '(select max(trade_date) from fupan.stock_active_pool)' : '{date:UInt32}'} group by trade_date`,
      date === undefined ? {} : { params: { date } },
    )
    if (pool === undefined) return { date: date ?? null, count: 0, rows: [] }
    const rows = await engine.rows<z.output<typeof row>>(
      `select p.ts_code as code, if(s.name = '', toString(p.ts_code), s.name) as name, s.board as board, p.pool_rank as rank, p.activity_score as activity,
              p.max_vpos as maxVolumePosition, p.max_ppos as maxPricePosition, p.last_vpos_date as lastVolumeDate, p.last_ppos_date as lastPriceDate,
              p.n_joint_days as jointDays, p.avg_amount as avgAmount, p.rows_in_window as rowsInWindow
       from fupan.stock_active_pool as p left join (select ts_code, name, board from fupan.dim_stock) as s on s.ts_code = p.ts_code
       where p.trade_date = {date:UInt32} order by rank, code limit {limit:UInt32}`,
      { params: { date: pool.trade_date, limit } },
    )
    return { date: pool.trade_date, count: pool.stocks, rows }
  },
})
