/** What tests look like in a language: by its files' names, and by their lines. */
interface TestLanguage {
  readonly files: RegExp;
  /** A line that declares a test. */
  readonly test: RegExp;
  /** A line that has tests passed over, or all others. */
  readonly skip: RegExp;
  readonly assertion: RegExp;
  /** An assertion that nearly anything meets. */
  readonly loose: RegExp;
}

const NEVER = /(?!)/;

const LANGUAGES: readonly TestLanguage[] = [
  {
    files: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
    test: /^\s*[xf]?(?:it|test|specify|describe|context|suite)(?:\.(?:each|concurrent|failing|skip|skipIf|runIf|only|todo|fixme))*\s*[(`]/,
    skip: /\b(?:it|test|describe|context|suite|specify)(?:\.\w+)*\.(?:skip|skipIf|todo|only|fixme|runIf)\b|^\s*(?:xit|xtest|xdescribe|xcontext|xspecify|fit|fdescribe)\s*[(.`]|\bthis\.skip\(\)|\b(?:t|ctx)\.(?:skip|todo)\(|[{,]\s*(?:skip|todo|only):\s*(?!false\b)/,
    assertion:
      /\bexpect\s*[(.]|\bassert(?:\.\w+)?\s*\(|\.should\b|\bt\.(?:is|deepEqual|true|false|throws)\w*\(/,
    loose:
      /\.toBe(?:Truthy|Defined)\(\)|\.not\.(?:toThrow|toBeNull|toBeUndefined)\(\)|expect\.any(?:thing)?\(|\bexpect\(true\)|\bassert(?:\.ok)?\(true\)/,
  },
  {
    files: /\.pyi?$/,
    test: /^\s*(?:async\s+)?def\s+test\w*\s*\(/,
    skip: /@(?:pytest\.mark\.(?:skip|skipif|xfail)|unittest\.(?:skip\w*|expectedFailure)|skip\w*\b|expectedFailure\b)|\bpytest\.(?:skip|xfail|importorskip)\(|\bself\.skipTest\(|\braise\s+(?:unittest\.)?SkipTest\b|^\s*pytestmark\s*=|^\s*(?:collect_ignore\w*|__test__)\s*=/,
    assertion: /^\s*assert\b|\bself\.assert\w*\(|\bpytest\.raises\(|\.assert_\w+\(/,
    loose:
      /^\s*assert\s+(?:True|1)\s*(?:,|#|$)|\bassertTrue\(True\)|\bassertIsNotNone\(|^\s*assert\s+\S+\s+is\s+not\s+None\s*$/,
  },
  {
    files: /\.go$/,
    test: /^\s*func\s+(?:\([^)]*\)\s*)?(?:Test|Benchmark|Fuzz|Example)\w*\s*\(|\bt\.Run\(/,
    skip: /\b[tb]\.Skip(?:f|Now)?\(|\btesting\.Short\(\)|^\/\/\s?(?:go:build|\+build)\b.*\bignore\b|\b(?:F|P|X)(?:It|Describe|Context)\(/,
    assertion: /\bt\.(?:Error|Fatal|Fail)\w*\(|\b(?:assert|require)\.\w+\(|\b(?:Expect|Ω)\(/,
    loose: /\b(?:assert|require)\.(?:NotNil|True\(t,\s*true)\b/,
  },
  {
    files: /\.rs$/,
    test: /^\s*#\[(?:\w+::)*(?:test|rstest|test_case|bench)\b/,
    skip: /^\s*#!?\[(?:ignore\b|cfg_attr\([^\]]*\bignore\b|should_panic\b|cfg\((?:any\(\)|false|FALSE)\))/,
    assertion: /\b(?:debug_)?assert\w*!\s*[({[]/,
    loose: /\bassert!\s*\(\s*true\b/,
  },
  {
    files: /\.(?:java|kts?|groovy|scala)$/,
    test: /^\s*@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|Property)\b|^\s*(?:fun|def|void)\s+["`'][^"`']+["`']\s*\(|^\s*(?:it|test)\s*\(/,
    skip: /@(?:\w+\.)*(?:Disabled\w*|Ignore[dR]?\w*|EnabledIf\w*|PendingFeature|Requires)\b|\bassume(?:True|False|That|NotNull)?\(|\b(?:enabled\s*=\s*false)|\bxit\(|^\s*ignore\(|\.config\(enabled\s*=\s*false/,
    assertion: /\bassert\w*\s*[({]|\bverify(?:No\w+)?\s*[({]|\bshould\w*\b/,
    loose: /\bassertNotNull\(|\bassertTrue\(\s*true\s*\)|\bisNotNull\(\)/,
  },
  {
    files: /\.(?:cs|fs|vb)$/,
    test: /^\s*\[(?:Fact|Theory|Test|TestCase\w*|TestMethod|DataTestMethod)\b/,
    skip: /\bSkip\s*=\s*"|^\s*\[(?:Ignore|Explicit|Inconclusive)\b|\bAssert\.(?:Ignore|Inconclusive|Skip\w*)\(|\bSkip\.(?:If|IfNot)\(/,
    assertion: /\bAssert\.\w+[(<]|\.Should\(\)|\.ShouldBe\w*\(/,
    loose: /\bAssert\.(?:NotNull|IsNotNull)\(|\bAssert\.(?:IsTrue|True)\(true/,
  },
  {
    files: /\.(?:rb|rake)$/,
    test: /^\s*[xf]?(?:it|specify|scenario|example|test|should)\s*(?:["'(]|do\b|\{)|^\s*def\s+test_\w+/,
    skip: /^\s*(?:xit|xdescribe|xcontext|xspecify|xscenario|fit|fdescribe|fcontext|pending|skip)\b|,\s*:?(?:skip|pending|focus)\b\s*(?:=>|:|do\b|,|$)/,
    assertion: /\bexpect\s*[({]|\bassert\w*[ (]|\brefute\w*[ (]|\.(?:must|wont)_\w+/,
    loose: /\.to\s+be_(?:truthy|present)\b|\.not_to\s+(?:be_nil|raise_error)\b|\bassert\s*\(?true\b/,
  },
  {
    files: /\.(?:php|phpt)$/,
    test: /^\s*(?:public\s+)?function\s+test\w*\s*\(|^\s*(?:#\[Test|\*\s*@test)\b|^\s*(?:it|test)\s*\(/,
    skip: /\bmarkTest(?:Skipped|Incomplete)\(|->(?:skip|todo|only)\(|@(?:requires|group\s+(?:skip|ignore))\b|#\[Requires\w+/,
    assertion: /(?:->|::)assert\w+\(|\bexpect\(|->expect\w*\(/,
    loose: /(?:->|::)assert(?:NotNull\(|True\(\s*true)|\bexpectNotToPerformAssertions\(/,
  },
  {
    files: /\.exs?$/,
    test: /^\s*test\s+"/,
    skip: /@(?:module|describe)?tag\s+:?(?:skip|pending)\b|@(?:module|describe)?tag\s+skip:/,
    assertion: /^\s*(?:assert|refute)\w*\b/,
    loose: /^\s*assert\s+true\b/,
  },
  {
    files: /\.swift$/,
    test: /^\s*func\s+test\w*\s*\(|^\s*@Test\b/,
    skip: /\bXCTSkip\w*\b|\.disabled\(|\bwithKnownIssue\b/,
    assertion: /\bXCT(?:Assert|Fail|Unwrap)\w*\(|#(?:expect|require)\(/,
    loose: /\bXCTAssertNotNil\(|\bXCTAssert(?:True)?\(true/,
  },
  {
    files: /\.dart$/,
    test: /^\s*(?:test|testWidgets|group)\s*\(/,
    skip: /\bskip:\s*(?!false\b)|^\s*@Skip\b|\bmarkTestSkipped\(/,
    assertion: /\bexpect\w*\(/,
    loose: /\bexpect\(true\b|\bisNotNull\b/,
  },
  {
    files: /\.(?:c|cc|cpp|cxx|h|hpp|m|mm)$/,
    test: /^\s*(?:TEST|TEST_[FP]|TYPED_TEST|TEST_CASE|SCENARIO|BOOST_AUTO_TEST_CASE|START_TEST)\s*\(/,
    skip: /\bGTEST_SKIP\(|\bDISABLED_\w+|\bSKIP\(|\*\s*boost::unit_test::disabled\(|"[^"]*\[(?:\.|!mayfail|!shouldfail)\w*\]/,
    assertion: /\b(?:EXPECT|ASSERT|REQUIRE|CHECK|BOOST_(?:TEST|CHECK|REQUIRE))\w*\s*\(|\bassert\s*\(/,
    loose: /\b(?:EXPECT|ASSERT)_TRUE\(\s*true|\b(?:REQUIRE|CHECK)\(\s*true/,
  },
  {
    files: /\.(?:bats|sh)$/,
    test: /^\s*@test\s/,
    skip: /^\s*skip\b/,
    assertion: /^\s*(?:assert\w*|\[\[?)\s/,
    loose: NEVER,
  },
];

/** By its name, as test runners find them; helpers and fixtures among them count too. */
const TEST_FILE =
  /(?:^|\/)(?:__tests__|__snapshots__|tests?|specs?|e2e|cypress|testing|[\w.-]+[._-](?:tests?|specs?)|[\w.-]*Tests?)\/|(?:^|[/._-])(?:test|spec)[._-][^/]*$|[._-](?:tests?|specs?|e2e|it|cy)\.[^/]+$|(?:Tests?|Specs?|IT|TestCase)\.(?:java|kts?|groovy|scala|cs|fs|vb|swift|php)$|\.(?:snap|bats|phpt|feature)$|(?:^|\/)conftest\.py$/;

/** What decides which tests run and when they count. */
const TEST_SETUP =
  /(?:^|\/)(?:(?:jest|vitest|karma|playwright|cypress|wdio|ava|nyc)\.(?:conf|config|preset|setup)\.[^/]+|\.(?:mocharc|nycrc|c8rc|taprc)[^/]*|pytest\.ini|tox\.ini|noxfile\.py|conftest\.py|\.coveragerc|\.rspec|phpunit\.xml[^/]*|nextest\.toml|codecov\.ya?ml|\.codecov\.ya?ml)$/;

/** What decides which checks a pull request gets. */
const WORKFLOW =
  /^(?:\.github\/(?:workflows|actions)\/|\.gitea\/workflows\/|\.forgejo\/workflows\/|\.circleci\/|\.buildkite\/|\.woodpecker(?:\/|\.ya?ml$)|\.gitlab\/ci\/)|(?:^|\/)(?:\.gitlab-ci[^/]*\.ya?ml|\.travis\.ya?ml|azure-pipelines[^/]*\.ya?ml|Jenkinsfile[^/]*|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|appveyor\.ya?ml|cloudbuild\.ya?ml|buildspec\.ya?ml|\.cirrus\.ya?ml)$/;

export const isTestFile = (path: string): boolean => TEST_FILE.test(path);
export const isTestSetup = (path: string): boolean => TEST_SETUP.test(path);
export const isWorkflow = (path: string): boolean => WORKFLOW.test(path);

/** The language of a file's tests, which some keep beside what they test. */
export function testLanguageOf(path: string): TestLanguage | undefined {
  return LANGUAGES.find(({ files }) => files.test(path));
}
