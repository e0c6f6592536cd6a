/** How everybody says that a provider is paused. */
export const heldBecause = (reason: string): string => `paused by an operator: ${reason}`;
