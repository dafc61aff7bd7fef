import { defineConfig } from 'vitest/config';

const shared = {
  // A failure is a defect: nothing is tried twice. A whole shop is started for every file.
  retry: 0,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  fileParallelism: false,
};

export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'browser', include: ['browser/**/*.test.ts'] } },
      { test: { ...shared, name: 'window', include: ['window/**/*.test.ts'] } },
      { test: { ...shared, name: 'screenshots', include: ['screenshots/**/*.shots.ts'], testTimeout: 900_000 } },
      { test: { ...shared, name: 'bench', include: ['bench/**/*.bench.ts'], testTimeout: 300_000 } },
    ],
  },
});
