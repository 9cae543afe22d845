import { z } from 'zod'
import { defineRoute } from '../route.ts'

/** 键盘精灵: find a stock by code, name or pinyin initials; best match first. */
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
       from fupan.dim_stock
       where {needle:String} = '' or startsWith(lower(ts_code), {needle:String}) or position(lower(name), {needle:String}) > 0 or startsWith(pinyin, {needle:String})
       order by startsWith(lower(ts_code), {needle:String}) desc, startsWith(pinyin, {needle:String}) desc, ts_code
       limit {limit:UInt32}`,
      { params: { needle, limit } },
    )
    return { rows }
  },
})
