// Doubles and floats as Java prints them: `1.0E10`, `1.0E-4`, `NaN`. For comparing with Spark's answers; the product has its own in kernels.

export const doubleText = (n: number): string => javaText(n, (x) => x.toExponential());

/** @param n a float's value */
export function floatText(n: number): string {
  return javaText(n, (x) => {
    for (let digits = 0; digits < 9; digits++) if (Math.fround(Number(x.toExponential(digits))) === x) return x.toExponential(digits);
    return x.toExponential(9);
  });
}

function javaText(n: number, shortest: (n: number) => string): string {
  if (Number.isNaN(n)) return 'NaN';
  if (!Number.isFinite(n)) return n > 0 ? 'Infinity' : '-Infinity';
  if (n === 0) return Object.is(n, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText] = shortest(Math.abs(n)).split('e');
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '');
  const sign = n < 0 ? '-' : '';
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
