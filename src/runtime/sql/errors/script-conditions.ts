// The conditions of scripts (BEGIN … END). Beside analysis-conditions.ts; the same form. Source: error-conditions.json of Spark 4.2.

export const SCRIPT_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  CURSOR_ALREADY_EXISTS: ['42723', 'Cannot declare cursor <cursorName> because it already exists in the current scope.'],
  CURSOR_ALREADY_OPEN: ['24502', 'Cannot open cursor <cursorName> because it is already open.'],
  CURSOR_NOT_FOUND: ['42883', 'Cursor <cursorName> not found in the current scope.'],
  CURSOR_NOT_OPEN: ['24501', 'Cannot fetch from or close cursor <cursorName> because it is not open.'],
  CURSOR_NO_MORE_ROWS: ['02000', 'No more rows available to fetch from cursor <cursorName>.'],
  DUPLICATE_EXCEPTION_HANDLER: ['42734', 'Found duplicate handlers. Please, remove one of them.'],
  'DUPLICATE_EXCEPTION_HANDLER.CONDITION': ['', 'Found duplicate handlers for the same condition <condition>.'],
  'DUPLICATE_EXCEPTION_HANDLER.SQLSTATE': ['', 'Found duplicate handlers for the same SQLSTATE <sqlState>.'],
  END_LABEL_WITHOUT_BEGIN_LABEL: ['42K0L', 'End label <endLabel> can not exist without begin label.'],
  INVALID_BOOLEAN_STATEMENT: ['22546', 'Boolean statement is expected in the condition, but <invalidStatement> was found.'],
  INVALID_CURSOR_DECLARATION: [
    '42601',
    'Cursors must be declared after variable/condition declarations, and before handlers and other statements.',
  ],
  INVALID_ERROR_CONDITION_DECLARATION: ['42K0R', 'Invalid condition declaration.'],
  'INVALID_ERROR_CONDITION_DECLARATION.NOT_AT_START_OF_COMPOUND_STATEMENT': [
    '',
    'Condition <conditionName> can only be declared at the start of a BEGIN END compound statement.',
  ],
  INVALID_HANDLER_DECLARATION: ['42K0Q', 'Invalid handler declaration.'],
  'INVALID_HANDLER_DECLARATION.DUPLICATE_CONDITION_IN_HANDLER_DECLARATION': [
    '',
    'Found duplicate condition <condition> in the handler declaration. Please, remove one of them.',
  ],
  'INVALID_HANDLER_DECLARATION.DUPLICATE_SQLSTATE_IN_HANDLER_DECLARATION': [
    '',
    'Found duplicate sqlState <sqlState> in the handler declaration. Please, remove one of them.',
  ],
  'INVALID_HANDLER_DECLARATION.INVALID_CONDITION_COMBINATION': [
    '',
    'Invalid combination of conditions in the handler declaration. SQLEXCEPTION and NOT FOUND cannot be used together with other condition/sqlstate values.',
  ],
  'INVALID_HANDLER_DECLARATION.WRONG_PLACE_OF_DECLARATION': [
    '',
    'Handlers must be declared after variable/condition/cursor declarations, and before other statements.',
  ],
  INVALID_LABEL_USAGE: ['42K0L', 'The usage of the label <labelName> is invalid.'],
  'INVALID_LABEL_USAGE.DOES_NOT_EXIST': [
    '',
    'Label was used in the <statementType> statement, but the label does not belong to any surrounding block.',
  ],
  'INVALID_LABEL_USAGE.ITERATE_IN_COMPOUND': [
    '',
    'ITERATE statement cannot be used with a label that belongs to a compound (BEGIN...END) body.',
  ],
  INVALID_VARIABLE_DECLARATION: ['42K0M', 'Invalid variable declaration.'],
  'INVALID_VARIABLE_DECLARATION.NOT_ALLOWED_IN_SCOPE': ['', 'Declaration of the variable <varName> is not allowed in this scope.'],
  'INVALID_VARIABLE_DECLARATION.ONLY_AT_BEGINNING': ['', 'Variable <varName> can only be declared at the beginning of the compound.'],
  'INVALID_VARIABLE_DECLARATION.QUALIFIED_LOCAL_VARIABLE': [
    '',
    'The variable <varName> must be declared without a qualifier, as qualifiers are not allowed for local variable declarations.',
  ],
  'INVALID_VARIABLE_DECLARATION.REPLACE_LOCAL_VARIABLE': [
    '',
    'The variable <varName> does not support DECLARE OR REPLACE, as local variables cannot be replaced.',
  ],
  LABELS_MISMATCH: ['42K0L', 'Begin label <beginLabel> does not match the end label <endLabel>.'],
  LABEL_OR_FOR_VARIABLE_ALREADY_EXISTS: [
    '42K0L',
    'The label or FOR variable <label> already exists. Choose another name or rename the existing one.',
  ],
  LABEL_OR_FOR_VARIABLE_NAME_FORBIDDEN: ['42K0L', 'The label or FOR variable name <label> is forbidden.'],
  SQL_SCRIPT_IN_EXECUTE_IMMEDIATE: [
    '07501',
    'SQL Scripts in EXECUTE IMMEDIATE commands are not allowed. Please ensure that the SQL query provided (<sqlString>) is not SQL Script. Make sure the sql_string is a well-formed SQL statement and does not contain BEGIN and END.',
  ],
  'UNSUPPORTED_FEATURE.CONTINUE_EXCEPTION_HANDLER': ['', 'CONTINUE exception handler is not supported. Use EXIT handler.'],
  'UNSUPPORTED_FEATURE.SQL_CURSOR': ['', 'SQL cursor operations (DECLARE CURSOR, OPEN, FETCH, CLOSE) are not supported.'],
  'UNSUPPORTED_FEATURE.SQL_SCRIPTING_DROP_TEMPORARY_VARIABLE': [
    '',
    "DROP TEMPORARY VARIABLE is not supported within SQL scripts. To bypass this, use `EXECUTE IMMEDIATE 'DROP TEMPORARY VARIABLE ...'` .",
  ],
};
