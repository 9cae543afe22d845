import { Link, useParams } from '@tanstack/react-router'
import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Opportunity } from '../api.ts'
import type { ChartLevel } from '../chart/stock-chart.ts'
import { commands } from '../commands.ts'
import { formatPrice, tickOf } from '../format.ts'
import { useKeyActions } from '../keys.ts'
import { useChangeSearch, useOpenStock, usePageSearch } from '../root-route.ts'
import { chartFrame } from '../state/chart-frame.ts'
import type { Adjust, PageSearch } from '../state/page-search.ts'
import type { OpportunityList } from '../state/opportunity-list.ts'
import { moveCursor } from '../state/table-cursor.ts'
import { useLiveList } from '../state/live-list.ts'
import { useWalk } from '../state/walk.ts'
import { trendOf } from '../theme.ts'
import { BarTable } from '../ui/bar-table.tsx'
import { ChangeText } from '../ui/change-text.tsx'
import { ChartView } from '../ui/chart-view.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { FailurePanel, StaleBanner, StatePanel } from '../ui/state-panel.tsx'
import { StockFacts } from '../ui/stock-facts.tsx'
import { StockOpportunities } from '../ui/stock-opportunities.tsx'
import { useApi } from '../use-api.ts'
import { useBars } from '../use-bars.ts'
import { useWord } from '../use-word.ts'
import styles from './stock.module.css'

/** 个股: candles, volume and big-order net of one stock, with what stands behind its score. */
export default function Stock() {
  const { t } = useTranslation()
  const { code = '' } = useParams({ strict: false })
  const { adjust = 'qfq' } = usePageSearch()
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const { bars, adjust: drawnAdjust, error, refetch, more, loadingMore } = useBars(code, adjust)
  const { data: stock, error: stockError } = useApi('GET /api/stock', { symbol: code })
  const frame = useMemo(() => (bars === undefined ? undefined : chartFrame(bars, stock, drawnAdjust)), [bars, stock, drawnAdjust])
  const quality = stock?.quality ?? undefined
  const riseWindow = useMemo(
    () =>
      quality === undefined || quality.windowStart === null
        ? undefined
        : ([formatDate(quality.windowStart as TradeDate), formatDate(quality.windowEnd as TradeDate)] as const),
    [quality],
  )
  const tick = tickOf(code)
  const levels = useLevels(code, adjust)

  return (
    <div className={styles['page']}>
      <section className={styles['left']}>
        <Heading
          code={code}
          name={stock?.name}
          board={stock?.board}
          industry={stock?.industry}
          last={frame?.lastTraded}
          change={frame?.change.at(-1)}
          day={frame?.day.at(-1)}
        >
          <ViewSwitches view={view} onView={setView} />
        </Heading>
        {stockError === null || frame === undefined ? undefined : <StaleBanner text={t('stock.partial', { message: stockError.message })} />}
        {frame === undefined ? (
          error === null ? (
            <Skeleton rows={20} height={34} />
          ) : (
            <FailurePanel failure={error} retry={() => void refetch()} />
          )
        ) : frame.day.length === 0 ? (
          <StatePanel kind="empty" title={t('stock.emptyTitle')} detail={t('stock.emptyDetail', { code })} command={commands.run} />
        ) : (
          <div className={styles['view']}>
            {view === 'chart' ? (
              <ChartView code={code} frame={frame} riseWindow={riseWindow} levels={levels} onNearStart={more} />
            ) : (
              <BarTable frame={frame} tick={tick} />
            )}
            {loadingMore ? (
              <span className={styles['more']} role="status">
                {t('stock.loadingMore')}
              </span>
            ) : undefined}
          </div>
        )}
      </section>
      <aside className={styles['facts']}>
        {stock === undefined ? stockError === null ? <Skeleton rows={20} height={26} /> : undefined : <StockFacts stock={stock} />}
        <StockOpportunities code={code} />
      </aside>
    </div>
  )
}

/** Target and stop of the newest open opportunity. They are prices of today, so the scale must be today's: not drawn under 后复权. */
function useLevels(code: string, adjust: Adjust): readonly ChartLevel[] {
  const { t } = useTranslation()
  const target = useLiveList(({ list }) => openOn(list, code)?.targetHigh)
  const stop = useLiveList(({ list }) => openOn(list, code)?.stop)
  return useMemo(
    () =>
      adjust === 'hfq' || target === undefined || stop === undefined
        ? []
        : [
            { price: target, title: t('opportunity.target'), colour: 'accent' },
            { price: stop, title: t('opportunity.stop'), colour: 'warn' },
          ],
    [adjust, target, stop, t],
  )
}

function openOn({ ids, byId }: OpportunityList, code: string): Opportunity | undefined {
  const id = ids.find((one) => byId.get(one)?.code === code && byId.get(one)?.state !== 'ended')
  return id === undefined ? undefined : byId.get(id)
}

interface HeadingProps {
  readonly code: string
  readonly name: string | undefined
  readonly board: string | undefined
  readonly industry: string | undefined
  readonly last: number | undefined
  readonly change: number | undefined
  readonly day: string | undefined
  readonly children: React.ReactNode
}

function Heading({ code, name, board, industry, last, change, day, children }: HeadingProps) {
  const { t } = useTranslation()
  const word = useWord()
  const live = useLiveList(({ list }) => openOn(list, code) !== undefined)
  return (
    <header className={styles['head']}>
      <Link to="/" search={(before: PageSearch) => before} className={styles['back']} aria-label={t('stock.back')} title={t('stock.back')}>
        ←
      </Link>
      <h1>
        {name ?? code} <span className="number faint">{code}</span>
      </h1>
      {board === undefined ? undefined : (
        <span className="dim">
          {word('boards', board)}
          {industry === '' ? '' : ` · ${industry}`}
        </span>
      )}
      {last === undefined ? undefined : (
        <span className={styles['last']}>
          <b className={`number ${trendOf(change)}`}>{formatPrice(last, tickOf(code))}</b> <ChangeText value={change} />{' '}
          <span className="number faint">{day}</span>
        </span>
      )}
      {live ? <span className={styles['live']}>● {t('stock.opportunities')}</span> : undefined}
      <Walk code={code} />
      {children}
    </header>
  )
}

/** Where the stock stands in the list of candidates, and the way to its neighbours. */
function Walk({ code }: { readonly code: string }) {
  const { t } = useTranslation()
  const { date } = usePageSearch()
  const openStock = useOpenStock()
  const shown = useWalk(({ codes }) => codes)
  // Opened by a link there is no list yet: the candidates of the date, by rank.
  const { data } = useApi('GET /api/candidates', { ...(date === undefined ? {} : { date: String(date) }), limit: 2000 }, { enabled: shown.length === 0 })
  const codes = useMemo(() => (shown.length > 0 ? shown : (data?.rows.map((row) => row.code) ?? [])), [shown, data])
  const at = codes.indexOf(code)
  const step = (by: number) => {
    const next = moveCursor(codes, code, by)
    if (next === undefined || next === code) return
    useWalk.setState({ at: next })
    openStock(next, true)
  }
  useKeyActions((action) => {
    if (action.type === 'step' || action.type === 'page') step(action.by)
    else return false
    return true
  })
  if (codes.length === 0) return undefined
  return (
    <span className={styles['walk']}>
      <button type="button" onClick={() => step(-1)} disabled={at === 0} aria-label={t('stock.previous')} title={t('stock.previous')}>
        ‹
      </button>
      <span className="number dim">{at === -1 ? `— / ${codes.length}` : t('stock.position', { at: at + 1, count: codes.length })}</span>
      <button type="button" onClick={() => step(1)} disabled={at === codes.length - 1} aria-label={t('stock.next')} title={t('stock.next')}>
        ›
      </button>
    </span>
  )
}

function ViewSwitches({ view, onView }: { readonly view: 'chart' | 'table'; readonly onView: (view: 'chart' | 'table') => void }) {
  const { t } = useTranslation()
  const { adjust = 'qfq' } = usePageSearch()
  const change = useChangeSearch()
  return (
    <>
      <Segmented<Adjust>
        label={t('stock.adjust')}
        value={adjust}
        options={[
          { value: 'qfq', label: t('stock.qfq') },
          { value: 'hfq', label: t('stock.hfq') },
          { value: 'none', label: t('stock.none') },
        ]}
        onChange={(next) => change({ adjust: next === 'qfq' ? undefined : next })}
      />
      <button type="button" className={styles['switch']} aria-pressed={view === 'table'} onClick={() => onView(view === 'table' ? 'chart' : 'table')}>
        {t('stock.table')}
      </button>
    </>
  )
}
