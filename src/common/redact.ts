// What must not be shown: values of settings whose name or value speaks of a secret. Source: spark.redaction.regex of Spark 4.

const SECRET = /secret|password|token|access[.]?key/i;
export const REDACTED = '*********(redacted)';

/** A setting's value for printing. Spark looks at the name first, then at the value itself. */
export const redacted = (key: string, value: string): string => (SECRET.test(key) || SECRET.test(value) ? REDACTED : value);
