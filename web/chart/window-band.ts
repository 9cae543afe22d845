import type { IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesPrimitive, SeriesAttachedParameter } from 'lightweight-charts'

/** 上涨窗口: a wash behind the candles from the first to the last day of the window fund quality was measured on. */
export class WindowBand implements ISeriesPrimitive {
  #chart: IChartApi | undefined
  #update: (() => void) | undefined
  #days: readonly [string, string] | undefined
  #colour = 'transparent'

  attached({ chart, requestUpdate }: SeriesAttachedParameter): void {
    this.#chart = chart
    this.#update = requestUpdate
  }

  detached(): void {
    this.#chart = undefined
  }

  /** Business days that are bars of the chart; undefined draws nothing. */
  show(days: readonly [string, string] | undefined, colour: string): void {
    this.#days = days
    this.#colour = colour
    this.#update?.()
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [{ zOrder: () => 'bottom', renderer: () => this.#renderer() }]
  }

  #renderer(): IPrimitivePaneRenderer {
    return {
      draw: (target) => {
        const scale = this.#chart?.timeScale()
        const [from, to] = (this.#days ?? []).map((day) => scale?.timeToCoordinate(day) ?? undefined)
        if (scale === undefined || from === undefined || to === undefined) return
        target.useBitmapCoordinateSpace(({ context, bitmapSize, horizontalPixelRatio }) => {
          const half = scale.options().barSpacing / 2
          context.fillStyle = this.#colour
          context.fillRect((from - half) * horizontalPixelRatio, 0, (to - from + 2 * half) * horizontalPixelRatio, bitmapSize.height)
        })
      },
    }
  }
}
