import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewerInWords } from '../../../webroot/js/app/viewers.js';

const NOW = Date.parse('2026-01-01T00:05:00Z');
const viewer = { role: 'viewer', mode: 'read', zone: 'green', lagMs: 0, attachedAt: '2026-01-01T00:02:00Z' };

test('a viewer is told by role, what it may, how it does and since when', () => {
  assert.equal(viewerInWords(viewer, NOW), 'viewer · watches · green · since 3 min');
  assert.equal(
    viewerInWords({ ...viewer, role: 'operator', mode: 'write', zone: 'yellow', lagMs: 1234 }, NOW),
    'operator · may type · yellow, 1.2 s behind · since 3 min',
  );
});

test('one that attached inside the hub has no role', () => {
  assert.equal(viewerInWords({ ...viewer, role: '' }, NOW), 'watches · green · since 3 min');
});
