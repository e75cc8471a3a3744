/** All that a page without a bundler needs, as one module. */
export * from '@termbus/client';
export * from './index.js';
