/**
 * The time limit of a property test, in ms. A property runs thousands of worlds: Jest's five seconds are for one example,
 * and a busy machine with nothing compiled yet has taken longer. fast-check prints the seed of a property that fails.
 */
export const PROPERTY_MS = 120_000
