import { useTranslation } from 'react-i18next'

/** 方向: arrow, word and colour; never the colour alone. */
export function DirectionMark({ direction }: { readonly direction: 'long' | 'short' }) {
  const { t } = useTranslation()
  return (
    <span className={direction === 'long' ? 'rise' : 'fall'}>
      <span aria-hidden>{direction === 'long' ? '▲' : '▼'}</span> {t(`direction.${direction}`)}
    </span>
  )
}
