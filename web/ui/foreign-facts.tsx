import { PROFILES, type Market } from '#core/market-profile.ts'
import { useTranslation } from 'react-i18next'
import type { Language } from '../format.ts'
import { Block } from './stock-facts.tsx'

/** Beside the chart of a symbol of another market: whose clock and money it is in, and why there is nothing else. */
export function ForeignFacts({ market }: { readonly market: Market }) {
  const { t, i18n } = useTranslation()
  const { label, zone, currency } = PROFILES[market]
  return (
    <Block title={(i18n.language as Language) === 'en' ? label.en : label.zh}>
      <p className="dim">{t('stock.foreign', { zone, currency })}</p>
    </Block>
  )
}
