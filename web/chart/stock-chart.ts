import {
  CandlestickSeries,
  ColorType,
  createChart,
  CrosshairMode,
  HistogramSeries,
  LineSeries,
  LineStyle,
  type CustomSeriesWhitespaceData,
  type IChartApi,
  type ISeriesApi,
  type MouseEventParams,
  type SeriesPartialOptions,
  type Time,
} from 'lightweight-charts'
import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { formatPrice, formatTick, type Language } from '../format.ts'
import type { ChartFrame } from '../state/chart-frame.ts'
import type { TestMark } from '../state/level-tests.ts'
import { numberFont, type Tokens } from '../theme.ts'
import { PartsSeries, type PartsOfDay, type PartsOptions } from './parts-of-day.ts'
import { PriceLevels, type ChartLevel } from './price-levels.ts'
import { TestMarks } from './test-marks.ts'
import { WindowBand } from './window-band.ts'

/** How the chart looks: everything that may change without new numbers. */
export interface ChartLook {
  readonly tokens: Tokens
  readonly language: Language
  /** 最小变动价位 of the stock in CNY. */
  readonly tick: number
}

export interface ChartEvents {
  /** The bar under the crosshair; undefined when there is none. */
  hover(index: number | undefined): void
  /** The view came near the oldest bar. */
  nearStart(): void
  /** A mark of a level test was clicked: the key of its test. */
  openTest(key: string): void
  /** Panes moved: tops in px from the top of the container, in the order price, volume, big net. */
  layout(tops: readonly number[]): void
}

const SHOWN_BARS = 120
const ROOM_RIGHT = 4
/** Bars left free at the right for the labels of levels. */
const LABEL_ROOM = 22
const NEAR_START = 20

/** 个股图: three panes on one time axis — candles with Bollinger bands, volume, big-order net. Ordinal axis: no gap for nights or holidays. */
export class StockChart {
  readonly #chart: IChartApi
  readonly #candles: ISeriesApi<'Candlestick'>
  readonly #bands: readonly ISeriesApi<'Line'>[]
  readonly #volume: ISeriesApi<'Histogram'>
  readonly #bigNet: ISeriesApi<'Custom', Time, PartsOfDay | CustomSeriesWhitespaceData<Time>, PartsOptions, SeriesPartialOptions<PartsOptions>>
  readonly #window = new WindowBand()
  readonly #levels = new PriceLevels()
  readonly #marks = new TestMarks()
  readonly #events: ChartEvents
  readonly #resize: ResizeObserver
  readonly #container: HTMLElement
  #frame: ChartFrame | undefined
  #look: ChartLook
  #days: readonly [string, string] | undefined
  #hovered: number | undefined
  #roomRight = ROOM_RIGHT
  #shownLevels: readonly ChartLevel[] = []
  #shownMarks: readonly TestMark[] = []

  constructor(container: HTMLElement, look: ChartLook, events: ChartEvents) {
    this.#container = container
    this.#look = look
    this.#events = events
    this.#chart = createChart(container, {
      autoSize: true,
      crosshair: { mode: CrosshairMode.Normal },
      timeScale: { rightOffset: ROOM_RIGHT, minBarSpacing: 1 },
    })
    const line = { lineWidth: 1, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false } as const
    this.#bands = ['mid', 'upper', 'lower'].map(() => this.#chart.addSeries(LineSeries, line, 0))
    this.#candles = this.#chart.addSeries(CandlestickSeries, { borderVisible: true, priceLineStyle: LineStyle.Dotted }, 0)
    this.#candles.attachPrimitive(this.#window)
    this.#candles.attachPrimitive(this.#levels)
    this.#candles.attachPrimitive(this.#marks)
    this.#volume = this.#chart.addSeries(HistogramSeries, { priceLineVisible: false, lastValueVisible: false }, 1)
    this.#bigNet = this.#chart.addCustomSeries(new PartsSeries(), { priceLineVisible: false, lastValueVisible: false }, 2)
    for (const [pane, share] of [6, 1.5, 2].entries()) this.#chart.panes()[pane]!.setStretchFactor(share)
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.1, bottom: 0.05 } })
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.24, bottom: 0 } })
    this.#bigNet.priceScale().applyOptions({ scaleMargins: { top: 0.22, bottom: 0.06 } })
    this.restyle(look)

    this.#chart.subscribeClick(({ hoveredObjectId }) => {
      if (typeof hoveredObjectId === 'string') this.#events.openTest(hoveredObjectId)
    })
    this.#chart.subscribeCrosshairMove((event) => this.#crosshairMoved(event))
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && this.#frame !== undefined && range.from < NEAR_START) this.#events.nearStart()
    })
    this.#resize = new ResizeObserver(() => this.#tellLayout())
    this.#resize.observe(container)
    // Dragging a separator moves panes without resizing the chart.
    container.addEventListener('pointerup', this.#tellLayout)
  }

  /** Draw these bars. `fit` shows the newest ones, `keep` leaves the view where it is. */
  show(frame: ChartFrame, view: 'fit' | 'keep'): void {
    this.#frame = frame
    this.#draw()
    if (view === 'fit') this.reset()
    this.#tellLayout()
  }

  /** Wash the rise window; days outside the bars draw nothing. */
  showWindow(days: readonly [string, string] | undefined): void {
    this.#days = days
    this.#window.show(days, `${this.#look.tokens.accent}17`)
  }

  /** Draw these levels and no others: bands of price levels, and lines of what is traded or open now. */
  showLevels(levels: readonly ChartLevel[]): void {
    const room = levels.length === 0 ? ROOM_RIGHT : LABEL_ROOM
    const isNew = room !== this.#roomRight
    this.#shownLevels = levels
    this.#levels.show(levels, this.#look.tokens, (price) => formatPrice(price, this.#look.tick))
    if (!isNew) return
    this.#roomRight = room
    // At the newest bars the labels want their room; a view of the past stays where it is.
    const range = this.#chart.timeScale().getVisibleLogicalRange()
    if (range !== null && this.#frame !== undefined && range.to >= this.#frame.day.length - 1) this.reset()
  }

  /** Mark these tests and no others. */
  showMarks(marks: readonly TestMark[]): void {
    this.#shownMarks = marks
    const place = new Map(this.#frame?.day.map((day, i) => [day, i]))
    const placed = marks.flatMap((mark) => {
      const day = formatDate(mark.date as TradeDate)
      const i = place.get(day)
      return i === undefined ? [] : [{ ...mark, day, high: this.#frame!.high[i]!, low: this.#frame!.low[i]! }]
    })
    this.#marks.show(placed, this.#look.tokens)
  }

  /** Bring a level and one of its tests forward; undefined = none. */
  emphasise(level: string | undefined, test: string | undefined): void {
    this.#levels.emphasise(level)
    this.#marks.open(test, level)
  }

  restyle(look: ChartLook): void {
    this.#look = look
    const { tokens, language, tick } = look
    const amount = { type: 'custom', minMove: 1, formatter: (value: number) => formatTick(value, language) } as const
    this.#chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: tokens.panel },
        textColor: tokens.dim,
        fontFamily: numberFont,
        fontSize: 11,
        attributionLogo: true,
        panes: { separatorColor: tokens.edge, separatorHoverColor: `${tokens.accent}44` },
      },
      grid: { vertLines: { color: tokens.line }, horzLines: { color: tokens.line } },
      crosshair: {
        vertLine: { color: tokens.faint, labelBackgroundColor: tokens.raised },
        horzLine: { color: tokens.faint, labelBackgroundColor: tokens.raised },
      },
      rightPriceScale: { borderColor: tokens.edge, minimumWidth: 78 },
      timeScale: { borderColor: tokens.edge },
      localization: { locale: language, dateFormat: 'yyyy-MM-dd' },
    })
    this.#candles.applyOptions({
      upColor: tokens.rise,
      downColor: tokens.fall,
      borderUpColor: tokens.rise,
      borderDownColor: tokens.fall,
      wickUpColor: tokens.rise,
      wickDownColor: tokens.fall,
      priceFormat: { type: 'custom', minMove: tick, formatter: (value: number) => formatPrice(value, tick) },
    })
    for (const [i, series] of this.#bands.entries()) series.applyOptions({ color: i === 0 ? tokens.bandMid : tokens.band })
    this.#volume.applyOptions({ priceFormat: amount })
    this.#bigNet.applyOptions({ priceFormat: amount, rise: tokens.rise, fall: tokens.fall, mark: tokens.text })
    this.#draw()
    this.showWindow(this.#days)
    this.showLevels(this.#shownLevels)
  }

  /** Move the crosshair by bars; it starts at the newest one. */
  pan(by: number): void {
    const count = this.#frame?.day.length ?? 0
    if (this.#frame === undefined || count === 0) return
    const index = Math.min(count - 1, Math.max(0, this.#hovered === undefined ? count - 1 : this.#hovered + by))
    const range = this.#chart.timeScale().getVisibleLogicalRange()
    if (range !== null && (index < range.from || index > range.to))
      this.#chart.timeScale().scrollToPosition(this.#chart.timeScale().scrollPosition() + by, false)
    this.#chart.setCrosshairPosition(this.#frame.close[index]!, this.#frame.day[index]!, this.#candles)
    this.#hover(index)
  }

  /** Show fewer (in) or more (out) bars, keeping the newest shown bar where it is. */
  zoom(by: number): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange()
    if (range === null) return
    const width = Math.max(15, (range.to - range.from) * (by > 0 ? 0.8 : 1.25))
    this.#chart.timeScale().setVisibleLogicalRange({ from: range.to - width, to: range.to })
  }

  /** The newest bars at the usual width, prices scaled by themselves. */
  reset(): void {
    const count = this.#frame?.day.length ?? 0
    this.#chart.timeScale().setVisibleLogicalRange({ from: Math.max(-ROOM_RIGHT, count - SHOWN_BARS), to: count - 1 + this.#roomRight })
    for (const series of [this.#candles, this.#volume, this.#bigNet]) series.priceScale().applyOptions({ autoScale: true })
    this.#chart.clearCrosshairPosition()
    this.#hover(undefined)
  }

  /** The chart as it stands, to keep as a picture. */
  picture(): HTMLCanvasElement {
    return this.#chart.takeScreenshot()
  }

  destroy(): void {
    this.#resize.disconnect()
    this.#container.removeEventListener('pointerup', this.#tellLayout)
    this.#chart.remove()
  }

  #draw(): void {
    const frame = this.#frame
    if (frame === undefined) return
    const { rise, fall, flat } = this.#look.tokens
    const { day, open, high, low, close, volume, change } = frame
    // A bar that opened where it closed takes the colour of its change: a one-price limit-up is no fall.
    const colourOf = (i: number) => {
      const body = close[i]! - open[i]! || (change[i] ?? 0)
      return body > 0 ? rise : body < 0 ? fall : flat
    }
    this.#candles.setData(
      day.map((time, i) => {
        const colour = colourOf(i)
        return { time, open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]!, color: colour, borderColor: colour, wickColor: colour }
      }),
    )
    for (const [i, column] of [frame.mid, frame.upper, frame.lower].entries()) this.#bands[i]!.setData(points(day, column))
    this.#volume.setData(day.map((time, i) => ({ time, value: volume[i]!, color: `${colourOf(i)}b0` })))
    this.#bigNet.setData(
      day.map((time, i) => {
        const net = frame.bigNet[i]
        const parts = [frame.bigNetOpen[i], frame.bigNetMid[i], frame.bigNetClose[i]]
        return net === undefined ? { time } : { time, net, parts: parts.every((part) => part !== undefined) ? parts : [net] }
      }),
    )
    this.showMarks(this.#shownMarks)
  }

  #crosshairMoved({ logical, point }: MouseEventParams): void {
    const count = this.#frame?.day.length ?? 0
    // Set from the keyboard there is no point; `pan` has told already.
    if (point === undefined && this.#hovered !== undefined && logical !== undefined) return
    this.#hover(logical === undefined || logical < 0 || logical >= count ? undefined : logical)
  }

  #hover(index: number | undefined): void {
    if (index === this.#hovered) return
    this.#hovered = index
    this.#events.hover(index)
  }

  readonly #tellLayout = (): void => {
    requestAnimationFrame(() => {
      const top = this.#container.getBoundingClientRect().top
      const panes = this.#container.isConnected ? this.#chart.panes() : []
      const tops = panes.map((pane) => (pane.getHTMLElement()?.getBoundingClientRect().top ?? top) - top)
      if (tops.length === 3) this.#events.layout(tops)
    })
  }
}

/** Points of a line; a day without a value is a whitespace, which breaks the line. */
function points(day: readonly string[], column: readonly (number | undefined)[]) {
  return day.map((time, i) => (column[i] === undefined ? { time } : { time, value: column[i] }))
}
