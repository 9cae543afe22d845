import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  PrimitiveHoveredItem,
  SeriesAttachedParameter,
  SeriesType,
} from 'lightweight-charts'
import type { TestMark } from '../state/level-tests.ts'
import type { Tokens } from '../theme.ts'

/** A mark with the bar it stands at. */
export interface PlacedMark extends TestMark {
  readonly day: string
  readonly high: number
  readonly low: number
}

const STEP_PX = 11
const REACH_PX = 7

/** 价位测试 on the day bars: ▲ held, ▼ broken, ● undecided. Resistance above its bar, the others below; the one that is open has a ring, other levels stand back. */
export class TestMarks implements ISeriesPrimitive {
  #chart: IChartApi | undefined
  #series: ISeriesApi<SeriesType> | undefined
  #update: (() => void) | undefined
  #marks: readonly PlacedMark[] = []
  #tokens: Tokens | undefined
  #open: string | undefined
  #level: string | undefined

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter): void {
    this.#chart = chart
    this.#series = series
    this.#update = requestUpdate
  }

  detached(): void {
    this.#chart = undefined
    this.#series = undefined
  }

  show(marks: readonly PlacedMark[], tokens: Tokens): void {
    this.#marks = marks
    this.#tokens = tokens
    this.#update?.()
  }

  /** The test whose detail is shown and the level it belongs to; undefined = none. */
  open(key: string | undefined, level: string | undefined): void {
    this.#open = key
    this.#level = level
    this.#update?.()
  }

  hitTest(x: number, y: number): PrimitiveHoveredItem | null {
    const hit = this.#placed().find((one) => Math.abs(one.x - x) <= REACH_PX && Math.abs(one.y - y) <= REACH_PX)
    return hit === undefined ? null : { externalId: hit.mark.key, zOrder: 'top', cursorStyle: 'pointer' }
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [{ zOrder: () => 'top', renderer: () => this.#renderer() }]
  }

  #placed() {
    const scale = this.#chart?.timeScale()
    return this.#marks.flatMap((mark) => {
      const x = scale?.timeToCoordinate(mark.day) ?? undefined
      const y = this.#series?.priceToCoordinate(mark.side === 'above' ? mark.high : mark.low) ?? undefined
      if (x === undefined || y === undefined) return []
      return [{ mark, x, y: y + (mark.side === 'above' ? -1 : 1) * (9 + mark.slot * STEP_PX) }]
    })
  }

  #renderer(): IPrimitivePaneRenderer {
    return {
      draw: (target) =>
        target.useMediaCoordinateSpace(({ context }) => {
          const tokens = this.#tokens
          if (tokens === undefined) return
          for (const { mark, x, y } of this.#placed()) {
            // A mark opens the newest test of its day and level; the open one may be an earlier one.
            const isOpen = this.#open?.slice(0, this.#open.lastIndexOf('.')) === mark.key.slice(0, mark.key.lastIndexOf('.'))
            context.globalAlpha = this.#level === undefined || this.#level === mark.levelId ? 1 : 0.32
            context.fillStyle = mark.outcome === 'held' ? tokens.ok : mark.outcome === 'broken' ? tokens.bad : tokens.flat
            context.strokeStyle = tokens.panel
            context.lineWidth = 1
            context.beginPath()
            if (mark.outcome === 'undecided') context.arc(x, y, 2.5, 0, 2 * Math.PI)
            else {
              const up = mark.outcome === 'held' ? -1 : 1
              context.moveTo(x, y + up * 4.5)
              context.lineTo(x + 4, y - up * 3)
              context.lineTo(x - 4, y - up * 3)
              context.closePath()
            }
            context.stroke()
            context.fill()
            if (!isOpen) continue
            context.strokeStyle = tokens.text
            context.beginPath()
            context.arc(x, y, 7, 0, 2 * Math.PI)
            context.stroke()
          }
          context.globalAlpha = 1
        }),
    }
  }
}
