// The version of this package, for logs and sc.version. A test holds it to package.json: reading a file at every start would cost.
export const VERSION = '0.1.0';
