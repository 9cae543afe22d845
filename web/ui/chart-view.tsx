import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChartLevel } from '../chart/price-levels.ts'
import { StockChart, type LimitLines } from '../chart/stock-chart.ts'
import { tickOf, type Language } from '../format.ts'
import { useKeyActions } from '../keys.ts'
import { saveFile } from '../save-file.ts'
import type { ChartFrame } from '../state/chart-frame.ts'
import type { TestMark } from '../state/level-tests.ts'
import type { ChartLine } from '../state/moving-lines.ts'
import type { TimeWindow } from '../state/time-window.ts'
import { useTokens } from '../use-tokens.ts'
import { ChartLegend } from './chart-legend.tsx'
import styles from './chart-view.module.css'

/** Answers what the chart shows, in time. */
export type ReadWindow = () => TimeWindow | undefined

interface ChartViewProps {
  readonly code: string
  readonly frame: ChartFrame
  /** First and last day of the rise window. */
  readonly riseWindow: readonly [string, string] | undefined
  readonly levels: readonly ChartLevel[]
  readonly marks: readonly TestMark[]
  /** The level and the test brought forward. */
  readonly level: string | undefined
  readonly test: string | undefined
  readonly lines: readonly ChartLine[]
  readonly limits: LimitLines | undefined
  readonly isSimulated: boolean
  /** These are the bars of the choice before; the new ones are on their way. */
  readonly isChanging: boolean
  readonly loadingOlder: boolean
  /** There is no bar newer than these. */
  readonly reachesNow: boolean
  /** What to show at first: the window of before. */
  readonly wanted: TimeWindow | undefined
  /** Where the page may ask what is shown. */
  readonly readWindow: RefObject<ReadWindow | undefined>
  readonly onTest: (key: string) => void
  readonly onNearStart: () => void
  readonly onNearEnd: () => void
}

/** The chart with its legends; the window in time stays when interval or adjustment change or older bars arrive, and starts anew with another stock. */
export function ChartView(props: ChartViewProps) {
  const { code, frame, riseWindow, levels, marks, level, test, lines, limits, isSimulated, isChanging, loadingOlder, reachesNow, wanted, readWindow } = props
  const { t, i18n } = useTranslation()
  const language = i18n.language as Language
  const tokens = useTokens()
  const tick = tickOf(code)
  const look = useMemo(
    () => ({
      tokens,
      language,
      tick,
      words: {
        limitUp: t('chart.limitUp'),
        limitDown: t('chart.limitDown'),
        exRight: t('chart.exRight'),
        suspended: (days: number) => t('chart.suspended', { count: days }),
      },
    }),
    [tokens, language, tick, t],
  )
  const container = useRef<HTMLDivElement>(null)
  const chart = useRef<StockChart>(undefined)
  const drawn = useRef<string>(undefined)
  const nearStart = useEffectEvent(props.onNearStart)
  const nearEnd = useEffectEvent(props.onNearEnd)
  const openTest = useEffectEvent(props.onTest)
  const [hovered, setHovered] = useState<number>()
  const [tops, setTops] = useState<readonly number[]>()
  const { interval, hasFlow } = frame

  useLayoutEffect(() => {
    const own = new StockChart(container.current!, { interval, hasFlow, wanted }, look, {
      hover: setHovered,
      nearStart: () => nearStart(),
      nearEnd: () => nearEnd(),
      openTest: (key) => openTest(key),
      layout: setTops,
    })
    chart.current = own
    drawn.current = undefined
    // A canvas does not wait for fonts: draw again when the digits and 万, 亿 have theirs.
    void Promise.all([document.fonts.load("11px 'JetBrains Mono Variable'", '0'), document.fonts.load("11px 'Noto Sans SC Variable'", '万亿年月日')]).then(
      () => {
        if (chart.current === own) own.restyle(look)
      },
    )
    return () => {
      chart.current = undefined
      setHovered(undefined)
      own.destroy()
    }
    // One chart per interval; looks and numbers reach it below.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [interval, hasFlow])
  useLayoutEffect(() => chart.current?.restyle(look), [look, interval])
  useLayoutEffect(() => {
    chart.current?.show(frame, drawn.current !== undefined && drawn.current !== code)
    drawn.current = code
  }, [frame, code])
  useLayoutEffect(() => {
    readWindow.current = () => {
      const shown = chart.current?.window()
      // The newest of these bars is not the newest there is: the view is of the past.
      return shown?.to === Infinity && !reachesNow ? { ...shown, to: frame.time.at(-1)! } : shown
    }
    return () => {
      readWindow.current = undefined
    }
  }, [readWindow, frame, reachesNow])
  useLayoutEffect(() => chart.current?.showWindow(riseWindow), [riseWindow, interval])
  useLayoutEffect(() => chart.current?.showLevels(levels), [levels, interval])
  useLayoutEffect(() => chart.current?.showMarks(marks), [marks, interval])
  useLayoutEffect(() => chart.current?.showLines(lines), [lines, interval])
  useLayoutEffect(() => chart.current?.showLimits(limits), [limits, interval])
  useLayoutEffect(() => chart.current?.showSimulated(isSimulated ? t('shell.simulated') : undefined), [isSimulated, look, interval, t])
  useEffect(() => chart.current?.emphasise(level, test), [level, test, interval])

  useKeyActions((action) => {
    if (document.activeElement?.closest('[data-keys="own"]') != null) return false
    if (action.type === 'pan') chart.current?.pan(action.by)
    else if (action.type === 'move') chart.current?.zoom(-action.by)
    else if (action.type === 'zoom') chart.current?.zoom(action.by)
    else if (action.type === 'reset' || (action.type === 'close' && hovered !== undefined)) chart.current?.reset()
    else return false
    return true
  })

  const save = () =>
    chart.current?.picture().toBlob((picture) => {
      if (picture !== null) saveFile(`${code}-${interval}-${frame.day.at(-1)?.replaceAll(/[ :]/g, '') ?? ''}.png`, picture)
    })

  const index = Math.min(hovered ?? frame.day.length - 1, frame.day.length - 1)
  return (
    <figure
      className={styles['chart']}
      aria-label={t(interval === '1d' ? 'stock.chart' : 'chart.label', { interval: t(`intervals.${interval}`) })}
      aria-busy={isChanging}
      onDoubleClick={() => chart.current?.reset()}
    >
      <div ref={container} className={styles['canvas']} />
      <button type="button" className={styles['save']} title={t('stock.picture')} onClick={save}>
        PNG
      </button>
      {tops === undefined || index < 0 ? undefined : <ChartLegend frame={frame} index={index} tops={tops} tick={tick} lines={lines} />}
      {loadingOlder ? (
        <span className={styles['older']} role="status" aria-label={t('stock.loadingMore')} title={t('stock.loadingMore')}>
          <i aria-hidden />
        </span>
      ) : undefined}
    </figure>
  )
}
