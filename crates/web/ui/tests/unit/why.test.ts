import { describe, expect, it } from 'vitest';
import { t } from '$lib/messages';
import { causeOf } from '$lib/sources/why';

describe('why a source cannot be reached', () => {
  it('is said in words where the fault is a common one', () => {
    const causes = t.sources.causes;
    expect(causeOf('wss://x/subscribe: cannot connect: IO error: failed to lookup address information')).toBe(
      causes.unknown,
    );
    expect(causeOf('HTTP 401 Unauthorized')).toBe(causes.key);
    expect(causeOf('HTTP 429')).toBe(causes.busy);
    expect(causeOf('operation timed out')).toBe(causes.slow);
    expect(causeOf('Connection refused (os error 111)')).toBe(causes.closed);
    expect(causeOf('invalid peer certificate: UnknownIssuer')).toBe(causes.certificate);
  });

  it('is the fault itself where it is not', () => {
    expect(causeOf('line 7: a channel has no name')).toBeNull();
  });
});
