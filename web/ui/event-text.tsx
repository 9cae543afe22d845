import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import { UNKNOWN } from '../format.ts'
import type { BarEvent } from '../state/bar-events.ts'

/** 除权, 停牌, 财报 in words: a share's dividend is told per ten shares in Chinese, per share in English. */
export function EventText({ event }: { readonly event: BarEvent }) {
  const { t, i18n } = useTranslation()
  switch (event.kind) {
    case 'ex-right': {
      const shares = i18n.language === 'zh-CN' ? 10 : 1
      const given = (value: number | undefined) => (value === undefined ? UNKNOWN : String(Number((value * shares).toFixed(4))))
      return (
        <span>
          {t('chart.exRightAbout')}
          {event.cash === undefined ? '' : ` ${t('chart.cash', { value: given(event.cash) })}`}
          {event.bonus === undefined ? '' : ` ${t('chart.bonus', { value: given(event.bonus) })}`}
        </span>
      )
    }
    case 'suspended':
      return <span>{t('chart.suspendedAbout', { count: event.days })}</span>
    case 'report':
      return <span>{t('chart.reportAbout', { period: formatDate(event.period as TradeDate) })}</span>
    default:
      return event satisfies never
  }
}
