import { describe, expect, it } from 'vitest';
import { change, exact, headline, pointChange, points, rough, shareWithInterval, short } from '$lib/text/format';

describe('numbers', () => {
  it('are compact from a thousand on and exact on demand', () => {
    expect([short(0), short(999), short(1000), short(12_417)].map((text) => text.toLowerCase())).toEqual([
      '0',
      '999',
      '1k',
      '12.4k',
    ]);
    expect(exact(12_417)).toBe('12,417');
  });

  it('say no more than is known where they are estimated', () => {
    expect([0.15, 2.34, 9.96, 10.89, 5373.94].map((value) => rough(value).toLowerCase())).toEqual([
      '0.2',
      '2.3',
      '10',
      '11',
      '5.4k',
    ]);
  });

  it('keep every digit in a headline up to ten thousand', () => {
    expect(headline(9_999)).toBe('9,999');
    expect([headline(12_417), headline(12_000)].map((text) => text.toLowerCase())).toEqual(['12.4k', '12.0k']);
  });

  it('show a share with its interval', () => {
    expect(shareWithInterval({ value: 0.42, low: 0.39, high: 0.45 })).toBe('42% (39–45)');
  });

  it('show net sentiment in signed points, and never a negative zero', () => {
    expect([points(0.126), points(-0.5), points(-0.001)]).toEqual(['+13', '-50', '0']);
  });
});

describe('change against the period before', () => {
  it('is a share of a large base', () => {
    expect(change(112, 100)).toEqual({ direction: 'up', amount: '12%' });
    expect(change(50, 100)).toEqual({ direction: 'down', amount: '50%' });
  });

  it('is a bare difference below thirty', () => {
    expect(change(12, 10)).toEqual({ direction: 'up', amount: '2' });
    expect(change(3, 29)).toEqual({ direction: 'down', amount: '26' });
  });

  it('is a multiple where per cents mislead', () => {
    expect(change(1100, 100)).toEqual({ direction: 'up', amount: '11×' });
  });

  it('is nothing without an earlier period, and "same" where nothing moved', () => {
    expect(change(5, null)).toBeNull();
    expect(change(5, undefined)).toBeNull();
    expect(change(100, 100)?.direction).toBe('same');
    expect(change(1001, 1000)?.direction).toBe('same');
  });

  it('counts net sentiment in points', () => {
    expect(pointChange(0.1, 0.25)).toEqual({ direction: 'down', amount: '15' });
    expect(pointChange(0.1, undefined)).toBeNull();
  });
});
