import { INTERVALS, type Interval } from '#core/kline-interval.ts'

/** 复权 of the stock chart: qfq keeps today's price, hfq the first one, none shows what was traded. */
export type Adjust = 'qfq' | 'hfq' | 'none'

/** What a link carries besides the page: a copied address opens the same view. Absent means the default. */
export interface PageSearch {
  /** Trade date YYYYMMDD of the candidates; absent = the latest built. */
  readonly date?: number
  /** Column and direction: `bigNetSum.desc`. */
  readonly sort?: string
  readonly adjust?: Adjust
  /** K 线周期 of the stock chart; absent = daily. */
  readonly interval?: Interval
  /** Only candidates of this board. */
  readonly board?: string
  /** Only the stocks that passed every filter. */
  readonly only?: 'selected'
  /** The code whose evidence is open. */
  readonly open?: string
}

/** Read the search part of an address; what is not understood is dropped, never an error: links are typed by hand too. */
export function readPageSearch(raw: Readonly<Record<string, unknown>>): PageSearch {
  const { date, sort, adjust, open, board, only, interval } = raw
  return {
    ...(/^(?:19|20)\d{6}$/.test(String(date)) ? { date: Number(date) } : {}),
    ...(typeof sort === 'string' && /^\w+\.(?:asc|desc)$/.test(sort) ? { sort } : {}),
    ...(adjust === 'qfq' || adjust === 'hfq' || adjust === 'none' ? { adjust } : {}),
    ...(INTERVALS.some((one) => one === interval) ? { interval: interval as Interval } : {}),
    ...(typeof board === 'string' && /^[a-z]{1,10}$/.test(board) ? { board } : {}),
    ...(only === 'selected' ? { only } : {}),
    ...(typeof open === 'string' && /^\d{6}\.(?:SH|SZ|BJ)$/.test(open) ? { open } : {}),
  }
}

export interface Sort {
  readonly id: string
  readonly desc: boolean
}

/** `bigNetSum.desc` as the table takes it; a column the table does not have gives the default. */
export function readSort(text: string | undefined, columns: readonly string[], otherwise: Sort): Sort {
  const [id, direction] = text?.split('.') ?? []
  return id !== undefined && columns.includes(id) ? { id, desc: direction === 'desc' } : otherwise
}

/** The inverse of `readSort`. */
export function writeSort({ id, desc }: Sort): string {
  return `${id}.${desc ? 'desc' : 'asc'}`
}
