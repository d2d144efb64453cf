// from_xml, to_xml and schema_of_xml: answers of a Spark 4.0.1.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });
const row = (output: string) => ({ schema: expect.anything(), output });
const element = (...lines: string[]) => row(lines.join('\n'));

it.each<[string, object]>([
  ["from_xml('<p a=\"1\"><b>2</b></p>', '_a INT, b INT')", { schema: 'struct<v:struct<_a:int,b:int>>', output: '{"_a":1,"b":2}' }],
  ["from_xml('<p a=\"1\">t<b>2</b>u</p>', '_a INT, b INT, _VALUE STRING')", row('{"_a":1,"b":2,"_VALUE":"u"}')],
  ["from_xml('<p><c>1</c><b>x</b><d>1</d></p>', 'b INT, c INT, d INT')", row('{"b":null,"c":1,"d":null}')],
  ["from_xml('<p><b>x</b></p>', 'b INT, _corrupt_record STRING')", row('{"b":null,"_corrupt_record":"<p><b>x</b></p>"}')],
  ["from_xml('<p><b>1</c></p>', 'b INT, bad STRING', map('columnNameOfCorruptRecord', 'bad'))", row('{"b":null,"bad":"<p><b>1</c></p>"}')],
  ["from_xml('<p><b>x</b></p>', 'b INT', map('mode', 'FAILFAST'))", condition('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION')],
  ["from_xml('<p><b>x</b></p>', 'b INT', map('mode', 'DROPMALFORMED'))", condition('PARSE_MODE_UNSUPPORTED')],
  ["from_xml('', 'b INT')", row('{"b":null}')],
  ["from_xml(NULL, 'b INT')", row('NULL')],
  ["from_xml('<p><b><c>1</c><d e=\"f\">x &lt; y</d></b></p>', 'b STRING')", row('{"b":"<c>1</c><d e="f">x < y</d>"}')],
  ["from_xml('<p><b/><c></c><d> </d></p>', 'b STRING, c STRING, d STRING')", row('{"b":"","c":"","d":""}')],
  ["from_xml('<p><b/><c></c><d> </d></p>', 'b INT, c INT, d INT')", row('{"b":null,"c":null,"d":null}')],
  ["from_xml('<p><b>1</b><b>2</b></p>', 'b INT')", row('{"b":2}')],
  ["from_xml('<p><b>1</b><b>2</b></p>', 'b ARRAY<INT>')", row('{"b":[1,2]}')],
  [
    "from_xml('<p><b x=\"1\">5</b><b>6</b></p>', 'b ARRAY<STRUCT<_x: INT, _VALUE: INT>>')",
    row('{"b":[{"_x":1,"_VALUE":5},{"_x":null,"_VALUE":6}]}'),
  ],
  ["from_xml('<p><m a=\"7\"><k1>1</k1><k1>2</k1></m></p>', 'm MAP<STRING,INT>')", row('{"m":{"_a":7,"k1":2}}')],
  ["from_xml('<p><n:b>5</n:b></p>', 'b INT', map('ignoreNamespace', 'true'))", row('{"b":5}')],
  ["from_xml('<p><a>1</a><zz>5</zz><yy>6</yy></p>', 'a INT, xs_any ARRAY<STRING>')", row('{"a":1,"xs_any":["5","6"]}')],
  [
    "from_xml('<p><a>1</a><c>1,000.5</c><d>1e3</d><e>+5</e><g>2020-01-01</g></p>', 'a BOOLEAN, c DECIMAL(10,2), d DOUBLE, e INT, g DATE')",
    row('{"a":true,"c":1000.50,"d":1000.0,"e":5,"g":2020-01-01}'),
  ],
  ["from_xml('<p><a>NA</a></p>', 'a STRING', map('nullValue', 'NA'))", row('{"a":null}')],
  ["from_xml('<p><a><![CDATA[x<y]]>z<!-- c --></a></p>junk', 'A STRING')", row('{"A":"x<yz"}')],
  ["from_xml('<p><a>1</a></p>', 'ARRAY<INT>')", condition('INVALID_SCHEMA.NON_STRUCT_TYPE')],
  ["from_xml('<p><a>1</a></p>', schema_of_xml('<p><a>1</a></p>'))", { schema: 'struct<v:struct<a:bigint>>', output: '{"a":1}' }],
  [
    'schema_of_xml(\'<p><a>1</a><b>x</b><b>2</b><c/><d e="1">t</d><f e="1"/><i>2020-01-01</i><k>true</k><m>1e5</m><o>NaN</o></p>\')',
    row(
      'STRUCT<a: BIGINT, b: ARRAY<STRING>, c: STRING, d: STRUCT<_VALUE: STRING, _e: BIGINT>, f: STRUCT<_e: BIGINT>, i: DATE, k: BOOLEAN, m: DOUBLE, o: STRING>',
    ),
  ],
  [
    'schema_of_xml(\'<p><a>1</a><a x="1">2</a><b>1</b><b><c>3</c></b><d>1</d><d>1.5</d><d/></p>\')',
    row('STRUCT<a: ARRAY<STRUCT<_VALUE: BIGINT, _x: BIGINT>>, b: ARRAY<STRING>, d: ARRAY<DOUBLE>>'),
  ],
  ["schema_of_xml('<p><a>1.5</a></p>', map('prefersDecimal', 'true'))", row('STRUCT<a: DECIMAL(2,1)>')],
  ["schema_of_xml('<p><a>1</p>')", row('STRUCT<_corrupt_record: STRING>')],
  ['schema_of_xml(NULL)', condition('DATATYPE_MISMATCH.UNEXPECTED_NULL')],
  [
    "to_xml(named_struct('a', 'x<y>&\"', '_r', 'q\"<', 'c', array(array(1), array(2)), 'd', named_struct('_at', 5, '_VALUE', 'v'), 'e', map('k', 1), 'f', NULL, 'h', '', 'y', X'4142'))",
    element(
      '<ROW r="q&quot;&lt;">',
      '    <a>x&lt;y>&amp;"</a>',
      '    <c>',
      '        <item>1</item>',
      '    </c>',
      '    <c>',
      '        <item>2</item>',
      '    </c>',
      '    <d at="5">v</d>',
      '    <e>',
      '        <k>1</k>',
      '    </e>',
      '    <h></h>',
      '    <y>[41 42]</y>',
      '</ROW>',
    ),
  ],
  ["to_xml(named_struct('a', CAST(NULL AS INT)))", row('<ROW/>')],
  [
    "to_xml(named_struct('a', CAST(NULL AS INT), '_b', CAST(NULL AS INT)), map('nullValue', 'NA', 'rowTag', 'person'))",
    element('<person b="NA">', '    <a>NA</a>', '</person>'),
  ],
  ['to_xml(array(1))', condition('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE')],
])('SELECT %s', async (text, expected) => expect(await ourAnswer(session, `SELECT ${text} AS v`)).toEqual(expected));
