import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  createTextWatermark,
  CrosshairMode,
  HistogramSeries,
  LineSeries,
  LineStyle,
  type CustomSeriesWhitespaceData,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type ITextWatermarkPluginApi,
  type MouseEventParams,
  type SeriesPartialOptions,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import { minutesOf, type Interval } from '#core/kline-interval.ts'
import { PROFILES } from '#core/market-profile.ts'
import { dayNumber, formatDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { zoneDate, zoneTimeOfDay } from '#core/zone-time.ts'
import { formatPrice, formatTick, type Language } from '../format.ts'
import type { BarEvent } from '../state/bar-events.ts'
import type { ChartFrame } from '../state/chart-frame.ts'
import type { Indicator } from '../state/indicators.ts'
import { MA_PERIODS, type ChartLine } from '../state/moving-lines.ts'
import type { TestMark } from '../state/level-tests.ts'
import { placesOf, USUAL_BARS, type TimeWindow } from '../state/time-window.ts'
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
  /** Words drawn on the canvas. */
  readonly words: ChartWords
}

/** What the canvas says in the language of the page. */
export interface ChartWords {
  readonly limitUp: string
  readonly limitDown: string
  readonly exRight: string
  /** 停牌 of so many market days. */
  readonly suspended: (days: number) => string
  /** 财报. */
  readonly report: string
}

/** 涨跌停价 of the newest session, CNY. */
export interface LimitLines {
  readonly up: number
  readonly down: number
}

export interface ChartEvents {
  /** The bar under the crosshair; undefined when there is none. */
  hover(index: number | undefined): void
  /** The view came near the oldest bar. */
  nearStart(): void
  /** The view came near the newest bar. */
  nearEnd(): void
  /** A mark of a level test was clicked: the key of its test. */
  openTest(key: string): void
  /** Panes moved. */
  layout(tops: PaneTops): void
}

/** Where each pane begins, px from the top of the container; absent = the chart has no such pane now. */
export interface PaneTops {
  readonly price: number
  readonly volume: number
  readonly flow?: number
  readonly indicator?: number
}

/** Series of the pane an indicator has for itself. */
interface IndicatorPane {
  readonly kind: Indicator
  readonly lines: readonly ISeriesApi<'Line'>[]
  readonly histogram: ISeriesApi<'Histogram'> | undefined
  /** Values marked across the pane. */
  readonly marks: readonly IPriceLine[]
}

type FlowSeries = ISeriesApi<'Custom', Time, PartsOfDay | CustomSeriesWhitespaceData<Time>, PartsOptions, SeriesPartialOptions<PartsOptions>>

/** How the panes share the height. */
const STRETCH = { price: 6, volume: 1.5, flow: 1.8, indicator: 1.8 } as const

const THIN_LINE = { lineWidth: 1, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false } as const

/** Colours of an indicator's lines, in their order. */
export const INDICATOR_COLOURS = ['ma5', 'ma10', 'ma20'] as const satisfies readonly (keyof Tokens)[]

const ROOM_RIGHT = 4
/** Bars left free at the right for the labels of levels. */
const LABEL_ROOM = 22
const NEAR_START = 20
const NEAR_END = 5

/**
 * 个股图 of one interval: candles with their lines, volume, big-order net where there is any, and one indicator, on one time axis. The axis is ordinal: no gap
 * for lunch, nights or holidays. Another interval is another chart that begins with the window of the one before.
 */
export class StockChart {
  readonly #chart: IChartApi
  readonly #candles: ISeriesApi<'Candlestick'>
  readonly #bands: readonly ISeriesApi<'Line'>[]
  readonly #volume: ISeriesApi<'Histogram'>
  readonly #means: readonly ISeriesApi<'Line'>[]
  #bigNet: FlowSeries | undefined
  #indicator: IndicatorPane | undefined
  #font = numberFont
  readonly #eventMarks: ISeriesMarkersPluginApi<Time>
  #simulated: ITextWatermarkPluginApi<Time> | undefined
  #limitLines: readonly IPriceLine[] = []
  #limitNames: readonly ChartLevel[] = []
  readonly #window = new WindowBand()
  readonly #levels = new PriceLevels()
  readonly #marks = new TestMarks()
  readonly #events: ChartEvents
  readonly #resize: ResizeObserver
  readonly #container: HTMLElement
  #frame: ChartFrame | undefined
  #times: readonly Time[] = []
  #wanted: TimeWindow | undefined
  #lines: readonly ChartLine[] = []
  #limits: LimitLines | undefined
  #look: ChartLook
  #days: readonly [string, string] | undefined
  #hovered: number | undefined
  #roomRight = ROOM_RIGHT
  #shownLevels: readonly ChartLevel[] = []
  #shownMarks: readonly TestMark[] = []

  /** `kind`: which panes and which time axis the chart has; `wanted`: what to show of the first frame, absent = the newest bars. */
  constructor(container: HTMLElement, kind: { readonly interval: Interval; readonly wanted: TimeWindow | undefined }, look: ChartLook, events: ChartEvents) {
    this.#container = container
    this.#look = look
    this.#events = events
    this.#wanted = kind.wanted
    this.#chart = createChart(container, {
      autoSize: true,
      crosshair: { mode: CrosshairMode.Normal },
      timeScale: { rightOffset: ROOM_RIGHT, minBarSpacing: 0.8, timeVisible: minutesOf(kind.interval) !== undefined, secondsVisible: false },
    })
    this.#bands = ['mid', 'upper', 'lower'].map(() => this.#chart.addSeries(LineSeries, THIN_LINE, 0))
    this.#means = MA_PERIODS.map(() => this.#chart.addSeries(LineSeries, THIN_LINE, 0))
    this.#candles = this.#chart.addSeries(CandlestickSeries, { borderVisible: true, priceLineStyle: LineStyle.Dotted }, 0)
    this.#candles.attachPrimitive(this.#window)
    this.#candles.attachPrimitive(this.#levels)
    this.#candles.attachPrimitive(this.#marks)
    this.#volume = this.#chart.addSeries(HistogramSeries, { priceLineVisible: false, lastValueVisible: false }, 1)
    this.#eventMarks = createSeriesMarkers<Time>(this.#candles, [], { zOrder: 'aboveSeries' })
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.1, bottom: 0.05 } })
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.24, bottom: 0 } })
    this.#share()
    this.restyle(look)

    this.#chart.subscribeClick(({ hoveredObjectId }) => {
      if (typeof hoveredObjectId === 'string') this.#events.openTest(hoveredObjectId)
    })
    this.#chart.subscribeCrosshairMove((event) => this.#crosshairMoved(event))
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range === null || this.#frame === undefined) return
      if (range.from < NEAR_START) this.#events.nearStart()
      if (range.to > this.#times.length - NEAR_END) this.#events.nearEnd()
    })
    this.#resize = new ResizeObserver(() => this.#tellLayout())
    this.#resize.observe(container)
    // Dragging a separator moves panes without resizing the chart.
    container.addEventListener('pointerup', this.#tellLayout)
    // Whoever takes hold of the chart decides what it shows.
    for (const kind of ['wheel', 'pointerdown'] as const) container.addEventListener(kind, this.#letGo, { passive: true })
  }

  /** Draw these bars. The view stays where it is; at first it shows the wanted window. `isAnew`: the newest bars, whatever was shown. */
  show(frame: ChartFrame, isAnew: boolean): void {
    const before = this.#frame
    if (isAnew) this.#wanted = undefined
    this.#frame = frame
    this.#times = timesOf(frame)
    const hasOtherPanes = this.#settlePanes(frame)
    if (before !== undefined && !isAnew && !hasOtherPanes && isTailOf(before, frame)) this.#drawFrom(before.time.length - 1)
    else {
      this.#draw()
      if (this.#wanted !== undefined) this.#place(this.#wanted)
      else if (before === undefined || isAnew) this.reset()
    }
    this.#tellLayout()
  }

  /** What is shown, in time; undefined without bars. */
  window(): TimeWindow | undefined {
    if (this.#wanted !== undefined) return this.#wanted
    const range = this.#chart.timeScale().getVisibleLogicalRange()
    const time = this.#frame?.time
    if (range === null || time === undefined || time.length === 0) return undefined
    const place = (at: number) => time[Math.min(time.length - 1, Math.max(0, at))]!
    return { from: place(Math.ceil(range.from)), to: range.to >= time.length - 1.5 ? Infinity : place(Math.floor(range.to)) }
  }

  /** Show these lines and no others. */
  showLines(lines: readonly ChartLine[]): void {
    this.#lines = lines
    for (const series of this.#bands) series.applyOptions({ visible: lines.includes('boll') })
    for (const [i, period] of MA_PERIODS.entries()) this.#means[i]!.applyOptions({ visible: lines.includes(`ma${period}`) })
  }

  /** Draw the price limits of the newest session; undefined = there are none or they are not known. */
  showLimits(limits: LimitLines | undefined): void {
    this.#limits = limits
    for (const line of this.#limitLines) this.#candles.removePriceLine(line)
    const { tokens, words } = this.#look
    const named = [
      { id: 'limit-up', price: limits?.up, title: words.limitUp, colour: 'rise' },
      { id: 'limit-down', price: limits?.down, title: words.limitDown, colour: 'fall' },
    ] as const
    const known = named.flatMap(({ price, ...rest }) => (price === undefined ? [] : [{ ...rest, price, isNamedOnly: true }]))
    this.#limitLines = known.map(({ price, colour }) =>
      this.#candles.createPriceLine({ price, color: tokens[colour], lineWidth: 1, lineStyle: LineStyle.SparseDotted, axisLabelVisible: true }),
    )
    this.#limitNames = known
    this.#showNames()
  }

  /** Say on the picture itself that its numbers were invented. */
  showSimulated(text: string | undefined): void {
    this.#simulated?.detach()
    this.#simulated = undefined
    if (text === undefined) return
    const color = `${this.#look.tokens.faint}2a`
    this.#simulated = createTextWatermark(this.#chart.panes()[0]!, {
      horzAlign: 'center',
      vertAlign: 'center',
      lines: [{ text, color, fontSize: 40, fontFamily: numberFont }],
    })
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
    this.#showNames()
    if (!isNew) return
    this.#roomRight = room
    // At the newest bars the labels want their room; a view of the past stays where it is.
    const range = this.#chart.timeScale().getVisibleLogicalRange()
    if (range === null || this.#frame === undefined) return
    if (this.#wanted !== undefined) this.#place(this.#wanted)
    else if (range.to >= this.#frame.day.length - 1) this.reset()
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
        fontFamily: this.#font,
        fontSize: 11,
        attributionLogo: true,
        panes: { separatorColor: tokens.edge, separatorHoverColor: `${tokens.accent}44` },
      },
      grid: { vertLines: { color: tokens.line }, horzLines: { color: tokens.line } },
      crosshair: {
        vertLine: { color: tokens.faint, labelBackgroundColor: tokens.raised },
        horzLine: { color: tokens.faint, labelBackgroundColor: tokens.raised },
      },
      rightPriceScale: { borderColor: tokens.edge, minimumWidth: 78, entireTextOnly: true },
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
    for (const [i, series] of this.#means.entries()) series.applyOptions({ color: tokens[`ma${MA_PERIODS[i]!}`] })
    this.#volume.applyOptions({ priceFormat: amount })
    this.#bigNet?.applyOptions({ priceFormat: amount, rise: tokens.rise, fall: tokens.fall, mark: tokens.text })
    for (const [i, series] of (this.#indicator?.lines ?? []).entries()) series.applyOptions({ color: tokens[INDICATOR_COLOURS[i]!] })
    for (const mark of this.#indicator?.marks ?? []) mark.applyOptions({ color: tokens.edge })
    this.#draw()
    this.showWindow(this.#days)
    this.showLevels(this.#shownLevels)
    this.showLines(this.#lines)
    this.showLimits(this.#limits)
  }

  /** A canvas does not wait for fonts: now that they are here, labels are measured and drawn anew, which the library does when the font is another one. */
  fontsCame(): void {
    this.#font = `${numberFont}, sans-serif`
    this.restyle(this.#look)
  }

  /** Show the first or the last bars there are, as many as now. */
  edge(to: 'first' | 'last'): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange()
    if (range === null || this.#frame === undefined) return
    this.#letGo()
    const width = range.to - range.from
    const right = to === 'first' ? width - 0.5 : this.#frame.day.length - 1 + this.#roomRight
    this.#chart.timeScale().setVisibleLogicalRange({ from: right - width, to: right })
  }

  /** Move the crosshair by bars; it starts at the newest one. */
  pan(by: number): void {
    const count = this.#frame?.day.length ?? 0
    if (this.#frame === undefined || count === 0) return
    const index = Math.min(count - 1, Math.max(0, this.#hovered === undefined ? count - 1 : this.#hovered + by))
    const range = this.#chart.timeScale().getVisibleLogicalRange()
    if (range !== null && (index < range.from || index > range.to)) {
      this.#letGo()
      this.#chart.timeScale().scrollToPosition(this.#chart.timeScale().scrollPosition() + by, false)
    }
    this.#chart.setCrosshairPosition(this.#frame.close[index]!, this.#times[index]!, this.#candles)
    this.#hover(index)
  }

  /** Show fewer (in) or more (out) bars, keeping the newest shown bar where it is. */
  zoom(by: number): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange()
    if (range === null) return
    this.#letGo()
    const width = Math.max(15, (range.to - range.from) * (by > 0 ? 0.8 : 1.25))
    this.#chart.timeScale().setVisibleLogicalRange({ from: range.to - width, to: range.to })
  }

  /** The newest bars at the usual width, prices scaled by themselves. */
  reset(): void {
    const count = this.#frame?.day.length ?? 0
    this.#letGo()
    this.#chart.timeScale().setVisibleLogicalRange({ from: Math.max(-ROOM_RIGHT, count - USUAL_BARS), to: count - 1 + this.#roomRight })
    for (const series of [this.#candles, this.#volume, this.#bigNet, this.#indicator?.lines[0]]) series?.priceScale().applyOptions({ autoScale: true })
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
    for (const kind of ['wheel', 'pointerdown'] as const) this.#container.removeEventListener(kind, this.#letGo)
    this.#chart.remove()
  }

  readonly #letGo = (): void => {
    this.#wanted = undefined
  }

  #place(wanted: TimeWindow): void {
    const frame = this.#frame
    if (frame === undefined || frame.time.length === 0) return
    this.#chart.timeScale().setVisibleLogicalRange(placesOf(frame.time, wanted, frame.interval, this.#roomRight))
  }

  #draw(): void {
    const frame = this.#frame
    if (frame === undefined) return
    const places = frame.time.map((_, i) => i)
    this.#candles.setData(places.map((i) => this.#candle(i)))
    for (const [series, column] of this.#lineColumns(frame)) series.setData(places.map((i) => this.#point(column, i)))
    this.#volume.setData(places.map((i) => this.#volumeBar(i)))
    this.#bigNet?.setData(places.map((i) => this.#flowBar(i)))
    this.#indicator?.histogram?.setData(places.map((i) => this.#histogramBar(i)))
    for (const [line, series] of (this.#indicator?.lines ?? []).entries()) series.setData(places.map((i) => this.#indicatorPoint(line, i)))
    this.#drawEvents(frame)
    this.showMarks(this.#shownMarks)
  }

  /** A bar that moved or came needs no more than itself: the market may speak twice a second over thousands of bars. */
  #drawFrom(first: number): void {
    const frame = this.#frame!
    for (let i = first; i < frame.time.length; i++) {
      this.#candles.update(this.#candle(i))
      for (const [series, column] of this.#lineColumns(frame)) series.update(this.#point(column, i))
      this.#volume.update(this.#volumeBar(i))
      this.#bigNet?.update(this.#flowBar(i))
      this.#indicator?.histogram?.update(this.#histogramBar(i))
      for (const [line, series] of (this.#indicator?.lines ?? []).entries()) series.update(this.#indicatorPoint(line, i))
    }
    this.#drawEvents(frame)
  }

  #lineColumns(frame: ChartFrame): readonly (readonly [ISeriesApi<'Line'>, readonly (number | undefined)[]])[] {
    const columns = [frame.mid, frame.upper, frame.lower, ...frame.means]
    return [...this.#bands, ...this.#means].map((series, i) => [series, columns[i]!])
  }

  /** A bar that opened where it closed takes the colour of its change: a one-price limit-up is no fall. */
  #colour(i: number): string {
    const { open, close, change } = this.#frame!
    const { rise, fall, flat } = this.#look.tokens
    const body = close[i]! - open[i]! || (change[i] ?? 0)
    return body > 0 ? rise : body < 0 ? fall : flat
  }

  #isForming(i: number): boolean {
    return this.#frame!.isForming && i === this.#times.length - 1
  }

  #candle(i: number) {
    const { open, high, low, close } = this.#frame!
    const colour = this.#colour(i)
    const light = this.#isForming(i)
    return {
      time: this.#times[i]!,
      open: open[i]!,
      high: high[i]!,
      low: low[i]!,
      close: close[i]!,
      color: light ? `${colour}40` : colour,
      borderColor: light ? `${colour}b0` : colour,
      wickColor: light ? `${colour}b0` : colour,
    }
  }

  /** A bar without a value is a whitespace, which breaks the line. */
  #point(column: readonly (number | undefined)[], i: number) {
    const time = this.#times[i]!
    return column[i] === undefined ? { time } : { time, value: column[i] }
  }

  #volumeBar(i: number) {
    return { time: this.#times[i]!, value: this.#frame!.volume[i]!, color: `${this.#colour(i)}${this.#isForming(i) ? '58' : 'b0'}` }
  }

  #flowBar(i: number) {
    const { bigNet, bigNetOpen, bigNetMid, bigNetClose } = this.#frame!
    const time = this.#times[i]!
    const net = bigNet[i]
    const parts = [bigNetOpen[i], bigNetMid[i], bigNetClose[i]]
    return net === undefined ? { time } : { time, net, parts: parts.every((part) => part !== undefined) ? parts : [net] }
  }

  #indicatorPoint(line: number, i: number) {
    return this.#point(this.#frame!.indicator?.lines[line]?.values ?? [], i)
  }

  #histogramBar(i: number) {
    const value = this.#frame!.indicator?.histogram?.values[i] ?? 0
    const { rise, fall } = this.#look.tokens
    return { time: this.#times[i]!, value, color: `${value >= 0 ? rise : fall}${this.#isForming(i) ? '58' : 'b0'}` }
  }

  #drawEvents(frame: ChartFrame): void {
    this.#eventMarks.setMarkers(frame.events.map((event) => this.#eventMark(event)))
  }

  #eventMark(event: BarEvent): SeriesMarker<Time> {
    const { tokens, words } = this.#look
    const mark = { time: this.#times[event.index]!, size: 0.5 }
    switch (event.kind) {
      case 'ex-right':
        return { ...mark, position: 'belowBar', shape: 'circle', color: tokens.accent, text: words.exRight }
      case 'suspended':
        return { ...mark, position: 'aboveBar', shape: 'square', color: tokens.warn, text: words.suspended(event.days) }
      case 'report':
        return { ...mark, position: 'belowBar', shape: 'circle', color: tokens.dim, text: words.report }
      default:
        return event satisfies never
    }
  }

  /** Limits and levels are named together, so that no name covers another. */
  #showNames(): void {
    this.#levels.show([...this.#shownLevels, ...this.#limitNames], this.#look.tokens, (price) => formatPrice(price, this.#look.tick))
  }

  /** Add and remove the panes below the volume as the frame asks; true when any changed: their series are empty then. */
  #settlePanes({ hasFlow, indicator }: ChartFrame): boolean {
    if ((this.#bigNet !== undefined) === hasFlow && this.#indicator?.kind === indicator?.kind) return false
    // A pane goes with its last series. The flow stands above the indicator, so both are made anew.
    if (this.#bigNet !== undefined) this.#chart.removeSeries(this.#bigNet)
    for (const series of [...(this.#indicator?.lines ?? []), this.#indicator?.histogram]) if (series !== undefined) this.#chart.removeSeries(series)
    this.#bigNet = this.#indicator = undefined
    const flat = { priceLineVisible: false, lastValueVisible: false } as const
    if (hasFlow) {
      this.#bigNet = this.#chart.addCustomSeries(new PartsSeries(), flat, 2)
      this.#bigNet.priceScale().applyOptions({ scaleMargins: { top: 0.22, bottom: 0.06 } })
    }
    if (indicator !== undefined) {
      const pane = hasFlow ? 3 : 2
      const priceFormat = { type: 'price', precision: indicator.digits, minMove: 10 ** -indicator.digits } as const
      const histogram = indicator.histogram === undefined ? undefined : this.#chart.addSeries(HistogramSeries, { ...flat, priceFormat }, pane)
      const lines = indicator.lines.map(() => this.#chart.addSeries(LineSeries, { ...THIN_LINE, priceFormat }, pane))
      const marks = indicator.marks.map((price) => lines[0]!.createPriceLine({ price, lineWidth: 1, lineStyle: LineStyle.Dashed, axisLabelVisible: false }))
      lines[0]!.priceScale().applyOptions({ scaleMargins: { top: 0.2, bottom: 0.08 } })
      this.#indicator = { kind: indicator.kind, lines, histogram, marks }
    }
    this.#share()
    this.restyle(this.#look)
    return true
  }

  /** Names of the panes there are, from the top. */
  #paneNames(): readonly (keyof PaneTops)[] {
    return ['price', 'volume', ...(this.#bigNet === undefined ? [] : ['flow' as const]), ...(this.#indicator === undefined ? [] : ['indicator' as const])]
  }

  #share(): void {
    const names = this.#paneNames()
    for (const [i, pane] of this.#chart.panes().entries()) pane.setStretchFactor(STRETCH[names[i]!])
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
      const names = this.#paneNames()
      const tops = panes.map((pane, i) => [names[i]!, (pane.getHTMLElement()?.getBoundingClientRect().top ?? top) - top] as const)
      if (tops.length === names.length) this.#events.layout(Object.fromEntries(tops) as unknown as PaneTops)
    })
  }
}

/** Places on the axis: business days for days and longer; for minutes exchange wall-clock seconds, which the axis reads as UTC and so shows as they are. */
function timesOf({ interval, market, day, time }: ChartFrame): readonly Time[] {
  if (minutesOf(interval) === undefined) return day
  const { zone } = PROFILES[market]
  return time.map((at) => (dayNumber(zoneDate(zone, at as EpochMs)) * 86_400 + zoneTimeOfDay(zone, at as EpochMs) / 1000) as UTCTimestamp)
}

/** Whether a frame is the one before with another last bar or a few new ones, so that the rest need not be drawn again. */
function isTailOf(before: ChartFrame, frame: ChartFrame): boolean {
  const last = before.time.length - 1
  const grown = frame.time.length - before.time.length
  if (last < 1 || grown < 0 || grown > 5 || before.interval !== frame.interval) return false
  const agree = (column: (frame: ChartFrame) => readonly unknown[]) => [0, last - 1].every((i) => column(before)[i] === column(frame)[i])
  return (
    before.time[last] === frame.time[last] &&
    [(one: ChartFrame) => one.time, (one: ChartFrame) => one.close, (one: ChartFrame) => one.mid, (one: ChartFrame) => one.bigNet].every(agree) &&
    before.events.length <= frame.events.length
  )
}
