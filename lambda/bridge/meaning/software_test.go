package meaning

import (
	"fmt"
	"testing"
)

// Documents of checks and findings in forms that their specifications have, made here.

func TestBenchmarksOfResults(t *testing.T) {
	result := func(day int, benchmark, one, two string) string {
		return fmt.Sprintf(`<TestResult id="run-%[1]d" start-time="2026-01-%02[1]dT08:00:00" end-time="2026-01-%02[1]dT08:00:00">%[2]s<target>web-01.example.test</target>`+
			`<rule-result idref="r1"><result>%[3]s</result></rule-result><rule-result idref="r2"><result>%[4]s</result></rule-result></TestResult>`, day, benchmark, one, two)
	}
	inside := func(id, result string) string {
		return `<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.1" id="` + id + `"><Rule id="r1"><title>one</title></Rule>` + result + `</Benchmark>`
	}
	// XCCDF 1.1.4 (NISTIR 7275r3), TestResult: "benchmark" has an href alone, and is only needed where the result is outside its benchmark. oscap 1.2 and before leaves it out.
	const a, b = `<benchmark href="a.xml"/>`, `<benchmark href="b.xml"/>`
	results := func(list ...string) []holds { return []holds{on(web, check, "Benchmark Id Result", list...)} }
	wants(t, []row{
		{name: "by reference", docs: texts("", result(5, a, "fail", "pass"), result(6, b, "pass", "notselected")), want: results("a.xml|r1|FAIL", "a.xml|r2|PASS", "b.xml|r1|PASS", "b.xml|r2|NOT_APPLICABLE")},
		{name: "by reference, again", docs: texts("", result(5, a, "fail", "pass"), result(6, a, "pass", "pass")), want: results("a.xml|r1|PASS", "a.xml|r2|PASS")},
		{name: "by what is around", docs: texts("", inside("A", result(5, "", "fail", "pass")), inside("B", result(6, "", "pass", "fail"))), want: results("A|r1|FAIL", "A|r2|PASS", "B|r1|PASS", "B|r2|FAIL")},
		{name: "by what is around, again", docs: texts("", inside("A", result(5, "", "fail", "pass")), inside("A", result(6, "", "pass", "fail"))), want: results("A|r1|PASS", "A|r2|FAIL")},
		{name: "by nothing", docs: texts("", result(5, "", "fail", "pass"), result(6, "", "pass", "fail")), want: results("|r1|PASS", "|r2|FAIL")},
	})
}

// Version 1.0 of SARIF has its results in another form: a tool has no driver, a message is a string, and the file is resultFile.
func TestVersionsOfFindings(t *testing.T) {
	log := func(version, tool, message string) string {
		return `{"$schema":"http://json.schemastore.org/sarif-` + version + `","version":"` + version + `","runs":[{"tool":` + tool + `,"results":[{"ruleId":"A1","message":` + message + `,"level":"error"}]}]}`
	}
	wants(t, []row{
		{name: "sarif 1.0", refused: true, docs: texts(web, log("1.0.0", `{"name":"T"}`, `"m"`))},
		{name: "sarif 2.1 before it was final", docs: texts(web, log("2.1.0-rtm.1", `{"driver":{"name":"T"}}`, `{"text":"m"}`)), want: []holds{on(web, finding, "Product Rule", "T|A1")}},
	})
}
