import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  SeriesType,
} from 'lightweight-charts'
import { spreadLabels } from '../state/level-list.ts'
import { numberFont, type Tokens } from '../theme.ts'

/** A horizontal price on the chart: a band where `half` is given, else a dashed line. */
export interface ChartLevel {
  /** Names the level for `emphasise`. */
  readonly id: string
  readonly price: number
  /** What stands at the right edge, after the price. */
  readonly title: string
  readonly colour: keyof Tokens
  /** Half-width of the band as a fraction of the price. */
  readonly half?: number
  /** 0..1: thickness of the line and depth of the colour. */
  readonly strength?: number
  /** The line and its price on the axis are drawn elsewhere: here it is only named, where no other label stands. */
  readonly isNamedOnly?: boolean
}

const LABEL_PX = 15

/** 价位带: levels behind the candles as wide as the band a price is judged in, deeper the stronger, each labelled at the right edge where no label covers another. */
export class PriceLevels implements ISeriesPrimitive {
  #chart: IChartApi | undefined
  #series: ISeriesApi<SeriesType> | undefined
  #update: (() => void) | undefined
  #levels: readonly ChartLevel[] = []
  #emphasised: string | undefined
  #tokens: Tokens | undefined
  #priceText: (price: number) => string = String

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter): void {
    this.#chart = chart
    this.#series = series
    this.#update = requestUpdate
  }

  detached(): void {
    this.#chart = undefined
    this.#series = undefined
  }

  show(levels: readonly ChartLevel[], tokens: Tokens, priceText: (price: number) => string): void {
    this.#levels = levels
    this.#tokens = tokens
    this.#priceText = priceText
    this.#update?.()
  }

  /** Draw one level deeper than the others; undefined = none. */
  emphasise(id: string | undefined): void {
    this.#emphasised = id
    this.#update?.()
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [
      { zOrder: () => 'bottom', renderer: () => this.#bands() },
      { zOrder: () => 'top', renderer: () => this.#labels() },
    ]
  }

  /** Levels inside the pane with where they are, top down. */
  #visible(height: number) {
    return this.#levels
      .flatMap((level) => {
        const y = this.#series?.priceToCoordinate(level.price) ?? undefined
        return y === undefined || y < 0 || y > height ? [] : [{ level, y }]
      })
      .toSorted((a, b) => a.y - b.y)
  }

  #bands(): IPrimitivePaneRenderer {
    return {
      draw: (target) =>
        target.useMediaCoordinateSpace(({ context, mediaSize }) => {
          const tokens = this.#tokens
          if (tokens === undefined || this.#chart === undefined) return
          for (const { level, y } of this.#visible(mediaSize.height)) {
            const { strength = 0.5, half, price } = level
            if (level.isNamedOnly === true) continue
            const isStrong = level.id === this.#emphasised
            context.fillStyle = context.strokeStyle = tokens[level.colour]
            if (half !== undefined) {
              const top = this.#series?.priceToCoordinate(price * (1 + half)) ?? y
              const bottom = this.#series?.priceToCoordinate(price * (1 - half)) ?? y
              context.globalAlpha = (isStrong ? 0.14 : 0.05) + 0.13 * strength
              context.fillRect(0, top, mediaSize.width, Math.max(1, bottom - top))
            }
            context.globalAlpha = half === undefined ? 0.9 : isStrong ? 0.95 : 0.3 + 0.4 * strength
            context.lineWidth = half === undefined ? 1 : 0.75 + 1.5 * strength
            context.setLineDash(half === undefined ? [5, 4] : [])
            context.beginPath()
            context.moveTo(0, Math.round(y) + 0.5)
            context.lineTo(mediaSize.width, Math.round(y) + 0.5)
            context.stroke()
          }
          context.globalAlpha = 1
          context.setLineDash([])
        }),
    }
  }

  #labels(): IPrimitivePaneRenderer {
    return {
      draw: (target) =>
        target.useMediaCoordinateSpace(({ context, mediaSize }) => {
          const tokens = this.#tokens
          if (tokens === undefined) return
          const visible = this.#visible(mediaSize.height)
          const places = spreadLabels(
            visible.map(({ y }) => y),
            LABEL_PX,
            0,
            mediaSize.height,
          )
          context.font = `10.5px ${numberFont}`
          context.textBaseline = 'middle'
          context.textAlign = 'left'
          for (const [i, { level, y }] of visible.entries()) {
            const place = places[i]!
            const price = level.isNamedOnly === true ? '' : this.#priceText(level.price)
            const priceWidth = context.measureText(price).width
            const titleAt = priceWidth === 0 ? 0 : priceWidth + 7
            const width = (level.title === '' ? priceWidth : titleAt + context.measureText(level.title).width) + 12
            const left = mediaSize.width - width - 3
            context.strokeStyle = tokens[level.colour]
            context.globalAlpha = 0.8
            context.beginPath()
            context.moveTo(left - 9, y)
            context.lineTo(left, place)
            context.stroke()
            context.globalAlpha = 0.93
            context.fillStyle = level.half === undefined ? tokens[level.colour] : tokens.raised
            context.fillRect(left, place - LABEL_PX / 2 + 0.5, width, LABEL_PX - 1)
            context.globalAlpha = 1
            context.fillStyle = tokens[level.colour]
            context.fillRect(left, place - LABEL_PX / 2 + 0.5, 2, LABEL_PX - 1)
            context.fillStyle = level.half === undefined ? tokens.panel : tokens[level.colour]
            context.fillText(price, left + 7, place + 0.5)
            context.fillStyle = level.half === undefined ? tokens.panel : level.id === this.#emphasised ? tokens.text : tokens.dim
            context.fillText(level.title, left + titleAt + 7, place + 0.5)
          }
        }),
    }
  }
}
