/** Resolves when all promise reactions that are due now have run. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
