import { z } from 'zod'
import { defineRoute } from '../route.ts'

/** 键盘精灵: find a stock by code, name or pinyin initials; best match first, A shares before other markets, whose board is the market. */
export const symbols = defineRoute({
  path: 'GET /api/symbols',
  summary: 'Find stocks by code, name or pinyin initials',
  query: z.object({ query: z.string().max(32).default(''), limit: z.coerce.number().int().min(1).max(6000).default(20) }),
  reply: z.object({ rows: z.array(z.object({ code: z.string(), name: z.string(), pinyin: z.string(), board: z.string(), industry: z.string() })) }),
  maxAge: 60,
  async handle({ query, limit }, { engine }) {
    const needle = query.trim().toLowerCase()
    const rows = await engine.rows<{ code: string; name: string; pinyin: string; board: string; industry: string }>(
      `select ts_code as code, name, pinyin, board, coalesce(industry, '') as industry
       from (
         select ts_code, name, pinyin, toString(board) as board, toString(industry) as industry, 0 as is_foreign from fupan.dim_stock
         union all
         select ts_code, name, pinyin, toString(market) as board, '' as industry, 1 as is_foreign from fupan.dim_foreign_symbol
       )
       where {needle:String} = '' or startsWith(lower(ts_code), {needle:String}) or position(lower(name), {needle:String}) > 0 or startsWith(pinyin, {needle:String})
       order by startsWith(lower(ts_code), {needle:String}) desc, startsWith(pinyin, {needle:String}) desc, is_foreign, ts_code
       limit {limit:UInt32}`,
      { params: { needle, limit } },
    )
    return { rows }
  },
})
