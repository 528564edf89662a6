/** Listens on the first tick of the worker for the network to come back, as far as the machine itself can see. */
export function onNetworkBack(listener: () => void): void {
  addEventListener('online', listener)
}
