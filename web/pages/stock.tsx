import { Link, useParams } from '@tanstack/react-router'
import { marketOf } from '#core/symbol.ts'
import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Opportunity, Reply, StockReply } from '../api.ts'
import type { ChartLevel } from '../chart/price-levels.ts'
import { fixed, formatPrice, tickOf } from '../format.ts'
import { useKeyActions } from '../keys.ts'
import { useOpenStock, usePageSearch } from '../root-route.ts'
import { chartFrame } from '../state/chart-frame.ts'
import { BAND_PCT, priceScale, roleScore } from '../state/level-list.ts'
import { clickedTest, testKey, testMarks, type LevelTest } from '../state/level-tests.ts'
import { headline } from '../state/headline.ts'
import { readIndicator } from '../state/indicators.ts'
import { readLines } from '../state/moving-lines.ts'
import type { Adjust, PageSearch } from '../state/page-search.ts'
import type { OpportunityList } from '../state/opportunity-list.ts'
import { moveCursor } from '../state/table-cursor.ts'
import { useLiveList } from '../state/live-list.ts'
import { useWalk } from '../state/walk.ts'
import { trendOf } from '../theme.ts'
import { NoBars, Staleness } from '../ui/bar-states.tsx'
import { BarTable } from '../ui/bar-table.tsx'
import { ChangeText } from '../ui/change-text.tsx'
import { ChartToolbar } from '../ui/chart-toolbar.tsx'
import { ChartView } from '../ui/chart-view.tsx'
import { ForeignFacts } from '../ui/foreign-facts.tsx'
import { LevelTable } from '../ui/level-table.tsx'
import { LevelTests } from '../ui/level-tests.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { FailurePanel, StaleBanner } from '../ui/state-panel.tsx'
import { StockChoice } from '../ui/stock-choice.tsx'
import { StockFacts } from '../ui/stock-facts.tsx'
import { StockOpportunities } from '../ui/stock-opportunities.tsx'
import { readStored, writeStored } from '../storage.ts'
import { useApi } from '../use-api.ts'
import { useBars } from '../use-bars.ts'
import { useLimits } from '../use-limits.ts'
import { useSeries } from '../use-series.ts'
import { useWord } from '../use-word.ts'
import styles from './stock.module.css'

/** 个股: candles, volume and big-order net of one stock, with what stands behind its score. */
export default function Stock() {
  const { t } = useTranslation()
  const { code = '' } = useParams({ strict: false })
  const [view, setView] = useState<'chart' | 'table'>('chart')
  // Levels, tests and candidates are of A shares alone; of other markets there are bars.
  const market = marketOf(code)
  const isShare = market === 'cn'
  const { interval, adjust, window, shown, readWindow, keepShown, changeInterval, changeAdjust } = useSeries(code)
  const { data: stock, error: stockError } = useApi('GET /api/stock', { symbol: code })
  const series = useBars({
    code,
    interval,
    adjust,
    window,
    // 后复权 alone needs a factor to bring a price of today to the chart.
    scale: adjust === 'hfq' ? (stock?.bollinger.adjFactor.findLast((factor) => factor !== null) ?? undefined) : 1,
  })
  const { bars, error } = series
  const [indicator, setIndicator] = useState(() => readIndicator(readStored('indicator')))
  const frame = useMemo(
    () => (bars === undefined ? undefined : chartFrame(bars, stock, isShare ? series.adjust : 'none', series.interval, { indicator, market })),
    [bars, stock, series.adjust, series.interval, indicator, market, isShare],
  )
  const isDaily = frame?.interval === '1d'
  const quote = useApi('GET /api/realtime', { symbols: code }, { every: QUOTE_MS }).data?.rows[0]
  const [lines, setLines] = useState(() => readLines(readStored('lines')))
  const limits = useLimits({ code, adjust, stock, quote, listDays: isDaily && series.isWhole ? frame?.day.length : undefined })
  const quality = stock?.quality ?? undefined
  const riseWindow = useMemo(
    () =>
      quality === undefined || quality.windowStart === null
        ? undefined
        : ([formatDate(quality.windowStart as TradeDate), formatDate(quality.windowEnd as TradeDate)] as const),
    [quality],
  )
  const tick = tickOf(code)
  const { date: asked } = usePageSearch()
  const asof = asked === undefined ? {} : { asof: String(asked) }
  const [showsLevels, setShowsLevels] = useState(() => readStored('levels') !== false)
  const levelsQuery = useApi('GET /api/micro/levels', { ts_code: code, ...asof }, { enabled: isShare })
  const testsQuery = useApi(
    'GET /api/micro/level-tests',
    { ts_code: code, limit: 400, ...(asked === undefined ? {} : { to: String(asked) }) },
    { enabled: isShare },
  )
  const choiceQuery = useApi('GET /api/candidates', { ts_code: code, limit: 1, ...(asked === undefined ? {} : { date: String(asked) }) }, { enabled: isShare })
  const choice = choiceQuery.data?.rows[0]
  const focus = useTestFocus(code, testsQuery.data?.rows)
  const levels = useLevels({ code, adjust, stock, levels: showsLevels ? levelsQuery.data : undefined, choice: choiceQuery.data })
  const marks = useMemo(() => (showsLevels ? testMarks(testsQuery.data?.rows ?? []) : []), [showsLevels, testsQuery.data])

  return (
    <div className={styles['page']}>
      <section className={styles['left']}>
        <Heading code={code} name={stock?.name} board={stock?.board} industry={stock?.industry} {...headline(frame, quote)} />
        <ChartToolbar
          interval={interval}
          onInterval={changeInterval}
          adjust={adjust}
          onAdjust={changeAdjust}
          isShare={isShare}
          lines={lines}
          onLines={(next) => {
            setLines(next)
            writeStored('lines', next)
          }}
          indicator={indicator}
          onIndicator={(next) => {
            setIndicator(next)
            writeStored('indicator', next ?? '')
          }}
          showsLevels={showsLevels}
          onLevels={(next) => {
            setShowsLevels(next)
            writeStored('levels', next)
          }}
          view={view}
          onView={(next) => {
            keepShown()
            setView(next)
          }}
        />
        {frame === undefined || frame.day.length === 0 || series.isChanging ? undefined : (
          <Staleness frame={frame} failure={error ?? series.tailError ?? null} isForeign={!isShare} isAtEnd={series.reachesNow} />
        )}
        {stockError === null || frame === undefined ? undefined : <StaleBanner text={t('stock.partial', { message: stockError.message })} />}
        {frame === undefined ? (
          error === null ? (
            <div role="status" aria-label={t('chart.loading', { interval: t(`intervals.${interval}`) })} data-state="loading">
              <Skeleton rows={20} height={34} />
            </div>
          ) : (
            <FailurePanel failure={error} retry={() => void series.refetch()} />
          )
        ) : frame.day.length === 0 ? (
          <NoBars code={code} interval={frame.interval} onDaily={() => changeInterval('1d')} />
        ) : (
          <div className={styles['view']}>
            {view === 'chart' ? (
              <ChartView
                code={code}
                frame={frame}
                riseWindow={isDaily ? riseWindow : undefined}
                levels={isDaily ? levels : none}
                marks={isDaily ? marks : none}
                level={focus.level}
                test={focus.test}
                lines={lines}
                limits={limits}
                isSimulated={stock?.simulated === true}
                isChanging={series.isChanging}
                loadingOlder={series.loadingOlder}
                reachesNow={series.reachesNow}
                wanted={shown}
                readWindow={readWindow}
                onTest={focus.clicked}
                onNearStart={series.older}
                onNearEnd={series.newer}
              />
            ) : (
              <BarTable frame={frame} tick={tick} />
            )}
            {series.isChanging ? (
              <span className={styles['more']} role="status" data-state="loading">
                {t('chart.loading', { interval: t(`intervals.${interval}`) })}
              </span>
            ) : undefined}
          </div>
        )}
        {frame === undefined || frame.day.length === 0 || !isDaily || !isShare ? undefined : (
          <LevelTests
            code={code}
            tests={focus.tests}
            error={testsQuery.error}
            retry={() => void testsQuery.refetch()}
            open={focus.test}
            onOpen={focus.openTest}
            ofLevel={focus.level !== undefined && focus.filtered}
          />
        )}
      </section>
      <aside className={styles['facts']}>
        {choiceQuery.error === null ? undefined : <StaleBanner text={t('choice.failed', { message: choiceQuery.error.message })} />}
        {choiceQuery.data?.date == null ? undefined : <StockChoice row={choice} date={choiceQuery.data.date} />}
        {levelsQuery.error === null ? undefined : <StaleBanner text={t('levels.failed', { message: levelsQuery.error.message })} />}
        {levelsQuery.data === undefined ? (
          levelsQuery.error === null && isShare ? (
            <Skeleton rows={8} height={22} />
          ) : undefined
        ) : (
          <LevelTable reply={levelsQuery.data} open={focus.level} onToggle={focus.toggleLevel} isLatest={asked === undefined} />
        )}
        {stock === undefined ? (
          stockError === null ? (
            <Skeleton rows={20} height={26} />
          ) : undefined
        ) : isShare ? (
          <StockFacts stock={stock} />
        ) : (
          <ForeignFacts market={market} />
        )}
        <StockOpportunities code={code} />
      </aside>
    </div>
  )
}

/** How often the last price is asked for, for the head line and the limits of the day. */
const QUOTE_MS = 3_000

const none: readonly never[] = []

/** What is drawn across the chart: the bands of the levels, the plan of a selected candidate, target and stop of the newest open opportunity. */
function useLevels({ code, adjust, stock, levels, choice }: DrawnFrom): readonly ChartLevel[] {
  const { t } = useTranslation()
  const target = useLiveList(({ list }) => openOn(list, code)?.targetHigh)
  const stop = useLiveList(({ list }) => openOn(list, code)?.stop)
  return useMemo(() => {
    const bands = (levels?.rows ?? []).map((level): ChartLevel => {
      const { score, pct } = roleScore(level)
      const own = score === null ? '' : ` ${fixed(score, 2)}${pct === null ? '' : ` P${fixed(pct * 100, 0)}`}`
      return {
        id: level.id,
        price: level.price * priceScale(stock?.bollinger, levels?.asof ?? 0, adjust),
        title: `${t('levels.strengthShort', { value: fixed(level.strength, 2).replace(/^0/, '') })}${own}`,
        colour: level.type === 'support' ? 'ok' : level.type === 'resistance' ? 'warn' : 'accent',
        half: BAND_PCT,
        strength: level.strength,
      }
    })
    const row = choice?.rows[0]
    const line = (id: string, price: number | null | undefined, title: string, colour: ChartLevel['colour'], scale = 1): ChartLevel[] =>
      price == null ? [] : [{ id, price: price * scale, title, colour }]
    const planScale = priceScale(stock?.bollinger, choice?.date ?? 0, adjust)
    return [
      ...bands,
      ...(row?.selected === true && levels !== undefined
        ? [
            ...line('entry', row.supportPrice, t('levels.entry'), 'text', planScale),
            ...line('target', row.targetPrice, t('levels.target'), 'accent', planScale),
            ...line('stop', row.stopPrice, t('levels.stop'), 'bad', planScale),
          ]
        : []),
      // Prices of today: not drawn under 后复权, where today's scale is not the chart's.
      ...(adjust === 'hfq' ? [] : [...line('live-target', target, t('levels.liveTarget'), 'accent'), ...line('live-stop', stop, t('levels.liveStop'), 'bad')]),
    ]
  }, [levels, choice, stock, adjust, target, stop, t])
}

interface DrawnFrom {
  readonly code: string
  readonly adjust: Adjust
  readonly stock: StockReply | undefined
  readonly levels: Reply<'GET /api/micro/levels'> | undefined
  readonly choice: Reply<'GET /api/candidates'> | undefined
}

/** Which level and which test are brought forward; both begin anew with another stock. */
function useTestFocus(code: string, all: readonly LevelTest[] | undefined) {
  const [chosen, setChosen] = useState<{ readonly code: string; readonly level?: string; readonly test?: string; readonly filtered?: boolean }>({ code })
  const { level, test, filtered = false } = chosen.code === code ? chosen : { level: undefined, test: undefined }
  const tests = useMemo(() => (filtered ? all?.filter(({ levelId }) => levelId === level) : all), [all, filtered, level])
  return {
    level,
    test,
    filtered,
    tests,
    openTest: (one: LevelTest | undefined) =>
      setChosen(one === undefined ? { code } : { code, level: one.levelId, test: testKey(one), filtered: filtered && one.levelId === level }),
    clicked: (mark: string) => {
      const key = clickedTest(all ?? [], mark, test)
      setChosen({ code, level: mark.split('.')[1]!, test: key })
    },
    toggleLevel: (id: string) => setChosen(id === level && filtered ? { code } : { code, level: id, filtered: true }),
  }
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
}

function Heading({ code, name, board, industry, last, change, day }: HeadingProps) {
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
          <b className={`number ${trendOf(change)}`}>{formatPrice(last, tickOf(code))}</b>
          <ChangeText value={change} />
          <span className="number faint">{day}</span>
        </span>
      )}
      {live ? <span className={styles['live']}>● {t('stock.opportunities')}</span> : undefined}
      <Walk code={code} />
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
