/**
 * The pictures that the documentation shows: file in `docs/pictures`, and the picture of Chromium that it is a copy of.
 */
export const DOCUMENTED: Readonly<Record<string, string>> = {
  'ccp-and-popup.png': 'ccp-and-popup.png',
  'log-light.png': 'log-details-1280-light.png',
  'log-dark.png': 'log-details-1280-dark.png',
  'popup-protected.png': 'popup-available-340-light.png',
  'popup-contact.png': 'popup-contact-340-light.png',
  'popup-flagged.png': 'popup-flagged-340-light.png',
  'settings-managed.png': 'settings-managed-1280-light.png',
  'results.png': 'report-1280-light.png',
}
