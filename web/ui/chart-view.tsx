import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChartLevel } from '../chart/price-levels.ts'
import { StockChart } from '../chart/stock-chart.ts'
import { tickOf, type Language } from '../format.ts'
import { useKeyActions } from '../keys.ts'
import { saveFile } from '../save-file.ts'
import type { ChartFrame } from '../state/chart-frame.ts'
import type { TestMark } from '../state/level-tests.ts'
import { useTokens } from '../use-tokens.ts'
import { ChartLegend } from './chart-legend.tsx'
import styles from './chart-view.module.css'

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
  readonly onTest: (key: string) => void
  readonly onNearStart: () => void
}

/** The chart with its legends; the view stays when the adjustment changes or older bars arrive, and starts anew with another stock. */
export function ChartView({ code, frame, riseWindow, levels, marks, level, test, onTest, onNearStart }: ChartViewProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language as Language
  const tokens = useTokens()
  const tick = tickOf(code)
  const container = useRef<HTMLDivElement>(null)
  const chart = useRef<StockChart>(undefined)
  const drawn = useRef<string>(undefined)
  const nearStart = useEffectEvent(onNearStart)
  const openTest = useEffectEvent(onTest)
  const [hovered, setHovered] = useState<number>()
  const [tops, setTops] = useState<readonly number[]>()

  useEffect(() => {
    const own = new StockChart(
      container.current!,
      { tokens, language, tick },
      {
        hover: setHovered,
        nearStart: () => nearStart(),
        openTest: (key) => openTest(key),
        layout: setTops,
      },
    )
    chart.current = own
    drawn.current = undefined
    // A canvas does not wait for fonts: draw again when the digits and 万, 亿 have theirs.
    void Promise.all([document.fonts.load("11px 'JetBrains Mono Variable'", '0'), document.fonts.load("11px 'Noto Sans SC Variable'", '万亿年月日')]).then(
      () => {
        if (chart.current === own) own.restyle({ tokens, language, tick })
      },
    )
    return () => {
      chart.current = undefined
      own.destroy()
    }
    // The chart is made once; looks and numbers reach it below.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])
  useEffect(() => chart.current?.restyle({ tokens, language, tick }), [tokens, language, tick])
  useEffect(() => {
    chart.current?.show(frame, drawn.current === code ? 'keep' : 'fit')
    drawn.current = code
  }, [frame, code])
  useEffect(() => chart.current?.showWindow(riseWindow), [riseWindow])
  useEffect(() => chart.current?.showLevels(levels), [levels])
  useEffect(() => chart.current?.showMarks(marks), [marks])
  useEffect(() => chart.current?.emphasise(level, test), [level, test])

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
      if (picture !== null) saveFile(`${code}-${frame.day.at(-1) ?? ''}.png`, picture)
    })

  const index = Math.min(hovered ?? frame.day.length - 1, frame.day.length - 1)
  return (
    <figure className={styles['chart']} aria-label={t('stock.chart')} onDoubleClick={() => chart.current?.reset()}>
      <div ref={container} className={styles['canvas']} />
      <button type="button" className={styles['save']} title={t('stock.picture')} onClick={save}>
        PNG
      </button>
      {tops === undefined || index < 0 ? undefined : <ChartLegend frame={frame} index={index} tops={tops} tick={tick} />}
    </figure>
  )
}
