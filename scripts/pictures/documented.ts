/** The pictures that the documentation shows, by their file in `docs/pictures`: which of Chromium's each of them is. */
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
