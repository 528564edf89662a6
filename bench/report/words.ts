import type { Contender } from '../matrix/cell'

export const NAME_OF: { readonly [C in Contender]: string } = {
  signoff: 'Signoff',
  'aws-snippet': 'AWS snippet',
  keepalive: 'raw keepalive',
  none: 'nothing',
}

/** A share from 0 to 1 in percent; a dash where it was not measured. */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? '–' : `${Math.round(share * 100)} %`

/** A ratio with two decimals, or one from 10 on; a dash where it was not measured. */
export function times(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined) return '–'
  return Math.abs(ratio) < 10 ? ratio.toFixed(2) : ratio.toFixed(1)
}
